import re

import pytest
from benchmarks.__main__ import main
from benchmarks.generator import RECIPES
from benchmarks.growth import slope
from benchmarks.results import RESULTS, Results
from benchmarks.study import EMPTY
from benchmarks.tables import NOT_YET, OTHER_RUNS, study_table
from benchmarks.targets import Target, speed_up, targets
from benchmarks.tasks import TASKS

from benchmarks import page, pictures


def rows_of(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table behind a heading, without its two header lines."""
    lines = text.split(heading)[1].split("\n| ", 1)[1].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[2:]]


def test_a_page_of_nothing_says_so(empty):
    text = page.text(empty)
    assert text.count(f"*{NOT_YET}*") == len(TASKS) + len(RECIPES) + 7 + 2
    assert "$" not in text
    assert {row[-1] for row in rows_of(text, "## What is promised")} == {NOT_YET}


def test_the_page_of_a_sample(sample):
    text = page.text(sample)
    assert f"*{NOT_YET}*" not in text
    assert "2 cores of a processor, Linux" in text
    assert "netgain 0.1, torch 2.13" in text
    assert "2030-01-01 12:00:00" in text
    for table in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        assert len({line.replace("\\|", "").count("|") for line in table.splitlines()}) == 1, table
    first, second = rows_of(text, "### T1")[:2]
    assert first == [f"**{'netgain, two networks at once'}**", "1.15 (1.10 to 1.20)", "1", "97.50 ± 0.29 %", "2 %", "2"]
    assert second[1:3] == ["2.30 (2.20 to 2.40)", "2.00 (2.00 to 2.00)"]
    assert "not the same work: cross-entropy instead of squared error." in text
    assert "10.0 (it is at 99 % after epoch 3)" not in text
    assert "7.50 (it is at 99 % after epoch 3)" in text
    assert "netgain has no recipe of this name" in text


def test_every_figure_comes_from_the_results(sample):
    """With other measurements the same places hold other numbers."""
    before = page.text(sample)
    for name in sample.names("tasks", "T2"):
        for measurement in sample.measurements("tasks", "T2", name):
            measurement["seconds"] *= 7
    assert page.text(sample).split("### T2")[1].split("### T3")[0] != before.split("### T2")[1].split("### T3")[0]
    assert page.text(sample).split("### T3")[1] == before.split("### T3")[1]


def test_a_configuration_left_out_and_a_ratio_of_other_sessions_are_marked(sample):
    sample.forget("study", "dropout", EMPTY)
    sample.add("study", "dropout", EMPTY, {"session": "later", "round": 1, "seconds": 5.0, "mean_accuracies": {"a": 1}})
    assert OTHER_RUNS in study_table(sample)
    sample.forget("tasks", "T4", "Keras on JAX, default")
    sample.leave_out("tasks", "T4", "Keras on JAX, default", "left out, over 300 s")
    assert "| Keras on JAX, default | left out, over 300 s |" in page.text(sample)


def test_targets_compare_with_the_best_of_the_peers(sample):
    found = {target.words: target for target in targets(sample)}
    assert speed_up(sample, "T1", "PyTorch eager, 2 threads") == pytest.approx(3.0)
    assert found["T1: PyTorch eager, its fastest single process, over netgain"].measured == pytest.approx(2.0)
    assert found["T1: PyTorch eager, its fastest single process, over netgain"].met is False
    assert found["T7 with R1: PyTorch, its fastest, over netgain"].measured == pytest.approx(2.0)
    limit = 3_209_216 * 60_000 / (2 * 1.5e11)
    assert found["T2: share of the arithmetic limit"].measured == pytest.approx(100 * limit / 1.15)
    assert found["A study, cache empty: PyTorch eager as people write it, over netgain"].measured == 1.5
    assert found["netgain --help"].met is True
    assert found["Peak memory of a worker on MNIST"].met is True


def test_a_target_has_a_direction():
    assert Target("", 2.0, 1.0, "×").met
    assert Target("", 2.0, 1.0, "s", at_least=False).met is False
    assert Target("", None, 1.0, "s").met is None


def test_slopes_are_those_of_powers():
    assert slope([1, 2, 4, 8], [9.0, 4.0, 16.0, 64.0]) == 2.0


def test_pictures_are_drawn_of_what_is_there(sample, tmp_path):
    pictures.write(sample, tmp_path / "pictures")
    drawn = {path.name: path.stat().st_size for path in (tmp_path / "pictures").iterdir()}
    assert set(drawn) == {"performance-tasks.png", "performance-growth.png"}
    assert all(size > 10_000 for size in drawn.values())


def test_no_pictures_of_nothing(empty, tmp_path):
    pictures.write(empty, tmp_path / "pictures")
    assert not list((tmp_path / "pictures").iterdir())


def test_the_page_is_written_beside_other_results(sample, tmp_path):
    assert main(["page", "--results", str(tmp_path / "performance.json")]) == 0
    assert (tmp_path / "performance.md").read_text(encoding="utf-8") == page.text(sample)


def test_a_trial_does_not_touch_the_project_s_results(capsys):
    assert main(["startup", "--images", "1000"]) == 2
    assert "name another file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["tasks", "--tasks", "T9"])


def test_the_page_of_the_project_is_that_of_its_results():
    assert (RESULTS.parent / "performance.md").read_text(encoding="utf-8") == page.text(Results())
