"""How the training images are changed at random, so that a network learns what does not matter. Declarations only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self, final

from pydantic import BeforeValidator, Field, model_validator

from netgain.errors import RecipeError
from netgain.experiment.base import Declaration

Range = tuple[float, float]
NotNegative = Annotated[float, Field(ge=0)]


def _both_ways(value: Any) -> Any:
    """The pair (-a, a) for a number a; a pair stays as it is."""
    return (-value, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Angles = Annotated[Range, BeforeValidator(_both_ways)]
Flip = Literal["none", "horizontal", "vertical", "both"]
"""The directions in which images are mirrored: left to right, upside down, or each of the two."""


@final
class Augmentation(Declaration):
    """Random changes of the training images. Everything except `copies` is drawn again for every image in every step.

    The middle of the image stays in place; what comes from outside the image is black. Test and validation
    images are never changed. In this order: flip; shear, rotation, zoom, shift and elastic; brightness and contrast;
    cutout; mixup.

    Attributes:
        rotation: degrees, counter-clockwise; a number a means -a to a, a pair means low to high.
        shift: pixels, the largest shift in each of the two directions.
        zoom: the pair of the smallest and the largest factor; (0.9, 1.1) shrinks and enlarges by a tenth.
        shear: degrees, the largest slant of upright strokes, to either side.
        elastic: pixels; the root mean square of a smooth random displacement of every pixel, in each direction.
        flip: mirrors an image with chance 1/2: "horizontal" left to right, "vertical" upside down, "both" each of the
            two for itself.
        brightness: fraction of full scale (white minus black), the largest amount that all pixels of an image get
            brighter or darker.
        contrast: the pair of the smallest and the largest factor by which pixels move away from the mean of their
            image and channel; below 1 they come closer. Pixels stay between black and white.
        cutout: pixels, the side of a black square whose middle is anywhere in the image, so that it may stick out
            (DeVries & Taylor 2017, "Improved Regularization of Convolutional Neural Networks with Cutout"; the colour
            there is the mean of the dataset).
        cutout_share: the fraction of the images that get the square.
        mixup: α; each image becomes λ of itself and 1 - λ of another one of its batch, and its target likewise, with
            λ drawn from Beta(α, α) for each image (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization",
            equations 1 and 2). 0 mixes nothing.
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
    flip: Flip = "none"
    brightness: Annotated[float, Field(ge=0, le=1)] = 0.0
    contrast: Range = (1.0, 1.0)
    cutout: Annotated[int, Field(ge=0)] = 0
    cutout_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    mixup: NotNegative = 0.0
    copies: tuple[Angles, ...] = ()

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @model_validator(mode="after")
    def _ranges_are_the_right_way_up(self) -> Self:
        _check_order("rotation", self.rotation)
        _check_order("zoom", self.zoom)
        _check_order("contrast", self.contrast)
        for number, angles in enumerate(self.copies):
            _check_order(f"copies.{number}", angles)
        if self.zoom[0] <= 0:
            raise ValueError(f"zoom: factors must be above 0, such as (0.9, 1.1); received {_shown(self.zoom)}")
        if self.contrast[0] < 0:
            raise ValueError(
                f"contrast: factors must not be negative, such as (0.8, 1.2); received {_shown(self.contrast)}"
            )
        if self.cutout_share < 1 and not self.cutout:
            raise ValueError("cutout_share: is the fraction of the images that get a square; set cutout, for example 8")
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
        return self.warps or self.retouches or self.mixup > 0

    @property
    def warps(self) -> bool:
        """Whether pixels change their place, other than by a flip."""
        same = (self.rotation, self.zoom) == ((0.0, 0.0), (1.0, 1.0))
        return not same or any((self.shift, self.shear, self.elastic))

    @property
    def retouches(self) -> bool:
        """Whether an image is flipped, made brighter or darker, or loses a square."""
        same = (self.flip, self.contrast) == ("none", (1.0, 1.0))
        return not same or any((self.brightness, self.cutout))

    def check(self, image_shape: tuple[int, ...]) -> None:
        """Refuse images `(H, W, C)` that this would black out.

        Raises:
            RecipeError: with both sizes.
        """
        smallest = min(image_shape[:2])
        if self.cutout > smallest:
            message = f"must be at most the images' {smallest} pixels; received {self.cutout}"
            raise RecipeError(self.called, [("augmentation.cutout", message)])

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
