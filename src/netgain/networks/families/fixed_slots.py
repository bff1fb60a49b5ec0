"""Fixed slots: a feed-forward network with one answer for each place of a string."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, final

from pydantic import Field

from netgain.networks.network import Fraction, ImageShape, Units
from netgain.networks.strings import ReadsBy, Stem, StringNetwork

if TYPE_CHECKING:
    import keras


@final
class FixedSlots(StringNetwork):
    """A convolutional stem, a dense layer, and `slots` softmaxes: the first character, the second, … or no character.

    It reads no string longer than its slots, and takes images of the width that it was trained with only.

    Attributes:
        stem: the convolutions.
        dense: neurons of the hidden dense layer.
        slots: characters of the longest string.
        dropout: fraction dropped of the input of the dense and of the output layer.

    >>> FixedSlots(slots=5).num_steps(200)
    5
    """

    family: ClassVar[str] = "fixed-slots"
    reads_by: ClassVar[ReadsBy] = "slots"

    stem: Stem = Stem()
    dense: Units = 256
    slots: Annotated[int, Field(gt=0, le=100)] = 8
    dropout: Fraction = 0.0

    def check_reader(self, image_shape: ImageShape) -> None:
        self.stem.check(image_shape)

    def num_steps(self, width: int) -> int:
        return self.slots

    def build_reader(self, image_shape: ImageShape, num_characters: int) -> keras.Model:
        import keras

        from netgain.networks.layers import drop, input_pixels

        inputs, x = input_pixels(image_shape, dropout=0.0)
        x = drop(keras.layers.Flatten()(self.stem.apply(x)), self.dropout)
        x = drop(keras.layers.Dense(self.dense, activation="relu")(x), self.dropout)
        x = keras.layers.Dense(self.slots * (num_characters + 1))(x)
        x = keras.layers.Reshape((self.slots, num_characters + 1))(x)
        return keras.Model(inputs, keras.layers.Activation("log_softmax")(x), name="reader")
