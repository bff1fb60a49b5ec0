from dataclasses import replace
from itertools import pairwise

import pytest

from netgain.errors import UnknownNameError
from netgain.report.curves import spread
from netgain.report.palette import arm_colours
from netgain.runs.record import RunStatus


def test_curves_have_one_colour_an_arm_and_their_units(make_result) -> None:
    spec = make_result().chart().to_dict()
    encodings = [layer["encoding"] for layer in spec["layer"]]
    assert {encoding["color"]["scale"]["range"][0] for encoding in encodings} == {"#0072B2"}
    assert all(encoding["y"]["title"] == "accuracy, %" for encoding in encodings)
    assert "5 seeds" in spec["title"]["subtitle"][0]


def test_curves_of_runs_that_stopped_at_different_epochs_and_failed(make_result) -> None:
    result = make_result(statuses=(RunStatus.FAILED, RunStatus.DIVERGED))
    assert "4 to 5 seeds" in result.chart("learning-curves").to_dict()["title"]["subtitle"][0]


def test_more_than_two_arms_get_a_panel_each_and_lines_their_names(make_result) -> None:
    result = make_result()
    arms = {**result.study.arms, "third": result.study.baseline.change("epochs", 33)}
    many = replace(result, study=result.study.with_arms(arms), runs={**result.runs, "third": result.runs["wider"]})
    spec = many.chart("learning-curves").to_dict()
    assert [panel["title"]["text"] for panel in spec["concat"]] == ["baseline", "wider", "third"]
    assert [panel["title"]["color"] for panel in spec["concat"]] == list(arm_colours(many).values())
    names = {row["name"] for rows in spec["datasets"].values() for row in rows if "name" in row}
    assert names == {"train", "test"}
    assert "legend" not in {name for panel in spec["concat"] for name in panel}
    assert len(spec["concat"][1]["layer"]) == len(spec["concat"][0]["layer"]) + 1  # what it is compared with


def test_names_of_lines_that_end_together_do_not_meet() -> None:
    places = sorted(spread([0.5, 0.5, 0.51, 0.9], 0.1))
    assert all(later - earlier >= 0.1 - 1e-9 for earlier, later in pairwise(places))
    assert spread([0.2, 0.8], 0.1) == [0.2, 0.8]


@pytest.mark.parametrize("name", ["accuracies", "gaps", "costs"])
def test_every_mean_has_a_dot_for_each_network(make_result, name: str) -> None:
    result = make_result()
    dots = [layer for layer in result.chart(name).to_dict()["layer"] if layer["mark"]["type"] == "circle"]
    shown = [rows for rows in result.chart(name).to_dict()["datasets"].values() if "seed" in rows[0]]
    assert dots
    assert all({(row["arm"], row["seed"]) for row in rows} == {(arm, seed) for arm in result.runs for seed in range(5)}
               for rows in shown)  # fmt: skip


def test_effects_show_every_arm_and_the_margin(make_result) -> None:
    result = make_result()
    spec = result.chart("effects").to_dict()
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert any(row.get("verdict") == "BETTER" for row in rows)
    assert any(row.get("zone_low") == -100 * result.study.delta for row in rows)


def test_charts_become_pictures(make_result, tmp_path) -> None:
    for name in ("learning-curves", "effects"):
        make_result().chart(name).save(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_unknown_chart(make_result) -> None:
    with pytest.raises(UnknownNameError, match="learning-curves"):
        make_result().chart("learning curves")
