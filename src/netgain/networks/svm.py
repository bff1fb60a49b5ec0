"""The support vector machine with a Gaussian kernel, in the place of a network."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, final

import numpy as np
from pydantic import Field

from netgain.errors import RecipeError
from netgain.networks.network import FittedNetwork, ImageShape

if TYPE_CHECKING:
    import keras

ROWS_AT_ONCE = 2048
"""Images whose kernel with all support vectors is held at once: a block of some 100 MB."""


@final
class SVM(FittedNetwork):
    """scikit-learn's `SVC` with the kernel exp(-γ |x - x'|²) on pixels scaled to 0..1.

    One machine for each pair of classes; the score of a class grows with the pairs it wins and, among equals, with how
    clearly (scikit-learn's `decision_function`). The scores are their softmax, which keeps the order: they sum to one,
    as the statistics expect, but are no calibrated probabilities.

    Attributes:
        c: the price of a training image on the wrong side; smaller is smoother.
        gamma: γ, one over twice the squared width of the kernel.

    >>> images, labels = np.array([[0, 0], [0, 9], [250, 255], [255, 250]], np.uint8).reshape(4, 1, 2, 1), [0, 0, 1, 1]
    >>> score = SVM(c=10.0, gamma=1.0).fit(images, np.array(labels), num_classes=2)
    >>> score(images).argmax(axis=1).tolist()
    [0, 0, 1, 1]
    """

    family: ClassVar[str] = "svm"

    c: Annotated[float, Field(gt=0)] = 5.0
    gamma: Annotated[float, Field(gt=0)] = 0.02

    @property
    def output_activation(self) -> str:
        return "softmax"

    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Takes images of every shape."""

    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        """Refuses.

        Raises:
            RecipeError: always; a support vector machine has no layers.
        """
        raise RecipeError("network", [("", "a support vector machine has no layers and is no Keras model; train it")])

    def fit(self, images: np.ndarray, labels: np.ndarray, num_classes: int) -> Callable[[np.ndarray], np.ndarray]:
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


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float64) / 255


def _votes(machine: Any, flat: np.ndarray, gamma: float) -> np.ndarray:
    """What `machine.decision_function` says of pixels `[m, H·W·C]`, by one matrix product: scores `[m, K]`.

    The machine of classes i < j sums over the support vectors of both, Σ α y exp(-γ |x - x'|²) + b: positive for i.
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
