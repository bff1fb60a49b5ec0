"""What of an image is scored beside it, so that the mean of the scores decides. A declaration only."""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple, Self, final

from pydantic import Field, model_validator

from netgain.errors import RecipeError
from netgain.experiment.augmentation import Flip
from netgain.experiment.base import Declaration


class View(NamedTuple):
    """An image as it is scored: moved by pixels, and mirrored after that."""

    down: int = 0
    right: int = 0
    upside_down: bool = False
    left_to_right: bool = False


@final
class TestTime(Declaration):
    """Test-time augmentation: a network scores each image and changed copies of it; the mean of the scores decides.

    The copies are always the same ones; nothing is random. Training is what it was, and so is what is measured while
    training; everything that is evaluated (validation, test, training images at the end) and the saved network use the
    mean.

    Attributes:
        shift: pixels; four copies are moved up, down, to the left and to the right by so many. Black comes in.
        flip: each of these is scored mirrored as well: "horizontal" left to right, "vertical" upside down, "both" in
            each way alone and in both.

    >>> TestTime(shift=1).num_views, TestTime(shift=2, flip="horizontal").num_views
    (5, 10)
    """

    __test__ = False  # pytest takes every class whose name begins with Test for tests
    called: ClassVar[str] = "test time"

    shift: Annotated[int, Field(ge=0)] = 0
    flip: Flip = "none"

    @model_validator(mode="after")
    def _something_is_scored_beside(self) -> Self:
        if self.num_views == 1:
            raise ValueError("only the image itself is scored; set a field, for example shift=1, or give None instead")
        return self

    @property
    def views(self) -> tuple[View, ...]:
        """What is scored of each image; the first is the image itself."""
        by = self.shift
        places = ((0, 0), (-by, 0), (by, 0), (0, -by), (0, by)) if by else ((0, 0),)
        vertical, horizontal = ((False, True) if self.flip in {way, "both"} else (False,) for way in _WAYS)
        return tuple(View(*place, down, right) for down in vertical for right in horizontal for place in places)

    @property
    def num_views(self) -> int:
        """How often a network scores each image."""
        return len(self.views)

    def check(self, image_shape: tuple[int, ...]) -> None:
        """Refuse images `(H, W, C)` that a shift would move out of sight.

        Raises:
            RecipeError: with both sizes.
        """
        smallest = min(image_shape[:2])
        if self.shift >= smallest:
            message = f"must be less than the images' {smallest} pixels; received {self.shift}"
            raise RecipeError(self.called, [("test_time.shift", message)])


_WAYS = "vertical", "horizontal"
