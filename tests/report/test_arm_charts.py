"""Charts with a row for each arm."""

import pytest

from netgain.report.palette import arm_colours
from netgain.runs.record import RunStatus


@pytest.mark.parametrize("name", ["gaps", "costs"])
def test_arms_keep_their_colours_and_axes_have_units(make_result, name: str) -> None:
    result = make_result()
    spec = result.chart(name).to_dict()
    scales = [layer["encoding"]["color"]["scale"] for layer in spec["layer"] if "color" in layer["encoding"]]
    colours = arm_colours(result)
    assert scales
    assert all(scale == {"domain": list(colours), "range": list(colours.values())} for scale in scales)
    title = spec["layer"][0]["encoding"]["x"]["title"]
    assert {"gaps": "accuracy, %", "costs": "seconds"}[name] in title
    assert "5 networks" in str(spec["title"]) or "360 test images" in str(spec["title"])


def test_gaps_are_the_differences(make_result) -> None:
    for row in make_result(seeds=3).frame("gaps").to_dict("records"):
        assert row["gap"] == pytest.approx(row["train"] - row["test"])
        assert row["low"] < row["gap"] < row["high"]
        assert row["train_items"] == 600


def test_costs_have_a_row_for_each_run_that_has_scores(make_result, tmp_path) -> None:
    result = make_result(statuses=(RunStatus.FAILED,))
    assert list(result.frame("costs")["arm"]) == ["baseline"] * 5 + ["wider"] * 4
    result.chart("costs").save(tmp_path / "costs.svg")
    assert "wider: 1.8 s, 900 weights" in (tmp_path / "costs.svg").read_text()


def test_one_seed_has_no_training_error(make_result, tmp_path) -> None:
    make_result(seeds=1).chart("gaps").save(tmp_path / "gaps.svg")
    assert "± (training)" not in (tmp_path / "gaps.svg").read_text()
