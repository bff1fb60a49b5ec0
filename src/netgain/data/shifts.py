"""How images at use may differ from those of a dataset, by known amounts: the declarations of systematic errors.

A shift is written as its name and how its amount is distributed: `rotation=N(0,10)` (normal, mean and standard
deviation), `blur=U(0,1)` (anything from 0 to 1 alike) or `contrast=0.8` (this amount).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, final

import numpy as np
from scipy import ndimage

from netgain.data.transforms import Images, as_uint8, blurred, noisy, rotated, shifted
from netgain.errors import DataError, UnknownNameError

SIGMAS_INSIDE = 3
"""A normal amount that must not fall below a border has its mean at least as many standard deviations above it."""


@final
@dataclass(frozen=True)
class Normal:
    """A normally distributed amount."""

    mean: float
    sigma: float

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """That many amounts, float64 `[n]`."""
        return generator.normal(self.mean, self.sigma, n)

    @property
    def lowest(self) -> float:
        """Below it are 0.1 % of the amounts."""
        return self.mean - SIGMAS_INSIDE * self.sigma

    def __str__(self) -> str:
        return f"N({self.mean:g},{self.sigma:g})"


@final
@dataclass(frozen=True)
class Uniform:
    """An amount between two ends, each as probable as the others."""

    low: float
    high: float

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """That many amounts, float64 `[n]`."""
        return generator.uniform(self.low, self.high, n)

    @property
    def mean(self) -> float:
        """Half-way between the ends."""
        return (self.low + self.high) / 2

    @property
    def sigma(self) -> float:
        """The standard deviation, the width divided by √12."""
        return (self.high - self.low) / 12**0.5

    @property
    def lowest(self) -> float:
        """The lower end."""
        return self.low

    def __str__(self) -> str:
        return f"U({self.low:g},{self.high:g})"


@final
@dataclass(frozen=True)
class Fixed:
    """One amount."""

    value: float

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """The amount that many times, float64 `[n]`."""
        del generator
        return np.full(n, self.value)

    @property
    def mean(self) -> float:
        """The amount."""
        return self.value

    @property
    def sigma(self) -> float:
        """None: it is known."""
        return 0.0

    @property
    def lowest(self) -> float:
        """The amount."""
        return self.value

    def __str__(self) -> str:
        return f"{self.value:g}"


Prior = Normal | Uniform | Fixed


class Kind(NamedTuple):
    """A way in which images differ.

    Attributes:
        change: all images by one amount, or each by its own where `each` is set.
        unit: of the amount.
        nothing: the amount that leaves images as they are.
        border: amounts must be at least this, or above it where `open` is set; None where any will do.
        open: whether the border itself is no amount.
        each: whether `change` takes an amount for each image; then it draws at random for each, which calls image by
            image would draw alike.
    """

    change: Callable[[Images, Any], Images]
    unit: str
    nothing: float = 0.0
    border: float | None = None
    open: bool = False
    each: bool = False


def scaled(images: Images, factor: float) -> Images:
    """All images enlarged around their middle by a factor; below 1 they shrink, and what is around them is black."""
    middle = (np.array(images.shape[1:3]) - 1) / 2
    inverse = np.diag([1, 1 / factor, 1 / factor, 1])
    offset: Any = (0, *(middle - middle / factor), 0)
    return as_uint8(ndimage.affine_transform(images.astype(np.float32), inverse, offset, order=1, mode="grid-constant"))


def contrasted(images: Images, factor: float) -> Images:
    """All pixels multiplied by a factor, and cut off at white."""
    return as_uint8(images * np.float32(factor))


KINDS: dict[str, Kind] = {
    "rotation": Kind(rotated, "degrees"),
    "translation": Kind(shifted, "pixels", border=0, each=True),
    "scale": Kind(scaled, "factor", nothing=1, border=0, open=True),
    "blur": Kind(blurred, "pixels", border=0),
    "noise": Kind(noisy, "grey levels", border=0, each=True),
    "contrast": Kind(contrasted, "factor", nothing=1, border=0),
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
        beyond = kind.border is not None and (prior.lowest < kind.border or (kind.open and prior.lowest == kind.border))
        if beyond:
            word = "above" if kind.open else "at least"
            more = f", of a normal {SIGMAS_INSIDE} standard deviations below the mean too" * isinstance(prior, Normal)
            raise DataError(
                f"{self}: the amount of {self.name} ({kind.unit}) must be {word} {kind.border:g}{more}; "
                f"{kind.nothing:g} leaves images as they are"
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
        """Amounts for that many images, float64 `[n]`; what falls below the border of a normal is put there."""
        border = KINDS[self.name].border
        amounts = self.prior.draw(n, generator)
        return amounts if border is None else np.maximum(amounts, np.nextafter(border, 1))

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
