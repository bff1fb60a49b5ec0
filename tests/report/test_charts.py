import pytest

from netgain.errors import UnknownNameError
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


def test_effects_show_every_arm_and_the_margin(make_result) -> None:
    result = make_result()
    spec = result.chart("effects").to_dict()
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert any(row.get("verdict") == "BETTER" for row in rows)
    margin = 100 * result.study.delta
    assert {"from": -margin, "to": margin} in [
        value for layer in spec["layer"] for value in layer.get("data", {}).get("values", [])
    ]


def test_charts_become_pictures(make_result, tmp_path) -> None:
    for name in ("learning-curves", "effects"):
        make_result().chart(name).save(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_unknown_chart(make_result) -> None:
    with pytest.raises(UnknownNameError, match="learning-curves"):
        make_result().chart("learning curves")
