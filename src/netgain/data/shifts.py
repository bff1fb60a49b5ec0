"""How images at use may differ from those of a dataset, by known amounts: the declarations of systematic errors.

A shift is written as its name and how its amount is distributed: `rotation=N(0,10)` (normal, mean and standard
deviation), `blur=U(0,1)` (anything from 0 to 1, each as probable) or `contrast=0.8` (this amount).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, final

import numpy as np

from netgain.data.priors import SIGMAS_INSIDE, Fixed, Normal, Prior, Uniform
from netgain.data.transforms import Images, blurred, contrasted, moved, noisy, rotated, scaled
from netgain.errors import DataError, UnknownNameError
from netgain.markup import box, paragraph

SHIFTS_VERSION = 1
"""Raise it if the same shift gives other images or other amounts than before: what was measured is found by it."""


class Kind(NamedTuple):
    """A way in which images differ.

    Attributes:
        change: all images by one amount, or each by its own where `each` is set.
        unit: of the amount.
        least, most: between which amounts make sense.
        nothing: the amount that leaves images as they are.
        each: whether `change` takes an amount for each image; then it draws at random for each, which calls image by
            image would draw alike.
    """

    change: Callable[[Images, Any], Images]
    unit: str
    least: float
    most: float
    nothing: float = 0.0
    each: bool = False


KINDS: dict[str, Kind] = {
    "rotation": Kind(rotated, "degrees", -360, 360),
    "translation": Kind(moved, "pixels", -1000, 1000, each=True),
    "scale": Kind(scaled, "factor", 0.05, 20, nothing=1),
    "blur": Kind(blurred, "pixels", 0, 100),
    "noise": Kind(noisy, "grey levels", 0, 255, each=True),
    "contrast": Kind(contrasted, "factor", 0, 20, nothing=1),
}

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PAIR = re.compile(rf"\s*([NU])\s*\(\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\)\s*")
_EXAMPLES = "rotation=N(0,10), blur=U(0,1) or contrast=0.8"


@final
@dataclass(frozen=True)
class Shift:
    """One way in which images differ, and by how much.

    Attributes:
        name: rotation (degrees counter-clockwise), translation (pixels, each image in a direction of its own),
            scale (factor), blur (standard deviation in pixels), noise (standard deviation in grey levels of 255) or
            contrast (factor).
        prior: how the amount is distributed.

    Raises:
        UnknownNameError: for a name that is none of these.
        DataError: for amounts that make no sense.

    >>> shift = Shift.parse("rotation=N(0,10)")
    >>> shift.prior, shift.unit, str(shift)
    (Normal(mean=0.0, sigma=10.0), 'degrees', 'rotation=N(0,10)')
    """

    name: str
    prior: Prior

    def __post_init__(self) -> None:
        if self.name not in KINDS:
            raise UnknownNameError("shift", self.name, KINDS)
        prior, kind = self.prior, KINDS[self.name]
        if isinstance(prior, Normal) and not prior.sigma > 0:
            raise DataError(f"{self}: the standard deviation must be above 0; for one amount write {prior.mean:g}")
        if isinstance(prior, Uniform) and not prior.low < prior.high:
            raise DataError(f"{self}: the first of the two ends must be the smaller one")
        lowest, highest = prior.reach
        if not (kind.least <= lowest and highest <= kind.most):  # as it stands, NaN is refused as well
            wide = f"; {SIGMAS_INSIDE} standard deviations to each side, it reaches from {lowest:g} to {highest:g}"
            raise DataError(
                f"{self}: the amount of {self.name} ({kind.unit}) must be from {kind.least:g} to {kind.most:g}"
                f"{wide if isinstance(prior, Normal) else ''}; {kind.nothing:g} leaves images as they are"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """A shift as it is written on the command line.

        Raises:
            UnknownNameError, DataError: as for the class, and for a text that is none.
        """
        name, equals, amount = (part.strip() for part in text.partition("="))
        if not equals:
            raise DataError(f"a shift is written as name=amount, for example {_EXAMPLES}; received {text!r}")
        if pair := _PAIR.fullmatch(amount):
            kind, first, second = pair[1], float(pair[2]), float(pair[3])
            return cls(name, Normal(first, second) if kind == "N" else Uniform(first, second))
        if re.fullmatch(_NUMBER, amount):
            return cls(name, Fixed(float(amount)))
        raise DataError(
            f"the amount of the shift {text!r} must be N(mean,sigma), U(low,high) or a number, for example {_EXAMPLES}"
        )

    @property
    def unit(self) -> str:
        """Of the amount."""
        return KINDS[self.name].unit

    @property
    def nothing(self) -> float:
        """The amount that leaves images as they are."""
        return KINDS[self.name].nothing

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """Amounts for that many images, float64 `[n]`; the few of a normal that make no sense are cut off."""
        kind = KINDS[self.name]
        return np.clip(self.prior.draw(n, generator), kind.least, kind.most)

    def at(self, normal: np.ndarray) -> np.ndarray:
        """Amounts in place of standard normal numbers, float64 of the same shape, cut off as those of :meth:`draw`."""
        kind = KINDS[self.name]
        return np.clip(self.prior.at(normal), kind.least, kind.most)

    def apply(self, images: Images, amounts: np.ndarray | float) -> Images:
        """Images uint8 `[n, H, W, C]` changed by one amount, or each by its own, `[n]`; uint8 of the same shape."""
        kind = KINDS[self.name]
        if np.ndim(amounts) == 0 or kind.each:
            return kind.change(images, amounts)
        each = zip(images, np.asarray(amounts).tolist(), strict=True)
        changed = [kind.change(image[np.newaxis], amount) for image, amount in each]
        return np.concatenate(changed) if changed else images

    def __str__(self) -> str:
        return f"{self.name}={self.prior}"

    def _repr_html_(self) -> str:
        leaves = f"{self.nothing:g} leaves images as they are."
        return box(paragraph(f"Shift {self}, in {self.unit}", "title"), paragraph(leaves, "soft"))


def as_shifts(given: Iterable[Shift | str] | Shift | str) -> tuple[Shift, ...]:
    """Shifts that are given as objects or as texts, each kind once.

    Raises:
        UnknownNameError, DataError: as :meth:`Shift.parse`; DataError also where one kind is given twice.

    >>> [str(shift) for shift in as_shifts(["rotation=N(0,10)", Shift("blur", Fixed(1))])]
    ['rotation=N(0,10)', 'blur=1']
    """
    several = [given] if isinstance(given, Shift | str) else list(given)
    shifts = tuple(Shift.parse(shift) if isinstance(shift, str) else shift for shift in several)
    names = [shift.name for shift in shifts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"each kind of shift is given once; received {', '.join(map(str, shifts))}: {twice[0]} twice")
    return shifts


def each_by_its_own(images: Images, shifts: Iterable[Shift]) -> Images:
    """Images uint8 `[n, H, W, C]`, each changed by amounts of its own, drawn from the priors: one shift after another.

    The amount of an image depends on the shift and on the place of the image only. So the same image is changed alike
    for every network, and further images after it change nothing.
    """
    for shift in shifts:
        generator = np.random.default_rng([SHIFTS_VERSION, *shift.name.encode()])
        images = shift.apply(images, shift.draw(len(images), generator))
    return images
