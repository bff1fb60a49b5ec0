"""Measured numbers beside the verdict, over the seeds and on every face, from a task that gives them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netgain as ng
from netgain.report.figures import figure_rows, figure_sentences
from netgain.report.kinds import as_dict, text
from netgain.results.figures import figures_over_seeds
from netgain.tasks.classification.task import Classification
from netgain.tasks.task import YES_OR_NO, Figure


def figure(value: float, **fields: Any) -> Figure:
    usual = {"error": 0.003, "own_error": 0.004, "floor": 0.51, "floor_error": 0.005, "num_items": 360}
    return Figure(value=value, **{**usual, "meaning": "how alike they are", **fields})


def of_a_run(recipe: Any, arrays: Mapping[str, np.ndarray]) -> dict[str, Figure]:
    """Numbers that differ from run to run and are stated by hand; the wider arm has collapsed where it is odd."""
    value = float(arrays["test_scores"][0].argmax()) / 1000
    wider = recipe.network.hidden == (24,)
    remark = "the images are unlike real ones" if wider else ""
    return {
        "AUC": figure(0.9 + value, higher_is_better=False),
        "coverage": figure(0.95 - value, unit="%", higher_is_better=True, remark=remark),
        "collapsed": figure(float(wider), unit=YES_OR_NO, error=0.0, own_error=0.0, floor=0.0, floor_error=0.0),
    }


@pytest.fixture(scope="module")
def result(small_study: ng.Study, here: Any) -> ng.StudyResult:
    return ng.run(small_study, seeds=3, store=None, executor=here)


@pytest.fixture(autouse=True)
def give_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Classification, "figures", lambda _, recipe, data, arrays: of_a_run(recipe, arrays))


def test_over_the_seeds_a_figure_has_both_errors() -> None:
    found = figures_over_seeds([{"a": figure(0.7)}, {"a": figure(0.74)}])["a"]
    assert found.estimate.value == pytest.approx(0.72)
    assert found.estimate.test_sample == pytest.approx(0.003)
    assert found.estimate.training == pytest.approx(0.02)
    assert (found.floor, found.floor_error, found.num_items) == (0.51, 0.005, 360)


def test_one_seed_keeps_its_own_draw_in_the_error() -> None:
    found = figures_over_seeds([{"a": figure(0.7, floor=None, floor_error=None)}])["a"]
    assert (found.estimate.test_sample, found.estimate.training) == (pytest.approx(0.005), None)
    assert (found.floor, found.floor_error) == (None, None)


def test_the_terminal_has_a_table_of_them(result: ng.StudyResult) -> None:
    said = text(result)
    rows = {row.figure: row for row in figure_rows(result) if row.arm == "wider"}
    assert rows["coverage"].floor == "51.00 ± 0.50"
    assert rows["coverage"].value in said
    assert rows["collapsed"].value == "3 of 3"
    assert "AUC: how alike they are." in said


def test_json_and_table_have_plain_values(result: ng.StudyResult) -> None:
    records = {(row["figure"], row["arm"]): row for row in as_dict(result)["measures"]}
    assert len(records) == 6
    of_wider = result.figures("wider")["coverage"].estimate
    row = records["coverage", "wider"]
    assert row["value"] == pytest.approx(100 * of_wider.value)
    assert row["low"] < row["value"] < row["high"]
    assert (row["unit"], row["higher_is_better"], row["items"]) == ("%", True, 360)
    assert list(result.frame("measures")["figure"].unique()) == ["AUC", "coverage", "collapsed"]


def test_sentences_count_collapsed_runs_and_repeat_what_speaks_against_a_number(result: ng.StudyResult) -> None:
    said = list(figure_sentences(result))
    assert any("wider 3 of 3; these runs are in all means." in line for line in said)
    assert "Coverage of 3 of 3 runs of wider: the images are unlike real ones." in said


@pytest.mark.parametrize(
    ("values", "floor", "low", "high"),
    [([0.60, 0.61], 0.5, 0.0, 0.5), ([0.40, 0.41], 0.5, -0.5, 0.0), ([0.49, 0.51], 0.5, -0.3, 0.3)],
)
def test_over_the_floor_with_both_errors(values: list[float], floor: float, low: float, high: float) -> None:
    found = figures_over_seeds([{"a": figure(value, floor=floor)} for value in values])["a"]
    over, own = found.over_floor, found.estimate.interval()
    assert over is not None
    assert low < over.low < over.high < high
    assert (over.low + over.high) / 2 == pytest.approx(np.mean(values) - floor)
    assert over.high - over.low == pytest.approx(np.hypot(own.high - own.low, 2 * 1.959964 * 0.005))
    assert figures_over_seeds([{"a": figure(0.6, floor=None)}])["a"].over_floor is None


def test_what_is_wrong_above_the_floor_is_named_or_said_to_be_open(
    result: ng.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {(12,): 0.62, (24,): 0.50}

    def copies(recipe: Any, _: Any, __: Any) -> dict[str, Figure]:
        told = {"above_floor": "memorisation", "unit": "%", "own_error": 0.0}
        return {"copies": figure(values[recipe.network.hidden], floor=0.51, **told)}

    monkeypatch.setattr(Classification, "figures", lambda _, *given: copies(*given))
    said = "Copies, minus the floor (95 % interval): baseline +9.86 to +12.14 %, memorisation; "
    assert f"{said}wider −2.14 to +0.14 %, memorisation neither shown nor excluded." in list(figure_sentences(result))
    values[24,] = 0.40
    assert any("wider −12.14 to −9.86 %, no memorisation seen." in line for line in figure_sentences(result))


def test_page_and_notebook_have_the_table(result: ng.StudyResult, tmp_path: Path) -> None:
    result.report(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert page.count('data-label="floor"') == 6
    assert "Figures beside the accuracy" in page
    assert "higher is better" in result._repr_html_()


def test_a_task_without_figures_has_no_table(result: ng.StudyResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Classification, "figures", lambda *_: {})
    assert "measures" not in as_dict(result)
    assert figure_rows(result) == []
    assert "floor" not in text(result)
