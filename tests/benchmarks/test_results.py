import json

import pytest
from benchmarks.results import Results, accuracies, mean_and_error, numbers, ratios
from benchmarks.session import Session


def test_a_network_trained_again_counts_once() -> None:
    once = {"seeds": [2, 3], "accuracies": [0.97, 0.98]}
    assert accuracies([once, once]) == accuracies([once]) == [0.97, 0.98]
    assert accuracies([once, {"seeds": [4], "accuracies": [0.97]}]) == [0.97, 0.98, 0.97]


def measured(seconds: float, session: str = "a", round_number: int = 1) -> dict[str, object]:
    return {"session": session, "round": round_number, "seconds": seconds}


def test_every_measurement_is_on_disk_at_once(tmp_path):
    path = tmp_path / "performance.json"
    results = Results(path)
    results.add("tasks", "T1", "peer", measured(1.0))
    assert Results(path).measurements("tasks", "T1", "peer") == [measured(1.0)]
    results.leave_out("tasks", "T1", "slow", "left out, over 300 s")
    assert Results(path).left_out("tasks", "T1", "slow") == "left out, over 300 s"
    results.add("tasks", "T1", "slow", measured(2.0))
    assert Results(path).left_out("tasks", "T1", "slow") == ""
    assert json.loads(path.read_text())["tasks"]["T1"]["slow"]["repeats"] == [measured(2.0)]


def test_notes_are_merged(empty):
    empty.note("versions", {"netgain": "1"})
    empty.note("versions", {"torch": "2"})
    assert empty.data["versions"] == {"netgain": "1", "torch": "2"}


def test_ratios_are_taken_within_a_round():
    reference = [measured(1.0), measured(2.0, round_number=2), measured(9.0, "b")]
    assert ratios([measured(3.0), measured(8.0, round_number=2)], reference) == ([3.0, 4.0], True)
    assert ratios([measured(6.0, "c"), measured(8.0, "c", 2)], reference) == ([3.5], False)
    assert ratios([], reference) == ([], True)


def test_numbers_and_their_mean():
    assert numbers([{"x": 1.0}, {"x": 3.0}, {}], "x") == [1.0, 3.0]
    assert mean_and_error([1.0, 2.0, 3.0]) == pytest.approx((2.0, 1 / 3**0.5))


def test_a_session_goes_on_where_another_stopped(empty):
    empty.add("tasks", "T1", "half", measured(1.0))
    empty.leave_out("tasks", "T1", "slow", "left out, over 300 s")
    empty.leave_out("tasks", "T1", "new", "failed: no memory")
    names = ["half", "slow", "new"]
    assert Session(empty, 3).prepare("tasks", "T1", names) == {"half": 2, "slow": 0, "new": 3}
    assert Session(empty, 3, only="ne").prepare("tasks", "T1", names) == {"new": 3}
    assert Session(empty, 3, again=True).prepare("tasks", "T1", names) == {"half": 3, "slow": 3, "new": 3}
