import json
from dataclasses import replace

import pytest

from netgain.api import StudyResult
from netgain.errors import UnknownNameError
from netgain.experiment.study import Study
from netgain.runs.record import RunStatus
from netgain.stats.rounding import error_in_points, signed


def words(result: StudyResult) -> str:
    return " ".join(result.sentences)


def test_the_verdict_names_everything_it_rests_on(make_result) -> None:
    result = make_result()
    sentence = result.sentences[0]
    assert sentence.startswith("wider against baseline on the 360 test images of digits (5 seeds each): +")
    for part in ("± ", "(test sample)", "(training) percentage points", "95 % interval", "p < 0.0001", "BETTER"):
        assert part in sentence
    assert "Training takes 1.00 ± 0.06 times the baseline's 1.7 s per network." in sentence
    assert "Test images are assumed independent" in words(result)


def test_worse_is_worse(make_result) -> None:
    assert "WORSE" in make_result(baseline=0.95, arm=0.7).sentences[0]


def test_failed_and_diverged_runs_are_told(make_result) -> None:
    result = make_result(statuses=(RunStatus.FAILED, RunStatus.DIVERGED))
    assert "wider: 1 of 5 runs failed (seed 0) and have no scores" in words(result)
    assert "The first failed with: it died." in words(result)
    assert "wider: 1 of 5 runs diverged (seed 1)" in words(result)
    assert result.right("wider").shape == (4, 360)
    assert not result.right("wider")[0].any()


def test_one_network_against_several_is_not_judged(make_result, tmp_path) -> None:
    result = make_result(statuses=(RunStatus.FAILED,) * 4)
    assert result.verdicts == {}
    assert "wider is not judged: one seed with scores, against 5 of the baseline; train" in words(result)
    assert "not judged" in str(result)
    result.report(tmp_path / "page.html")


def test_lecture_and_remarks_stand_beside_ours(make_result) -> None:
    result = make_result()
    study = Study(
        **{**result.study._values(), "lecture": {"wider": 0.9874}, "remarks": lambda r: [f"{len(r.runs)} arms."]}
    )
    told = words(replace(result, study=study))
    assert "wider: lecture 98.74 % — netgain 9" in told
    assert told.endswith("2 arms.")


def test_a_study_without_arms_gives_an_accuracy(make_result, small_recipe) -> None:
    result = make_result()
    alone = replace(result, study=Study("alone", baseline=small_recipe), runs={"baseline": result.runs["baseline"]})
    assert alone.verdicts == {}
    assert alone.sentences[0].startswith("alone on the 360 test images of digits, 5 seeds: accuracy ")
    assert "train accuracy" in str(alone)


def test_printed_table_holds_the_frames_numbers(make_result) -> None:
    result = make_result()
    frame, printed = result.frame(), str(result)
    wider = frame.set_index("arm").loc["wider"]
    errors = {
        name: error_in_points(wider[name] / 100) for name in frame.columns if name.endswith(("_sample", "_training"))
    }
    accuracy = f"{wider['accuracy']:.2f} ± {errors['accuracy_test_sample']} ± {errors['accuracy_training']}"
    assert accuracy in printed
    assert f"{signed(wider['effect'])} ± {errors['effect_test_sample']} ± {errors['effect_training']}" in printed
    assert wider["low_simultaneous"] <= wider["low"] < wider["effect"] < wider["high"] <= wider["high_simultaneous"]
    assert wider["q_exploration"] <= wider["p_adjusted"] + 1e-12


def test_frames(make_result) -> None:
    result = make_result(statuses=(RunStatus.FAILED,))
    assert len(result.frame("runs")) == 10
    curves = result.frame("learning-curves")
    assert set(curves["part"]) == {"train", "test"}
    assert set(curves.query("arm == 'wider'")["seeds"]) == {4}
    assert (curves["lowest"] <= curves["mean"] + 1e-9).all()
    assert (curves["mean"] <= curves["highest"] + 1e-9).all()
    assert list(result.frame("effects")["arm"]) == ["wider"]
    with pytest.raises(UnknownNameError, match="did you mean 'effects'"):
        result.frame("efects")


def test_json_has_no_nan(make_result) -> None:
    result = make_result(statuses=(RunStatus.DIVERGED, RunStatus.FAILED))
    text = json.dumps(result.as_dict(), allow_nan=False)
    assert json.loads(text)["runs"][6]["status"] == "failed"


@pytest.mark.parametrize("seeds", [1, 2])
def test_few_seeds_are_not_a_verdict(make_result, seeds: int) -> None:
    result = make_result(seeds=seeds)
    assert "UNDECIDED" in result.sentences[0]
    assert "needs at least 5 seeds" in result.sentences[0]
    assert "nan" not in str(result)
