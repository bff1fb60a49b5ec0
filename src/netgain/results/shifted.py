"""Runs judged on shifted test images: the same networks, asked about images that differ by declared amounts."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from netgain.data import Dataset
from netgain.data.items import Items
from netgain.data.shifts import SHIFTS_VERSION, Shift, each_by_its_own
from netgain.engine.setup import not_imported, prepare_jax
from netgain.experiment.measurement import Measurement
from netgain.experiment.study import Study
from netgain.results.answers import check_can_answer, scorers
from netgain.results.measured import measured
from netgain.results.study_result import UNSHIFTED
from netgain.runs.execute.options import Means
from netgain.runs.execute.train_all import Runs
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey
from netgain.tasks.classification.judging import right_answers


def on_shifted_images(study: Study, runs: Runs, data: Items, means: Means) -> tuple[Runs, Items]:
    """The runs and the data of a study with shifts: every test image shifted by amounts of its own.

    The runs' answers and scores are those to the shifted images, asked now where the store lacks them; which of the
    images they had right as they are is kept as the array :data:`netgain.results.study_result.UNSHIFTED`. What was
    kept of training images, and the history of the test part, are of other images and are left out. Without shifts,
    runs and data are as they were.

    Raises:
        RecipeError: where an arm has no network that can be asked.
        StoreError: where the store cannot be read.
    """
    if not study.shifts:
        return runs, data
    check_can_answer(study.recipes)
    assert isinstance(data, Dataset), "what classifies images is judged on a dataset"
    with not_imported("sklearn"):
        prepare_jax()
    images = each_by_its_own(data.x_test, study.shifts)
    scores = measured(_scores_on(images, study.shifts), runs, study.recipes, data, means)
    labels = data.y_test
    shifted = {name: [_judged(run, scores, labels) for run in of_arm] for name, of_arm in runs.items()}
    return shifted, with_test_images(data, images)


def with_test_images(data: Dataset, images: np.ndarray) -> Dataset:
    """The dataset with other test images uint8 `[n, H, W, C]` of the same labels; all else is as it was."""
    return Dataset(
        data.x_train,
        data.y_train,
        images,
        data.y_test,
        x_validation=data.x_validation,
        y_validation=data.y_validation,
        class_names=data.class_names,
        test_groups=data.test_groups,
        name=data.name,
        value_range=(0, 255),
        digit_box=data.digit_box,
    )


def measurement_name(kind: str, shifts: Sequence[Shift], *more: object) -> str:
    """Under which name the store keeps what was measured with these shifts, in this order; at most 32 characters."""
    content = repr((SHIFTS_VERSION, [str(shift) for shift in shifts], more))
    return f"{kind}-{hashlib.sha256(content.encode()).hexdigest()[:20]}"


def _scores_on(images: np.ndarray, shifts: Sequence[Shift]) -> Measurement:
    def scores(runs: Sequence[tuple[Any, Any]], dataset: Dataset) -> list[np.ndarray]:
        return [scores_of(images) for scores_of in scorers(runs, dataset)]

    return Measurement(measurement_name("shifted", shifts), scores)


def _judged(run: RunResult, scores: dict[RunKey, np.ndarray], labels: np.ndarray) -> RunResult:
    if run.status is RunStatus.FAILED:
        return run
    given = scores[RunKey.of(run)]
    history = {part: values for part, values in run.history.items() if part != "test"}
    arrays = {"test_scores": given, UNSHIFTED: run.right}
    return dataclasses.replace(run, right=right_answers(given, labels), arrays=arrays, history=history)
