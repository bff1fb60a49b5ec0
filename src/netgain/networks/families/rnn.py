"""The recurrent network: over the rows of an image to classify it, or over its columns to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

from pydantic import Field

from netgain.networks.network import Fraction, ImageShape, Network, Units
from netgain.networks.strings import ReadsBy, Stem, StringNetwork

if TYPE_CHECKING:
    import keras

Cell = Literal["lstm", "gru", "simple"]


@final
class RNN(Network, StringNetwork):
    """Recurrent layers over an image, or over the feature maps of a convolutional stem, and an output layer.

    A classifier sees the rows one after the other, from the top, and answers from the last state. A reader sees the
    columns, from the left, and answers at each of them; it takes images of every width.

    Attributes:
        cell: "lstm" (Hochreiter & Schmidhuber 1997), "gru" (Cho et al. 2014) or "simple": tanh without gates.
        units: of a layer's state, in each direction.
        bidirectional: a second layer goes the other way beside each, and their states are joined.
        layers: recurrent layers after each other.
        stem: convolutions before them; None for the pixels themselves.
        dropout: fraction dropped of what a stem or a recurrent layer gives to the next layer.

    >>> RNN(cell="gru", stem=Stem(filters=(8, 16))).num_steps(200)
    50
    """

    family: ClassVar[str] = "rnn"
    reads_by: ClassVar[ReadsBy] = "ctc"

    cell: Cell = "lstm"
    units: Units = 128
    bidirectional: bool = False
    layers: Annotated[int, Field(gt=0, le=20)] = 1
    stem: Stem | None = None
    dropout: Fraction = 0.0

    @property
    def output_activation(self) -> str:
        return "softmax"

    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Refuses images that the stem's pooling leaves nothing of.

        Raises:
            RecipeError: with the sizes.
        """
        if self.stem:
            self.stem.check(image_shape)

    def check_reader(self, image_shape: ImageShape) -> None:
        self.check(image_shape, 0)

    def num_steps(self, width: int) -> int:
        return self.stem.maps(1 << 20, width)[1] if self.stem else width

    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        import keras

        from netgain.networks.layers import drop, input_pixels

        inputs, x = input_pixels(image_shape, dropout=0.0)
        x = self.stem.apply(x) if self.stem else x
        rows, columns, channels = x.shape[1:]
        x = drop(keras.layers.Reshape((rows, columns * channels))(x), self.dropout if self.stem else 0.0)
        x = self._recur(x, last_only=True)
        scores = keras.layers.Dense(num_classes, activation="softmax")(drop(x, self.dropout))
        return keras.Model(inputs, scores, name="rnn")

    def build_reader(self, image_shape: ImageShape, num_characters: int) -> keras.Model:
        import keras

        from netgain.networks.layers import drop, input_pixels

        height, _, channels = image_shape
        inputs, x = input_pixels((height, None, channels), dropout=0.0)
        x = self.stem.apply(x) if self.stem else x
        x = keras.layers.Permute((2, 1, 3))(x)  # columns first: they are the time steps
        x = drop(keras.layers.Reshape((-1, x.shape[2] * x.shape[3]))(x), self.dropout if self.stem else 0.0)
        x = self._recur(x, last_only=False)
        log_probs = keras.layers.Dense(num_characters + 1, activation="log_softmax")(drop(x, self.dropout))
        return keras.Model(inputs, log_probs, name="reader")

    def _recur(self, x: Any, *, last_only: bool) -> Any:
        """The states of the last layer `[B, T, units]`, or the last of them `[B, units]`, from `[B, T, F]`."""
        import keras

        from netgain.networks.layers import drop

        kinds: dict[Cell, Any] = {
            "lstm": keras.layers.LSTM,
            "gru": keras.layers.GRU,
            "simple": keras.layers.SimpleRNN,
        }
        for number in range(1, self.layers + 1):
            x = drop(x, self.dropout if number > 1 else 0.0)
            layer = kinds[self.cell](self.units, return_sequences=not last_only or number < self.layers)
            x = (keras.layers.Bidirectional(layer) if self.bidirectional else layer)(x)
        return x
