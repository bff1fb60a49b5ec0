"""How the training images are changed at random, so that a network learns what does not matter. Declarations only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self, final

from pydantic import BeforeValidator, Field, model_validator

from netgain.experiment.base import Declaration

Range = tuple[float, float]
NotNegative = Annotated[float, Field(ge=0)]


def _both_ways(value: Any) -> Any:
    """The pair (-a, a) for a number a; a pair stays as it is."""
    return (-value, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Angles = Annotated[Range, BeforeValidator(_both_ways)]


@final
class Augmentation(Declaration):
    """Random changes of the training images. Everything except `copies` is drawn again for every image in every step.

    The middle of the image stays in place; what comes from outside the image is black. Test and validation
    images are never changed.

    Attributes:
        rotation: degrees, counter-clockwise; a number a means -a to a, a pair means low to high.
        shift: pixels, the largest shift in each of the two directions.
        zoom: the pair of the smallest and the largest factor; (0.9, 1.1) shrinks and enlarges by a tenth.
        shear: degrees, the largest slant of upright strokes, to either side.
        elastic: pixels; the root mean square of a smooth random displacement of every pixel, in each direction.
        copies: the lecture's larger training set, made once before training: for each of these ranges of degrees
            one more copy of every training image, rotated by an angle drawn from the range.

    >>> Augmentation(rotation=15).rotation
    (-15.0, 15.0)
    >>> Augmentation(copies=((5, 25), (-25, -5))).num_copies  # the lecture's tripled set
    3
    """

    called: ClassVar[str] = "augmentation"

    rotation: Angles = (0.0, 0.0)
    shift: NotNegative = 0.0
    zoom: Range = (1.0, 1.0)
    shear: Annotated[float, Field(ge=0, lt=90)] = 0.0
    elastic: NotNegative = 0.0
    copies: tuple[Angles, ...] = ()

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @model_validator(mode="after")
    def _ranges_are_the_right_way_up(self) -> Self:
        _check_order("rotation", self.rotation)
        _check_order("zoom", self.zoom)
        for number, angles in enumerate(self.copies):
            _check_order(f"copies.{number}", angles)
        if self.zoom[0] <= 0:
            raise ValueError(f"zoom: factors must be above 0, such as (0.9, 1.1); received {_shown(self.zoom)}")
        return self

    @model_validator(mode="after")
    def _something_changes(self) -> Self:
        if not self.on_the_fly and not self.copies:
            raise ValueError("no field changes the images; set one, for example rotation=15, or give None instead")
        if (0.0, 0.0) in self.copies:
            advice = "for more updates with the same images, use more epochs"
            raise ValueError(f"copies: a rotation by 0 to 0 degrees copies the images unchanged; {advice}")
        return self

    @property
    def on_the_fly(self) -> bool:
        """Whether something is random in every step."""
        same = (self.rotation, self.zoom) == ((0.0, 0.0), (1.0, 1.0))
        return not same or any((self.shift, self.shear, self.elastic))

    @property
    def num_copies(self) -> int:
        """How often every training image is in the set trained on: itself and its copies."""
        return 1 + len(self.copies)


def _check_order(path: str, ends: Range) -> None:
    low, high = ends
    if low > high:
        advice = f"did you mean {_shown((high, low))}?"
        raise ValueError(f"{path}: a range must go from low to high; {advice} Received {_shown(ends)}")


def _shown(ends: Sequence[float]) -> str:
    return f"({', '.join(f'{end:g}' for end in ends)})"
