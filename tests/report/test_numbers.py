"""A study whose items are numbers and whose runs keep nothing but what is right: words, tables, charts and page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple, final

import numpy as np
import pytest

from netgain.api import StudyResult
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import Study
from netgain.report.page import render
from netgain.runs.record import History, RunResult, RunStatus
from netgain.tasks.task import Evaluation, Measure, Metrics, Outcome, Task


class Numbers(NamedTuple):
    """Data that is no Dataset."""

    name: str = "even numbers"
    digest: str = "0123456789abcdef"
    num_test: int = 400
    test_groups: None = None


@final
class Threshold(AbstractRecipe):
    """Nothing that a recipe of images has."""

    task: ClassVar[str] = "threshold"
    trained_by: ClassVar[str] = f"{__name__}:ThresholdTask"

    steps: int = 3

    @property
    def num_epochs(self) -> int:
        return self.steps


@final
class ThresholdTask(Task):
    measure: ClassVar[Measure] = Measure(name="hit rate", item="number")

    def load(self, recipe: Any) -> Numbers:
        return Numbers()

    def init(self, recipe: Any, data: Any, seed: int, compiled: Any) -> Any:
        raise NotImplementedError

    def epoch(self, state: Any) -> tuple[Any, Metrics]:
        raise NotImplementedError

    def evaluate(self, state: Any, part: str) -> Evaluation | None:
        raise NotImplementedError

    def judge(self, state: Any, answers: Any) -> Outcome:
        raise NotImplementedError


HISTORY: History = {
    "train": {"loss": [3.0, 2.0, -1.0], "distance": [0.5, 0.2, 0.0]},
    "test": {"hit rate": [0.1, 0.5, 0.8]},
}


def runs(fraction: float, history: History = HISTORY) -> list[RunResult]:
    return [
        RunResult(
            recipe_digest="a", seed=seed, dataset_digest="b", engine_version="3", status=RunStatus.FINISHED,
            history=history, right=np.random.default_rng([seed, int(1000 * fraction)]).random(400) < fraction,
            num_parameters=1, run_seconds=0.5, versions={"numpy": "2"},
        )
        for seed in range(5)
    ]  # fmt: skip


@pytest.fixture
def result() -> StudyResult:
    study = Study(
        "numbers", question="Do more steps help?", baseline=Threshold(), arms={"longer": Threshold(steps=9)},
        claims={"longer": "better"}, lecture={"baseline": 0.5},
    )  # fmt: skip
    arms = {"baseline": runs(0.5), "longer": runs(0.9)}
    return StudyResult(study=study, data=Numbers(), runs=arms, num_trained=0, seconds=0.0)


def test_what_is_said_is_of_numbers(result: StudyResult) -> None:
    said = " ".join(result.sentences)
    assert said.startswith("longer against baseline on the 400 numbers of even numbers (5 seeds each): +")
    assert "claim that longer is better than the baseline holds" in said
    assert "hit rate" in str(result)
    for words in (said, str(result)):
        assert "image" not in words
        assert "accuracy" not in words
        assert "Overtraining" not in words


def test_a_study_without_arms_has_no_column_for_what_was_not_kept(result: StudyResult) -> None:
    study = result.study.with_arms({})
    alone = replace(result, study=study, runs={"baseline": result.runs["baseline"]})
    assert alone.sentences[0].startswith("numbers on the 400 numbers of even numbers, 5 seeds: hit rate ")
    assert "test hit rate" in str(alone)
    assert "train hit rate" not in str(alone)


def test_the_page_shows_what_there_is(result: StudyResult) -> None:
    page = render([result], {"numbers": "python numbers.py"})
    for words in (
        "BETTER", "Learning curves", "Hit rate while training", "Distance curves", "Hit rate and verdicts", "Cost",
        "How to reproduce", "python numbers.py", "steps = 9", "test hit rate, %", "numpy 2",
        "The test numbers decide nothing",
    ):  # fmt: skip
        assert words in page, words
    for words in ("Score distributions", "Confusion", "Digits", "Wrong", "Overtraining", "test image", "Loss curves"):
        assert words not in page, words
    assert "accuracy" not in page.partition("</style>")[2]


def test_loss_curves_are_shown_where_there_is_nothing_else(result: StudyResult) -> None:
    arms = {name: runs(0.5, {"train": {"loss": [3.0, 2.0]}}) for name in result.runs}
    page = render([replace(result, runs=arms)])
    assert "Loss curves" in page
    assert "Learning curves" not in page
    arms = {name: runs(0.5, {}) for name in result.runs}
    assert "No network has a history to draw." in render([replace(result, runs=arms)])


def test_a_loss_below_zero_has_no_log_scale(result: StudyResult) -> None:
    scales = [layer["encoding"]["y"]["scale"] for layer in result.chart("loss-curves").to_dict()["layer"]]
    assert all("type" not in scale for scale in scales)


CHARTS = ["learning-curves", "loss-curves", "distance-curves", "accuracies", "effects", "costs"]


@pytest.mark.parametrize("name", CHARTS)
def test_charts_name_the_measure(result: StudyResult, name: str) -> None:
    spec = result.chart(name).to_json()
    assert not result.frame(name).empty
    assert "test image" not in spec
    assert "accuracy, %" not in spec
    words = {"learning-curves": "hit rate, %", "distance-curves": "distance", "effects": "change of the test hit rate"}
    assert words.get(name, "") in spec


def test_tables_and_json(result: StudyResult) -> None:
    assert result.frame("gaps").empty
    assert result.frame("accuracies")["train"].tolist() == [None, None]
    values = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    assert values["dataset"] == {"name": "even numbers", "test_images": 400, "digest": "0123456789abcdef"}
    assert values["runs"][0]["history"] == HISTORY
    assert values["runs"][0]["train_accuracy"] is None


def test_a_claim_on_the_gap_is_left_out(result: StudyResult) -> None:
    study = Study(**{**result.study._values(), "claims": {"longer": "smaller gap"}})
    assert "claim" not in " ".join(replace(result, study=study).sentences)


def test_training_answers_without_images_make_a_gap_and_nothing_more(result: StudyResult) -> None:
    def learnt(run: RunResult) -> RunResult:
        return replace(run, arrays={"train_right": np.arange(100) > 2})

    kept = replace(result, runs={name: [learnt(run) for run in arm] for name, arm in result.runs.items()})
    gap = "gap: hit rate on training numbers minus hit rate on test numbers): baseline +"
    assert gap in " ".join(kept.sentences)
    page = render([kept])
    assert "Overtraining" in page
    assert "seen in training" in page
    assert "image" not in re.sub(r"<style>.*?</style>|<svg .*?</svg>", "", page, flags=re.S)
