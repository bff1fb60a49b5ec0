import re

import pytest
from validation.__main__ import DOCS, main
from validation.cells import Cell, stress_cases
from validation.controls import Control
from validation.gap_cells import GapCell, gap_stress_cases
from validation.page import BEGIN, END, replaced
from validation.pictures import write as write_pictures
from validation.planning import PLANS, Planned
from validation.results import GapResults, Results
from validation.run import run_cells, run_gap_cells, run_grid
from validation.tables import markdown


@pytest.fixture(scope="module")
def results():
    cells = [
        Cell((seeds, seeds), 1_000, (tau, tau), effect=e)
        for seeds in (3, 20)
        for tau in (0.0, 0.4)
        for e in (0.0, 0.001)
    ]
    grid, formulas = run_grid(cells, 20)
    gap_cells = [GapCell((seeds, seeds), (1_000, 1_000), 1_000) for seeds in (5, 8, 20)]
    gaps = GapResults(
        grid=run_gap_cells(gap_cells, 20),
        stress=run_gap_cells(gap_stress_cases((1_000,))[:2], 20),
        controls=(Control("two independent gaps", gap_cells[0], "coverage", 0.99, 20, high=0.9),),
    )
    return Results(
        command="python -m validation --toys 20",
        num_toys=20,
        seconds=1.0,
        versions={"netgain": "0.1", "NumPy": "2.0"},
        grid=grid,
        stress=run_cells(stress_cases((1_000,))[:2], 20),
        formulas=formulas,
        controls=(Control("Welch", cells[0], "coverage", 0.95, 20, high=0.87),),
        plans=(Planned("seeds", PLANS[0][1], 18, 0.7, 2000, (10.0, 20.0, float("inf"))),),
        gaps=gaps,
    )


def test_the_page_says_everything(results):
    page = markdown(results)
    assert page.startswith("`python -m validation --toys 20`: 20 toys per cell, 1 seconds; netgain 0.1, NumPy 2.0.")
    assert page.count("| 3 | 1000 |") == 4
    assert page.count("| 5 | 1000 | 1000 | 0.15 | 0.9 | 0.97 | 0 |") == 1
    assert "| B trains on six times the images | 5 | 1000/6000 | 1000 | 0.15 | 0.9 | 0.97 | 0 |" in page
    assert "- Welch: coverage 0.950 must be below 0.87" in page
    assert "- two independent gaps: coverage 0.990 must be below 0.9" in page
    assert "- seeds named: power 0.700 below 0.770" in page
    assert "20 (10 to inf)" in page
    for table in re.findall(r"(?:^\|.*\n?)+", page, re.MULTILINE):
        widths = {line.count("|") for line in table.splitlines()}
        assert len(widths) == 1, f"a row of another length in {table}"


def test_missed_values_stand_out(results):
    limits_missed = [text for text in results.missed + results.known if "outside" in text]
    assert len(re.findall(r"\*\*[\d.-]+\*\*", markdown(results))) == len(limits_missed)


def test_pictures_are_drawn(results, tmp_path):
    write_pictures(results, tmp_path)
    drawn = {path.name for path in tmp_path.iterdir()}
    assert drawn == {"validation-coverage.png", "validation-pulls.png", "validation-variance.png"}
    assert all((tmp_path / name).stat().st_size > 10_000 for name in drawn)


def test_the_text_around_the_generated_part_is_kept():
    assert replaced(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\n\nnew\n\n{END}\nb"
    for broken in ("no markers", f"{BEGIN}", f"{END} {BEGIN}", f"{BEGIN} {BEGIN} {END}"):
        with pytest.raises(ValueError, match="once each, in this order"):
            replaced(broken, "new")


def test_the_page_of_the_project_is_whole():
    text = (DOCS / "validation.md").read_text(encoding="utf-8")
    assert replaced(text, "") != text, "nothing was generated"
    assert text.count("<details>") == text.count("</details>") > 0
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
        assert (DOCS / picture).is_file(), picture


def test_some_cells_are_run_by_their_name(capsys):
    assert main(["--cells", "S=3 n=1000 τ=0.15 ρ=1 Δ=0%", "--toys", "100"]) == 0
    assert capsys.readouterr().out.count("95 %") == 1
    assert main(["--cells", "S=5 N=1000 n=1000 τ=0 κ=0 ρ=1 *", "--toys", "100"]) == 0
    assert capsys.readouterr().out.count("95 %") == 1
    assert main(["--cells", "S=4 "]) == 2
    said = capsys.readouterr().out
    assert "a cell of accuracies reads like 'S=3 n=1000" in said
    assert "one of gaps like 'S=5 N=1000 n=1000" in said
