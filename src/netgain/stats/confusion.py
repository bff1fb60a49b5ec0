"""The confusion matrix: which class the networks take for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats.arrays import answer_matrix, label_array
from netgain.stats.crossed import MeanAccuracy, mean_accuracy
from netgain.stats.estimate import columns
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas

NUM_SHOWN = 5
"""So many confusions are named in words."""


@dataclass(frozen=True, repr=False)
class Confusion(Said):
    """A confusion matrix averaged over the seeds, each cell a fraction with its two errors.

    Attributes:
        num_classes: K.
        cells: for (label, answer) the fraction of the images of class `label` that are given `answer`. Only
            labels that have images are there.
    """

    num_classes: int
    cells: Mapping[tuple[int, int], MeanAccuracy]

    @property
    def counts(self) -> NDArray[np.float64]:
        """Images with each label (row) and answer (column), mean over the seeds, `[K, K]`."""
        matrix = np.zeros((self.num_classes, self.num_classes))
        for place, cell in self.cells.items():
            matrix[place] = cell.value * cell.num_images
        return matrix

    def frame(self) -> pandas.DataFrame:
        """A row for each cell: label, answer, images with this label, count, and the row-normalised
        fraction with its two errors and 95 % interval.
        """
        import pandas

        rows = [
            {
                "label": label,
                "answer": answer,
                "images": cell.num_images,
                "count": cell.value * cell.num_images,
                **columns("fraction", cell),
            }
            for (label, answer), cell in self.cells.items()
        ]
        return pandas.DataFrame(rows)

    def __str__(self) -> str:
        wrong = [(place, cell) for place, cell in self.cells.items() if place[0] != place[1] and cell.value > 0]
        if not wrong:
            return "no class is taken for another"
        wrong.sort(key=lambda item: -item[1].value * item[1].num_images)
        return "\n".join(
            f"{label} taken for {answer}: {cell} of the {cell.num_images:,} images of {label}"
            for (label, answer), cell in wrong[:NUM_SHOWN]
        )


def confusion(answers: ArrayLike, labels: ArrayLike, num_classes: int) -> Confusion:
    """The confusion matrix of the networks of one recipe.

    The images of one class and one answer are a separate crossed design: the fraction in each cell has
    the errors of `mean_accuracy`, with "is given this answer" instead of "is right".

    Args:
        answers: the class that each network gives each image, `[S, n]`: `scores.argmax(axis=-1)`.
        labels: classes `[n]`.
        num_classes: K.

    Raises:
        StatisticsError: for shapes that do not match, or answers or labels that are not classes.

    >>> result = confusion([[0, 0, 1, 1, 0], [0, 1, 1, 1, 0]], [0, 0, 0, 1, 1], num_classes=2)
    >>> result.counts.tolist()
    [[1.5, 1.5], [1.0, 1.0]]
    >>> print(result.cells[0, 1])
    50.00 ± 23.57 (test sample) ± 16.67 (training) %
    """
    if num_classes < 2:
        raise StatisticsError(f"`num_classes` is {num_classes}, expected at least 2.")
    given = answer_matrix(answers, num_classes)
    classes = label_array(labels, given.shape[1], num_classes)
    cells = {}
    for label in np.unique(classes):
        of_label = given[:, classes == label]
        for answer in range(num_classes):
            cells[int(label), answer] = mean_accuracy(of_label == answer)
    return Confusion(num_classes, cells)
