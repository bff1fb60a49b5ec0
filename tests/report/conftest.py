"""Results made by hand: what a report shows does not depend on how the networks were trained."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from netgain.api import StudyResult
from netgain.data import load_dataset
from netgain.experiment.study import Study
from netgain.runs.record import RunResult, RunStatus

Making = Callable[..., StudyResult]


def a_run(seed: int, accuracy: float, status: RunStatus = RunStatus.FINISHED, epochs: int = 12) -> RunResult:
    labels, generator = load_dataset("digits").y_test, np.random.default_rng([seed, int(1000 * accuracy)])
    if status is RunStatus.FAILED:
        return RunResult(
            recipe_digest="a", seed=seed, dataset_digest="b", engine_version="1", status=status, failure="it died"
        )
    answers = np.where(generator.random(len(labels)) < accuracy, labels, (labels + 1) % 10)
    scores = np.eye(10, dtype=np.float32)[answers]
    rising = [accuracy * (1 - 0.5**epoch) for epoch in range(1, epochs + 1)]
    history = {"train": {"loss": rising[::-1], "accuracy": rising}, "test": {"accuracy": rising}}
    if status is RunStatus.DIVERGED:
        history["train"]["loss"][-1] = float("nan")
        scores[:] = np.nan
        answers = labels + 1
    return RunResult(
        recipe_digest="a", seed=seed, dataset_digest="b", engine_version="1", status=status, history=history,
        right=answers == labels, num_parameters=900,
        arrays={
            "test_scores": scores, "train_right": np.ones(600, bool),
            "train_log_odds": generator.normal(4, 2, 600).astype(np.float32),
        },
        compile_seconds=0.5, run_seconds=1.5 + 0.1 * seed, best_epoch=epochs, versions={"jax": "1"},
        machine={"processor": "P", "cores": 2},
    )  # fmt: skip


@pytest.fixture
def make_result(small_study: Study) -> Making:
    """A function that makes the result of a study: `(seeds, baseline accuracy, arm accuracy, statuses)`."""

    def make(
        seeds: int = 5, baseline: float = 0.7, arm: float = 0.95, statuses: tuple[RunStatus, ...] = ()
    ) -> StudyResult:
        def runs(accuracy: float, ended: tuple[RunStatus, ...]) -> list[RunResult]:
            padded = [*ended, *[RunStatus.FINISHED] * (seeds - len(ended))]
            return [a_run(seed, accuracy, status) for seed, status in enumerate(padded)]

        return StudyResult(
            study=small_study, data=load_dataset("digits"), num_trained=0, seconds=0.0,
            runs={"baseline": runs(baseline, ()), "wider": runs(arm, statuses)},
        )  # fmt: skip

    return make
