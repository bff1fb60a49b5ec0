"""Finds the one digit in the ink of a picture, and the reasons why it may be wrong."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
from scipy import ndimage

BELONGS = 0.15
"""Of the digit's longer side: ink within this distance belongs to it, as the bar of a 5 does."""

SPECK, OBJECT = 0.02, 0.1
"""Of the ink of the largest part: less than SPECK is dirt, OBJECT or more away from the digit is another object."""

MUCH_WIDER = 1.4
"""Width by height; of MNIST's digits 1 % are wider."""

LOW_CONTRAST = 0.25

SEVERAL = "it may show more than one digit"
AT_BORDER = (
    "what was read touches the border of the picture: a part of the digit may be missing, or it is not a digit "
    "but a shadow or the edge of the paper"
)


class Cut(NamedTuple):
    """What was cut out of a picture as the digit.

    Attributes:
        ink: float64 `[h, w]`, 0..1, without any margin; `[0, 0]` where the picture has no ink.
        doubts: reasons, in words, why this may not be the digit that was meant; empty where there are none.
    """

    ink: np.ndarray
    doubts: tuple[str, ...]


def cut_digit(ink: np.ndarray, contrast: float) -> Cut:
    """The digit of a picture: the ink that hangs together, with what lies close to it.

    Where there are several such objects it is the largest, but one inside the picture before one at its border.

    Args:
        ink: how much ink there is, `[h, w]`, 0..1.
        contrast: of the ink against its background, 0..1.

    >>> ink = np.zeros((60, 60))
    >>> ink[10:40, 10:14] = ink[10:40, 50:55] = 1
    >>> cut = cut_digit(ink, 0.8)
    >>> cut.ink.shape, cut.doubts
    ((30, 5), ('there are 2 separate objects on it, and only the largest was read',))
    """
    parts = _labelled(ink > 0)
    count = int(parts.max())
    if not count:
        return Cut(np.zeros((0, 0)), ())
    masses = ndimage.sum_labels(ink, parts, np.arange(count + 1))
    parts = np.where((masses >= SPECK * masses.max())[parts], parts, 0)
    largest = ndimage.find_objects(parts)[int(masses.argmax()) - 1]
    reach = BELONGS * max(side.stop - side.start for side in largest)
    near = np.asarray(ndimage.distance_transform_edt(parts == 0)) <= reach / 2
    groups = _labelled(near) * (parts > 0)
    chosen, doubts = _chosen(ink, groups)
    rows, columns = ndimage.find_objects(groups)[chosen - 1]
    mine = groups[rows, columns] == chosen
    if _is_several(np.where(mine, parts[rows, columns], 0), masses):
        doubts.append(SEVERAL)
    if min(rows.start, columns.start) == 0 or rows.stop == ink.shape[0] or columns.stop == ink.shape[1]:
        doubts.append(AT_BORDER)
    if contrast < LOW_CONTRAST:
        doubts.append(f"the contrast is low: the ink differs from its background by only {100 * contrast:.0f} %")
    return Cut(np.where(mine, ink[rows, columns], 0.0), tuple(doubts))


def _labelled(mask: np.ndarray) -> np.ndarray:
    """The numbers, from 1, of what hangs together, sideways, upwards or at a corner; 0 elsewhere."""
    labelled: Any = ndimage.label(mask, np.ones((3, 3)))
    return labelled[0]


def _chosen(ink: np.ndarray, groups: np.ndarray) -> tuple[int, list[str]]:
    """The number of the group that is the digit, and what is to be said of the others."""
    masses = ndimage.sum_labels(ink, groups, np.arange(groups.max() + 1))
    masses[0] = 0
    at_border = np.unique(np.concatenate([groups[0], groups[-1], groups[:, 0], groups[:, -1]]))
    inside = masses.copy()
    inside[at_border] = 0
    has_inside = inside.max() >= OBJECT * masses.max()
    chosen = int((inside if has_inside else masses).argmax())
    count = int((masses >= OBJECT * masses[chosen]).sum())
    if count == 1:
        return chosen, []
    which = "the largest" if masses[chosen] == masses.max() else "the largest that does not touch the border"
    return chosen, [f"there are {count} separate objects on it, and only {which} was read"]


def _is_several(parts: np.ndarray, masses: np.ndarray) -> bool:
    """Whether the parts of what was cut out look like digits side by side: each high, none above another."""
    height, width = parts.shape
    if width > MUCH_WIDER * height:
        return True
    found = {number: box for number, box in enumerate(ndimage.find_objects(parts), 1) if box}
    least = 0.25 * max(masses[number] for number in found)
    high = [
        (columns.start, columns.stop)
        for number, (rows, columns) in found.items()
        if rows.stop - rows.start > 0.6 * height and masses[number] > least
    ]
    return any(end <= start for (_, end), (start, _) in itertools.pairwise(sorted(high)))
