"""The support vector machine with a Gaussian kernel: a learner without a network, judged like one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, Self, final

import numpy as np
from pydantic import Field

from netgain.data import Dataset, Split
from netgain.experiment.recipe import DatasetRecipe
from netgain.experiment.sizes import quick_images
from netgain.tasks.classification.task import ImageTask, outcome
from netgain.tasks.task import Evaluation, Metrics, Outcome

if TYPE_CHECKING:
    from netgain.engine.compiled import CompiledFunctions

ROWS_AT_ONCE = 2048
"""Images whose kernel with all support vectors is held at once: a block of some 100 MB."""

LEAST = 1e-7
"""Keras' own floor of a probability in a cross-entropy."""

ScoresOf = Callable[[np.ndarray], np.ndarray]
"""Images uint8 `[n, H, W, C]` -> scores float32 `[n, K]`."""


@final
class SVM(DatasetRecipe):
    """scikit-learn's `SVC` with the kernel exp(-γ |x - x'|²) on pixels scaled to 0..1: a separate kind of recipe.

    One classifier per pair of classes; the score of a class grows with the pairs it wins and, among equals, with how
    clearly (scikit-learn's `decision_function`). The scores are their softmax, which keeps the order: they sum to one,
    as the statistics expect, but are not calibrated probabilities. It has no layers, no epochs and no randomness: one
    fit counts for every seed, and trainings do not differ. It has no `.keras` file.

    Attributes:
        dataset, train_size, validation_size, split, split_seed: see
            :class:`netgain.experiment.recipe.DatasetRecipe`.
        c: the price of a training image on the wrong side; smaller is smoother.
        gamma: γ, one over twice the squared width of the kernel.

    >>> images, labels = np.array([[0, 0], [0, 9], [250, 255], [255, 250]], np.uint8).reshape(4, 1, 2, 1), [0, 0, 1, 1]
    >>> scores_of = SVM(c=10.0, gamma=1.0).fit(images, np.array(labels), num_classes=2)
    >>> scores_of(images).argmax(axis=1).tolist()
    [0, 0, 1, 1]
    """

    task: ClassVar[str] = "svm"
    trained_by: ClassVar[str] = "netgain.tasks.svm:SupportVectors"

    c: Annotated[float, Field(gt=0)] = 5.0
    gamma: Annotated[float, Field(gt=0)] = 0.02

    @property
    def num_epochs(self) -> int:
        """The fit counts as one."""
        return 1

    def quick(self, num_items: int) -> Self:
        """A rehearsal with a third of the images."""
        return quick_images(self, num_items)

    def fit(self, images: np.ndarray, labels: np.ndarray, num_classes: int) -> ScoresOf:
        """Fit to uint8 images `[N, H, W, C]`; gives the function from images `[n, H, W, C]` to scores `[n, K]`."""
        from sklearn.svm import SVC

        machine = SVC(C=self.c, gamma=self.gamma, cache_size=500)  # pyright: ignore[reportArgumentType]
        machine.fit(_flat(images), labels)

        def scores(images: np.ndarray) -> np.ndarray:
            flat = _flat(images)
            blocks = [flat[start : start + ROWS_AT_ONCE] for start in range(0, len(flat), ROWS_AT_ONCE)]
            votes = np.concatenate([_votes(machine, block, self.gamma) for block in blocks])
            given = np.full((len(flat), num_classes), -np.inf)  # a class without training images is never the answer
            given[:, machine.classes_] = votes
            powers = np.exp(given - given.max(axis=1, keepdims=True))
            return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)

        return scores


@final
class SupportVectors(ImageTask):
    """Fits a support vector machine as a whole, in one epoch."""

    is_random: ClassVar[bool] = False

    def init(self, recipe: SVM, data: Dataset, seed: int, compiled: CompiledFunctions) -> Machine:
        return Machine(recipe, data, recipe.parts_of(data), {})

    def epoch(self, state: Machine) -> tuple[Machine, Metrics]:
        """The fit, and the scores of every part at once: they take as long again."""
        parts, data = state.parts, state.data
        scores_of = state.recipe.fit(parts.x_train, parts.y_train, data.num_classes)
        sources = {
            "train": (parts.x_train, parts.y_train),
            "validation": (parts.x_validation, parts.y_validation),
            "test": (data.x_test, data.y_test),
        }
        answers = {name: _evaluated(scores_of(x), y) for name, (x, y) in sources.items() if len(y)}
        return state._replace(answers=answers), answers["train"].metrics

    def evaluate(self, state: Machine, part: str) -> Evaluation | None:
        return state.answers.get(part)

    def judge(self, state: Machine, answers: Mapping[str, Any]) -> Outcome:
        return outcome(answers, state.data.y_test, state.parts.y_train, 0)


class Machine(NamedTuple):
    """A support vector machine: before its fit without answers, then with those on every part."""

    recipe: SVM
    data: Dataset
    parts: Split
    answers: Mapping[str, Evaluation]


def _evaluated(scores: np.ndarray, labels: np.ndarray) -> Evaluation:
    likelihood = np.maximum(scores[np.arange(len(labels)), labels], LEAST)
    right = scores.argmax(axis=1) == labels
    return Evaluation({"loss": float(-np.log(likelihood).mean()), "accuracy": float(right.mean())}, scores)


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float64) / 255


def _votes(machine: Any, flat: np.ndarray, gamma: float) -> np.ndarray:
    """The result of `machine.decision_function` for pixels `[m, H·W·C]`, by one matrix product: scores `[m, K]`.

    The classifier of classes i < j sums over the support vectors of both, Σ α y exp(-γ |x - x'|²) + b: positive for i.
    """
    kernel = _gaussian_kernel(flat, machine.support_vectors_, gamma)
    ends = np.cumsum(machine.n_support_)
    starts, num_classes = ends - machine.n_support_, len(ends)
    sums = [kernel[:, a:b] @ machine.dual_coef_[:, a:b].T for a, b in zip(starts, ends, strict=True)]
    wins, margins = (np.zeros((len(flat), num_classes)) for _ in range(2))
    sign = -1 if num_classes == 2 else 1  # scikit-learn's: of two classes the second is the positive one
    for (i, j), intercept in zip(itertools.combinations(range(num_classes), 2), machine.intercept_, strict=True):
        margin = sign * (sums[i][:, j - 1] + sums[j][:, i] + intercept)
        wins[:, i] += margin >= 0
        wins[:, j] += margin < 0
        margins[:, i] += margin
        margins[:, j] -= margin
    return wins + margins / (3 * (np.abs(margins) + 1))


def _gaussian_kernel(flat: np.ndarray, centres: np.ndarray, gamma: float) -> np.ndarray:
    """exp(-γ |x - x'|²) of every row with every centre, `[m, V]`, from |x|² + |x'|² - 2 x·x'."""
    squares = (flat**2).sum(axis=1)[:, np.newaxis] + (centres**2).sum(axis=1) - 2 * flat @ centres.T
    return np.exp(-gamma * np.maximum(squares, 0))
