"""McNemar's test: two networks on the same test images, judged by the images where only one is right."""

from __future__ import annotations

from scipy import special

from netgain.errors import StatisticsError


def _check_counts(fixed: int, broken: int) -> None:
    if not (fixed >= 0 and broken >= 0 and int(fixed) == fixed and int(broken) == broken):
        raise StatisticsError(
            f"`fixed` = {fixed!r} and `broken` = {broken!r} must be numbers of images: whole and not negative."
        )


def mcnemar_exact(fixed: int, broken: int) -> float:
    """Exact two-sided p-value of McNemar's test (McNemar 1947, Psychometrika 12, 153).

    Args:
        fixed: images that only the second network has right.
        broken: images that only the first network has right.

    Raises:
        StatisticsError: for a negative or fractional count.

    >>> round(mcnemar_exact(25, 10), 10)
    0.0166738478
    """
    _check_counts(fixed, broken)
    return min(1.0, 2 * float(special.bdtr(min(fixed, broken), fixed + broken, 0.5)))


def mcnemar_mid_p(fixed: int, broken: int) -> float:
    """Mid-p value of McNemar's test: less conservative than the exact one, and not guaranteed.

    Fagerland, Lydersen & Laake (2013), BMC Medical Research Methodology 13, 91.

    Args:
        fixed: images that only the second network has right.
        broken: images that only the first network has right.

    Raises:
        StatisticsError: for a negative or fractional count.

    >>> round(mcnemar_mid_p(25, 10), 10)
    0.0113309842
    """
    _check_counts(fixed, broken)
    fewer, total = min(fixed, broken), fixed + broken
    at_count = float(special.bdtr(fewer, total, 0.5))
    below = float(special.bdtr(fewer - 1, total, 0.5)) if fewer else 0.0
    return at_count + below
