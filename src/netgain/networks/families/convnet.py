"""The convolutional network: (convolution, pooling) blocks, dense layers, output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

from pydantic import Field, field_validator, model_validator

from netgain.errors import RecipeError
from netgain.networks.network import (
    Activation,
    Dropout,
    ImageShape,
    InitialWeights,
    Network,
    OutputActivation,
    Strengths,
    Units,
)

if TYPE_CHECKING:
    import keras

Pooling = Literal["max", "l2", "average", "none"]
Size = Annotated[int, Field(gt=0, le=1000)]


@final
class ConvNet(Network):
    """Convolution and pooling blocks, then dense layers; the lecture's network is `ConvNet(filters=(16,))`.

    Attributes:
        filters: feature maps of each convolution; one entry per block.
        kernel_size: side of the kernels in pixels; one number for all blocks or one per block. No padding.
        pooling: what each pooling window gives: its maximum, its mean, its L2 norm (root of the sum
            of squares), or "none" for no pooling.
        pool_size: side of the window, in pixels; must divide the feature map.
        dense: neurons of each hidden dense layer after the last block.
        activation: of convolutions and hidden dense layers.
        output: activation of the K output neurons.
        dropout: `hidden` is the fraction dropped of the input of each dense layer, also the output layer; `input`
            is the fraction of the pixels.
        l1, l2: penalties on the kernels; a number for all layers or `Strengths(conv=, hidden=, output=)`.
        initial_weights: Keras' initializer of the kernels, or "unit_normal"; biases start at zero.

    >>> ConvNet(filters=(32, 32), kernel_size=5).kernel_size
    (5, 5)
    """

    family: ClassVar[str] = "convnet"

    filters: Annotated[tuple[Units, ...], Field(min_length=1)] = (16,)
    kernel_size: tuple[Size, ...] = (5,)
    pooling: Pooling = "max"
    pool_size: Size = 2
    dense: tuple[Units, ...] = ()
    activation: Activation = "relu"
    output: OutputActivation = "softmax"
    dropout: Dropout = Dropout()
    l1: Strengths = Strengths()
    l2: Strengths = Strengths()
    initial_weights: InitialWeights = "glorot_uniform"

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @model_validator(mode="before")
    @classmethod
    def _one_kernel_size_for_all(cls, fields: Any) -> Any:
        sizes = fields.get("kernel_size", (5,))
        if not isinstance(sizes, list | tuple):
            sizes = (sizes,)
        filters = fields.get("filters", (16,))
        if len(set(map(str, sizes))) == 1 and isinstance(filters, list | tuple):  # also after `change("filters", ...)`
            sizes = sizes[:1] * len(filters)
        return {**fields, "kernel_size": sizes}

    @field_validator("kernel_size")
    @classmethod
    def _sizes_fit_filters(cls, sizes: tuple[int, ...], info: Any) -> tuple[int, ...]:
        filters = info.data.get("filters", ())
        if filters and len(sizes) != len(filters):
            raise ValueError(f"give one size, or one for each of the {len(filters)} blocks; received {sizes}")
        return sizes

    @property
    def output_activation(self) -> str:
        return self.output

    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Refuses kernels larger than their input and pooling that does not divide.

        Raises:
            RecipeError: with the block and the sizes.
        """
        height, width, _ = image_shape
        for block, kernel in enumerate(self.kernel_size, 1):
            if kernel > min(height, width):
                message = f"the {kernel}×{kernel} kernel of block {block} is larger than its {height}×{width} input"
                raise RecipeError("network", [("kernel_size", message)])
            height, width = height - kernel + 1, width - kernel + 1
            if self.pooling != "none":
                if height % self.pool_size or width % self.pool_size:
                    message = (
                        f"{self.pool_size} does not divide the {height}×{width} maps of block {block}; "
                        "choose another pool_size or kernel_size, or pooling='none'"
                    )
                    raise RecipeError("network", [("pool_size", message)])
                height, width = height // self.pool_size, width // self.pool_size

    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        import keras

        from netgain.networks.layers import classifier, drop, initializer, input_pixels, penalty

        inputs, x = input_pixels(image_shape, self.dropout.input)
        for filters, kernel in zip(self.filters, self.kernel_size, strict=True):
            x = keras.layers.Conv2D(
                filters,
                kernel,
                activation=self.activation,
                kernel_initializer=initializer(self.initial_weights),
                kernel_regularizer=penalty(self.l1.conv, self.l2.conv),
            )(x)
            x = _pool(x, self.pooling, self.pool_size)
        x = drop(keras.layers.Flatten()(x), self.dropout.hidden)
        return keras.Model(inputs, classifier(x, self.dense, num_classes, self), name="convnet")


def _pool(x: Any, pooling: Pooling, size: int) -> Any:
    """The pooling layer; L2 is written with Keras' own operations, so that plain Keras opens the saved file."""
    import keras

    if pooling == "max":
        return keras.layers.MaxPooling2D(size)(x)
    if pooling == "average":
        return keras.layers.AveragePooling2D(size)(x)
    if pooling == "l2":
        sum_of_squares = keras.layers.AveragePooling2D(size)(keras.ops.square(x)) * float(size * size)
        # The floor keeps the root's gradient finite where ReLU has switched a whole window off.
        return keras.ops.sqrt(keras.ops.maximum(sum_of_squares, 1e-12))
    return x
