"""More questions to a study's result: each analysis gives an object with a table, most with a chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from netgain.errors import StatisticsError, UnknownNameError
from netgain.experiment.recipe import DatasetRecipe
from netgain.experiment.study import BASELINE
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import (
    Calibration,
    ChangedImages,
    Check,
    ConformalSets,
    Confusion,
    Ensemble,
    ImageErrors,
    Overtraining,
    Roc,
    ScoreDistributions,
    SuspectedLabels,
    Temperature,
    calibration,
    changed_images,
    conformal_sets,
    confusion,
    ensemble,
    image_errors,
    overtraining,
    right_class_log_odds,
    roc,
    score_distributions,
    suspected_labels,
    temperature,
)


def analyse(result: StudyResult, name: str, arm: str | None = None) -> Any:
    """The analysis of that name, of one arm; by default of the study's first arm, or of its baseline.

    Raises:
        UnknownNameError: for a name or an arm that is not there.
        StatisticsError: where the runs lack what it needs, such as a validation part.
    """
    if name not in ANALYSES:
        raise UnknownNameError("analysis", name, ANALYSES)
    chosen = arm if arm is not None else next(iter(result.study.arms), BASELINE)
    if chosen not in result.runs:
        raise UnknownNameError("arm", chosen, result.runs)
    return ANALYSES[name](result, chosen)


def overtraining_of(result: StudyResult, arm: str) -> Overtraining:
    """The gap between the accuracies on training and test images."""
    return overtraining(result.right(arm, "train"), result.right(arm), result.data.test_groups)


def score_distributions_of(result: StudyResult, arm: str) -> ScoreDistributions:
    """The log-odds of the right class on training and on test images, class by class."""
    runs = _scored(result, arm)
    if not all("train_log_odds" in run.arrays for run in runs):
        raise StatisticsError(f"the runs of {arm!r} keep no answers on the training images to compare with")
    train_labels = _recipe(result, arm).parts_of(result.dataset).y_train
    test_odds = right_class_log_odds(_test_scores(runs), result.dataset.y_test)
    train_odds = np.stack([run.arrays["train_log_odds"] for run in runs])
    return score_distributions(train_odds, train_labels, test_odds, result.dataset.y_test)


def calibration_of(result: StudyResult, arm: str) -> Calibration:
    """Whether the scores are probabilities: reliability and expected calibration error."""
    # The null band is drawn at random; the same result gives the same band.
    return calibration(_probabilities(result, arm), result.dataset.y_test, generator=np.random.default_rng(0))


def temperature_of(result: StudyResult, arm: str) -> Temperature:
    """The one number that corrects the confidence, fitted on the validation part."""
    return temperature(*_validation(result, arm), _probabilities(result, arm), result.dataset.y_test)


def conformal_sets_of(result: StudyResult, arm: str) -> ConformalSets:
    """Sets of classes that contain the right class as often as the networks are right: α is the error rate."""
    error_rate = min(0.5, max(0.001, 1 - result.accuracies[arm].value))
    return conformal_sets(*_validation(result, arm), _probabilities(result, arm), result.dataset.y_test, error_rate)


def confusion_of(result: StudyResult, arm: str) -> Confusion:
    """Which classes are taken for which other classes."""
    answers = _test_scores(_scored(result, arm)).argmax(axis=2)
    return confusion(answers, result.dataset.y_test, result.dataset.num_classes)


def roc_of(result: StudyResult, arm: str) -> Roc:
    """Each class against the rest: true positives against false ones."""
    return roc(_probabilities(result, arm), result.dataset.y_test)


def ensemble_of(result: StudyResult, arm: str) -> Ensemble:
    """The seeds' networks together as one."""
    return ensemble(_probabilities(result, arm), result.dataset.y_test)


def image_errors_of(result: StudyResult, arm: str) -> ImageErrors:
    """How many of the networks get each test image wrong."""
    return image_errors(result.right(arm))


def changed_images_of(result: StudyResult, arm: str) -> ChangedImages:
    """The test images that an arm fixes and breaks, stably over the seeds."""
    if arm == BASELINE:
        raise StatisticsError("the baseline is what the arms are compared with; name an arm")
    return changed_images(result.right(result.study.other(arm)), result.right(arm))


def suspected_labels_of(result: StudyResult, arm: str) -> SuspectedLabels:
    """The test images on which confident networks of all recipes agree against the label."""
    del arm  # it is a question to all of them together
    scores = {name: _probabilities(result, name) for name in result.runs}
    return suspected_labels(scores, result.dataset.y_test)


def check_of(result: StudyResult, arm: str) -> Check:
    """The checks of an arm of a study that ran until it was known."""
    if arm not in result.checks:
        raise StatisticsError(f"{arm!r} was not checked step by step; run the study with seeds='until-known'")
    return result.checks[arm]


ANALYSES: dict[str, Callable[[StudyResult, str], Any]] = {
    "calibration": calibration_of,
    "changed-images": changed_images_of,
    "conformal-sets": conformal_sets_of,
    "confusion": confusion_of,
    "ensemble": ensemble_of,
    "image-errors": image_errors_of,
    "checks": check_of,
    "overtraining": overtraining_of,
    "roc": roc_of,
    "score-distributions": score_distributions_of,
    "suspected-labels": suspected_labels_of,
    "temperature": temperature_of,
}


def _scored(result: StudyResult, arm: str) -> list[RunResult]:
    """The runs whose scores are numbers: a diverged network gives none to analyse.

    Raises:
        StatisticsError: where no run has scores of classes.
    """
    _check_classifies(result, arm)
    runs = [run for run in result.judged(arm) if run.status is not RunStatus.DIVERGED]
    if not runs:
        raise StatisticsError(f"every run of {arm!r} failed or diverged; there are no scores to analyse")
    return runs


def _recipe(result: StudyResult, arm: str) -> DatasetRecipe:
    """The recipe of an arm that classifies images.

    Raises:
        StatisticsError: for another.
    """
    _check_classifies(result, arm)
    recipe = result.study.recipes[arm]
    assert isinstance(recipe, DatasetRecipe)
    return recipe


def _check_classifies(result: StudyResult, arm: str) -> None:
    recipe = result.study.recipes[arm]
    if not isinstance(recipe, DatasetRecipe):
        raise StatisticsError(
            f"the recipe of {arm!r} is of the task {recipe.task!r}, which gives no scores of classes: this analysis is "
            f"for classifiers of images"
        )


def _test_scores(runs: list[RunResult]) -> np.ndarray:
    return np.stack([run.test_scores for run in runs])


def _probabilities(result: StudyResult, arm: str) -> np.ndarray:
    """Test scores `[S, n, K]` that sum to one: sigmoid scores are divided by their sum."""
    return normalised(_test_scores(_scored(result, arm)))


def _validation(result: StudyResult, arm: str) -> tuple[np.ndarray, np.ndarray]:
    """Scores `[S, m, K]` and labels `[m]` of the validation part.

    Raises:
        StatisticsError: where the recipe has none.
    """
    recipe = _recipe(result, arm)
    if result.study.shifts:
        raise StatisticsError("the validation images are not shifted as the test images are; run it without the shift")
    if not recipe.validation_size:
        raise StatisticsError(
            f"the recipe of {arm!r} has no validation part to fit on; set validation_size, for example to 10000"
        )
    parts = recipe.parts_of(result.dataset)
    scores = np.stack([run.arrays["validation_scores"] for run in _scored(result, arm)])
    return normalised(scores), parts.y_validation


def normalised(scores: np.ndarray) -> np.ndarray:
    """Scores `[S, n, K]` that sum to one over the classes: sigmoid scores are divided by their sum."""
    sums = scores.sum(axis=2, keepdims=True, dtype=np.float64)
    return np.divide(scores, sums, out=np.full(scores.shape, 1 / scores.shape[2]), where=sums > 0)
