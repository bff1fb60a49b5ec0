"""Studies on shifted test images: the same networks, other images, and both verdicts beside each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

import netgain as ng
from netgain.data.shifts import as_shifts, each_by_its_own
from netgain.results.run import run
from netgain.results.stored import open_existing, stored
from netgain.results.study_result import UNSHIFTED, StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.record import RunStatus
from netgain.stats import Survival, survival

ROTATED = ("rotation=N(0,25)", "noise=U(0,30)")


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shifted") / "runs.db"


@pytest.fixture(scope="module")
def plain(small_study: ng.Study, where: Path, here: Executor) -> StudyResult:
    return run(small_study, 5, RunOptions(store=where, executor=here))


@pytest.fixture(scope="module")
def shifted(small_study: ng.Study, plain: StudyResult, where: Path, here: Executor) -> StudyResult:
    return run(small_study.shifted(*ROTATED), 5, RunOptions(store=where, executor=here))


def test_the_networks_are_those_without_the_shift(plain: StudyResult, shifted: StudyResult) -> None:
    assert (plain.num_trained, shifted.num_trained) == (10, 0)
    for name, runs in plain.runs.items():
        for before, after in zip(runs, shifted.runs[name], strict=True):
            np.testing.assert_array_equal(after.arrays[UNSHIFTED], before.right)


def test_they_are_judged_on_shifted_images(plain: StudyResult, shifted: StudyResult, where: Path) -> None:
    images = each_by_its_own(plain.dataset.x_test, as_shifts(ROTATED))
    np.testing.assert_array_equal(shifted.dataset.x_test, images)
    network = ng.open_network(ng.model_of(plain.runs["wider"][2], where))
    scores = ng.score(network, images)
    np.testing.assert_allclose(shifted.runs["wider"][2].test_scores, scores, atol=1e-5)
    np.testing.assert_array_equal(shifted.right("wider")[2], scores.argmax(axis=1) == plain.dataset.y_test)
    assert shifted.accuracies["baseline"].value < plain.accuracies["baseline"].value - 0.1


def test_the_verdict_without_the_shift_stands_beside_it(plain: StudyResult, shifted: StudyResult) -> None:
    before, after = shifted.verdicts_without_shift["wider"], shifted.verdicts["wider"]
    assert before.difference.effect == plain.verdicts["wider"].difference.effect
    assert before.outcome is plain.verdicts["wider"].outcome
    assert after.difference.effect != before.difference.effect
    assert survival(before, after) in Survival
    assert plain.verdicts_without_shift == {}


def test_nothing_is_left_that_is_about_other_images(shifted: StudyResult) -> None:
    for part in ("train", "validation"):
        with pytest.raises(ng.NetgainError, match="kept no answers|no validation part|not shifted"):
            shifted.right("wider", part)
    assert all("test" not in run.history for run in shifted.runs["wider"])
    assert shifted.gap_verdicts == {}
    assert "shifted by rotation=N(0,25), noise=U(0,30)" in shifted.items


def test_what_was_asked_is_kept_under_the_shift(
    small_study: ng.Study, shifted: StudyResult, where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr("netgain.results.shifted.scorers", never)
    store = open_existing(where)
    again = stored(small_study.shifted(*ROTATED), store)
    np.testing.assert_array_equal(again.right("wider"), shifted.right("wider"))
    for other in (["noise=U(0,30)"], ["rotation=N(0,25.0000001)", "noise=U(0,30)"], [*reversed(ROTATED)]):
        with pytest.raises(AssertionError, match="asked again"):
            stored(small_study.shifted(*other), store)


def test_a_shift_that_changes_nothing_changes_no_answer(small_study: ng.Study, plain: StudyResult, where: Path) -> None:
    same = stored(small_study.shifted("rotation=0", "contrast=1"), open_existing(where))
    np.testing.assert_array_equal(same.right("wider"), plain.right("wider"))


def test_networks_that_are_not_in_a_store_are_asked_too(small_study: ng.Study, here: Executor) -> None:
    result = run(small_study.with_arms({}).shifted("blur=1"), 1, RunOptions(store=None, executor=here))
    assert result.right("baseline").shape == (1, 360)


def test_until_known_is_refused(small_study: ng.Study) -> None:
    with pytest.raises(ng.NetgainError, match="one set of test images"):
        run(small_study.shifted("blur=1"), "until-known", RunOptions(store=None))


def test_what_keeps_no_network_is_refused_before_anything_is_trained(small_recipe: ng.Recipe) -> None:
    machine = ng.SVM(dataset="digits", train_size=100)
    study = ng.Study("both", baseline=small_recipe, arms={"svm": machine}).shifted("blur=1")
    with pytest.raises(ng.NetgainError, match="'svm' is of the task 'svm', which keeps no network"):
        run(study, 1, RunOptions(store=None))


def test_a_diverged_network_counts_with_the_answers_it_gives(small_recipe: ng.Recipe, here: Executor) -> None:
    wild = small_recipe.change("optimizer.learning_rate", 1e38)
    study = ng.Study("wild", baseline=small_recipe, arms={"wild": wild}).shifted("blur=1")
    result = run(study, 2, RunOptions(store=None, executor=here))
    assert {one.status for one in result.runs["wild"]} == {RunStatus.DIVERGED}
    assert not result.right("wild").any()


def test_the_report_names_the_shift_and_both_verdicts(shifted: StudyResult, tmp_path: Path) -> None:
    from netgain.api import shown

    result = shown(shifted)
    words = "with rotation=N(0,25), noise=U(0,30)"
    both = f"points without the shift, {shifted.verdicts['wider'].outcome}"
    said = " ".join(str(result).split())
    assert words in said
    assert said.count(both) == 1
    assert any(both in sentence for sentence in result.sentences)
    result.report(tmp_path / "shifted.html")
    page = (tmp_path / "shifted.html").read_text()
    assert "shifted by rotation=N(0,25), noise=U(0,30)" in page
    assert page.count(both) == 1
    values = result.as_dict()
    assert values["shifts"] == [*ROTATED]
    assert values["without_shift"]["wider"]["verdict"] == shifted.verdicts_without_shift["wider"].outcome.value


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda study: study.shifted(), "at least one shift"),
        (lambda study: study.shifted("rotaton=3"), "did you mean 'rotation'"),
        (lambda study: study.shifted("scale=0"), "from 0.05 to 20"),
        (lambda study: study.shifted("blur=1", "blur=2"), "blur twice"),
        (lambda study: ng.Study("s", baseline=study.baseline, lecture={"baseline": 0.9}, shifts=["blur=1"]),
         r"use study\.shifted"),
    ],
)  # fmt: skip
def test_wrong_shifts_are_refused(small_study: ng.Study, make: Callable[[ng.Study], ng.Study], says: str) -> None:
    with pytest.raises(ng.NetgainError, match=says):
        make(small_study)


def test_a_shifted_study_leaves_out_what_is_about_the_images_as_they_are(small_study: ng.Study) -> None:
    study = ng.Study(
        "s", baseline=small_study.baseline, arms=small_study.arms, lecture={"baseline": 0.9}, claims={"wider": "better"}
    ).shifted("blur=1")
    assert (study.lecture, study.claims, study.shift_in_words) == ({}, {}, "blur=1")
    assert study.with_arms({}).shifts == study.shifts
