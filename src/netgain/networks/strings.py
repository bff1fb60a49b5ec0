"""What every network that reads strings offers, and the convolutional stem that they share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

from pydantic import Field, model_validator

from netgain.errors import RecipeError
from netgain.experiment.base import Declaration
from netgain.networks.network import Family, ImageShape, Units

if TYPE_CHECKING:
    import keras

ReadsBy = Literal["ctc", "slots"]

Size = Annotated[int, Field(gt=0, le=100)]


class StringNetwork(Family, ABC):
    """A family of networks that read the characters of an image from left to right.

    The model takes images `[B, H, W, C]` of pixels 0..255 and gives log-probabilities `[B, T, K + 1]`: of each of K
    characters, from number 1 on, at each of T steps. Number 0 is "no character".

    Attributes:
        reads_by: "ctc": a step is a narrow strip of the image, and a character may take several (connectionist temporal
            classification, Graves et al. 2006). "slots": step t is the string's character t.
    """

    reads_by: ClassVar[ReadsBy]

    @abstractmethod
    def build_reader(self, image_shape: ImageShape, num_characters: int) -> keras.Model:
        """A new Keras model with fresh weights from Keras' global seed."""

    @abstractmethod
    def check_reader(self, image_shape: ImageShape) -> None:
        """Refuse images of a shape `(H, W, C)` that this network cannot take.

        Raises:
            RecipeError: with the reason.
        """

    @abstractmethod
    def num_steps(self, width: int) -> int:
        """T, how many steps an image of so many columns gives."""


@final
class Stem(Declaration):
    """Convolutions before a recurrent layer: (convolution, ReLU, max pooling) blocks, whose padding keeps the size.

    Kernels start as He et al. (2015) have it for ReLU, so that maps are as large after four blocks as after one.

    Attributes:
        filters: feature maps of each convolution; one entry per block.
        kernel_size: side of the kernels in pixels.
        pools: height and width of each block's pooling window, in pixels; (1, 1) for no pooling. One window for all
            blocks, or one per block. Columns that do not fill a window are left out.

    >>> Stem(filters=(8, 16), pools=((2, 2), (2, 1))).maps(32, 101)
    (8, 50)
    """

    called: ClassVar[str] = "stem"

    filters: Annotated[tuple[Units, ...], Field(min_length=1)] = (16, 32)
    kernel_size: Size = 3
    pools: tuple[tuple[Size, Size], ...] = ((2, 2),)

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @model_validator(mode="before")
    @classmethod
    def _one_window_for_all(cls, fields: Any) -> Any:
        pools, filters = fields.get("pools", ((2, 2),)), fields.get("filters", (16, 32))
        listed = isinstance(pools, list | tuple) and isinstance(filters, list | tuple)
        same = listed and len({str(list(pool) if isinstance(pool, tuple) else pool) for pool in pools}) == 1
        return {**fields, "pools": list(pools[:1]) * len(filters)} if same else fields  # also after a change of filters

    @model_validator(mode="after")
    def _a_window_for_each_block(self) -> Stem:
        if len(self.pools) != len(self.filters):
            raise ValueError(
                f"pools: give one window, or one for each of the {len(self.filters)} blocks; received {self.pools}"
            )
        return self

    def maps(self, height: int, width: int) -> tuple[int, int]:
        """Height and width of the last block's feature maps."""
        for rows, columns in self.pools:
            height, width = height // rows, width // columns
        return height, width

    def check(self, image_shape: ImageShape) -> None:
        """Refuse images that the pooling leaves nothing of.

        Raises:
            RecipeError: with the sizes.
        """
        height, width, _ = image_shape
        if min(self.maps(height, width)) < 1:
            message = f"the pooling leaves nothing of images of {height}×{width} pixels; use fewer or smaller windows"
            raise RecipeError("network", [("stem.pools", message)])

    def apply(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """The feature maps `[B, h, w, F]` of scaled images `[B, H, W, C]`."""
        import keras

        for filters, pool in zip(self.filters, self.pools, strict=True):
            x = keras.layers.Conv2D(
                filters, self.kernel_size, padding="same", activation="relu", kernel_initializer="he_uniform"
            )(x)
            if pool != (1, 1):
                x = keras.layers.MaxPooling2D(pool)(x)
        return x
