"""What a comparison of one network each would have said: all pairs of a study's networks, counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction, right_matrix
from netgain.stats.intervals import Interval
from netgain.stats.verdict import Outcome


@dataclass(frozen=True, eq=False)
class OneRunComparisons:
    """Every comparison of one network of recipe A with one network of recipe B.

    Attributes:
        more: whole numbers `[S_a, S_b]`, the images that the network of B has right minus those that the network of A
            has right.
        num_images: test images n.
        outcome: the verdict on B against A over all seeds.
    """

    more: NDArray[np.int64]
    num_images: int
    outcome: Outcome

    @property
    def num_pairs(self) -> int:
        """All pairs, S_a times S_b."""
        return self.more.size

    @property
    def num_higher(self) -> int:
        """Pairs in which the network of B has more images right."""
        return int((self.more > 0).sum())

    @property
    def num_lower(self) -> int:
        """Pairs in which the network of B has fewer images right."""
        return int((self.more < 0).sum())

    @property
    def num_tied(self) -> int:
        """Pairs in which both have equally many images right."""
        return self.num_pairs - self.num_higher - self.num_lower

    @property
    def num_wrong(self) -> int | None:
        """Pairs with the opposite sign of the verdict's; None if the verdict names no sign, so that none is wrong."""
        match self.outcome:
            case Outcome.BETTER:
                return self.num_lower
            case Outcome.WORSE:
                return self.num_higher
        return None

    def wrong_interval(self, level: float = 0.95) -> Interval | None:
        """Interval of the probability that two new networks have the wrong sign on these test images.

        The pairs are not independent, because each network is in several of them. This is method 5 of Newcombe (2006),
        Statistics in Medicine 25, 559: with the share w of wrong pairs, the limits are the θ at which
        (w - θ)² = z² θ(1-θ) [1 + N ((1-θ)/(2-θ) + θ/(1+θ))] / (S_a S_b), N = (S_a + S_b)/2 - 1. With one network each
        it is Wilson's interval of one trial. None if the verdict names no sign.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        if self.num_wrong is None:
            return None
        share = self.num_wrong / self.num_pairs
        num_a, num_b = self.more.shape
        high = _upper_limit(share, num_a, num_b, level)
        return Interval(1 - _upper_limit(1 - share, num_a, num_b, level), high, level)


def one_run_comparisons(right_a: ArrayLike, right_b: ArrayLike, outcome: Outcome) -> OneRunComparisons:
    """Compare each network of A with each network of B. Seeds of two recipes are independent, so every pair could have
    been the only one that was trained.

    Args:
        right_a: booleans `[S_a, n]`, true where seed s of A is right on image i.
        right_b: booleans `[S_b, n]`, the same images.
        outcome: the verdict on B against A.

    Raises:
        StatisticsError: for anything but boolean matrices of the same images.

    >>> a = [[True, False, False, False], [True, True, True, False]]
    >>> b = [[True, True, False, False], [True, True, True, True]]
    >>> pairs = one_run_comparisons(a, b, Outcome.BETTER)
    >>> pairs.more.tolist(), f"{pairs.num_wrong} of {pairs.num_pairs}"
    ([[1, 3], [-1, 1]], '1 of 4')
    """
    matrix_a, matrix_b = right_matrix(right_a, "right_a"), right_matrix(right_b, "right_b")
    if matrix_a.shape[1] != matrix_b.shape[1]:
        raise StatisticsError(
            f"`right_a` has {matrix_a.shape[1]} test images and `right_b` has {matrix_b.shape[1]}; "
            "score both recipes on the same images."
        )
    more = matrix_b.sum(axis=1)[np.newaxis, :] - matrix_a.sum(axis=1)[:, np.newaxis]
    return OneRunComparisons(more.astype(np.int64), matrix_a.shape[1], outcome)


def _upper_limit(share: float, num_a: int, num_b: int, level: float) -> float:
    if share == 1:
        return 1.0
    z2 = float(special.ndtri((1 + level) / 2)) ** 2
    others = (num_a + num_b) / 2 - 1

    def excess(theta: float) -> float:
        alike = 1 + others * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return (share - theta) ** 2 - z2 * theta * (1 - theta) * alike / (num_a * num_b)

    # At θ = 0 there is a second root where no pair is wrong; the limit is the one above it.
    return float(optimize.brentq(excess, max(share, 1e-12), 1.0, xtol=1e-12))  # pyright: ignore[reportArgumentType]
