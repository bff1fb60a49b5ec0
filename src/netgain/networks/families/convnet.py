"""The convolutional network: blocks of convolution and pooling, dense layers, output."""

from __future__ import annotations

from functools import partial
from itertools import starmap
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, final

from pydantic import Field, PlainSerializer, PlainValidator, field_validator, model_validator

from netgain.errors import RecipeError
from netgain.networks.network import (
    Activation,
    BatchNorm,
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
GlobalPooling = Literal["none", "average", "max"]
Padding = Literal["valid", "same"]
Size = Annotated[int, Field(gt=0, le=1000)]
MOST = 1000
"""Pixels of a side, of a kernel, a window or a stride."""


def _one_if_equal(entries: Any) -> Any:
    """Of equal networks, equal fields: one value instead of the same one for each block."""
    return entries[0] if len(set(entries)) == 1 else tuple(entries)


def _sizes(value: Any) -> Any:
    entries = value if isinstance(value, list | tuple) else [value]
    good = all(isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= MOST for one in entries)
    if not good or not entries:
        raise ValueError(f"must be a whole number from 1 to {MOST}, or one for each block; received {value!r}")
    return _one_if_equal(entries)


def _paddings(value: Any) -> Any:
    entries = value if isinstance(value, list | tuple) else [value]
    if not entries or not all(one in {"valid", "same"} for one in map(str, entries)):
        raise ValueError(f"must be 'valid' or 'same', or one of them for each block; received {value!r}")
    return _one_if_equal(entries)


def _as_given(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


Sizes = Annotated[int | tuple[int, ...], PlainValidator(_sizes), PlainSerializer(_as_given)]
Paddings = Annotated[Padding | tuple[Padding, ...], PlainValidator(_paddings), PlainSerializer(_as_given)]


class Block(NamedTuple):
    """One block of a :class:`ConvNet`: sizes are sides in pixels; a `pool` of 1 is no pooling."""

    filters: int
    kernel: int
    stride: int
    padding: Padding
    pool: int

    def convolved(self, size: int) -> int:
        """Rows, or columns, of the maps before pooling, of that many of the input."""
        return -(-size // self.stride) if self.padding == "same" else (size - self.kernel) // self.stride + 1


@final
class ConvNet(Network):
    """Convolution and pooling blocks, then dense layers; the lecture's network is `ConvNet(filters=(16,))`.

    Attributes:
        filters: feature maps of each convolution; one entry per block.
        kernel_size: side of the kernels in pixels; one number for all blocks or one per block.
        pooling: what each pooling window gives: its maximum, its mean, its L2 norm (root of the sum
            of squares), or "none" for no pooling.
        pool_size: side of the window, in pixels; must divide the feature map. One number for all blocks or one per
            block; 1 is no pooling there.
        dense: neurons of each hidden dense layer after the last block.
        activation: of convolutions and hidden dense layers.
        output: activation of the K output neurons.
        dropout: `hidden` is the fraction dropped of the input of each dense layer, also the output layer; `input`
            is the fraction of the pixels; `conv` that of the maps after each block that pools or has strides.
        l1, l2: penalties on the kernels; a number for all layers or `Strengths(conv=, hidden=, output=)`.
        initial_weights: Keras' initializer of the kernels, or "unit_normal"; biases start at zero.
        batch_norm: normalize over the mini-batch (Ioffe & Szegedy 2015), with the defaults of Keras: True between a
            convolution or hidden dense layer, which then has no bias, and its activation; "after" after the activation.
        residual: each entry of `filters` is a residual block (He et al. 2016, figure 2): two convolutions, the first
            with the block's stride, whose maps are added to the block's input before the second activation. Where the
            shape changes, the input goes through a 1×1 convolution. Needs padding "same".
        padding: "valid", or "same" for zeros around the maps that keep their size, divided by the stride; one for all
            blocks or one per block.
        strides: pixels from one place of the kernel to the next; one number for all blocks or one per block.
        global_pooling: the mean or the maximum of each map goes to the dense layers, instead of all its pixels.
        separable: a k×k convolution of each map on its own, then a 1×1 convolution of all (Chollet 2017).

    >>> ConvNet(filters=(32, 32), kernel_size=5).kernel_size
    (5, 5)
    >>> small = ConvNet(filters=(8, 16), kernel_size=3, padding="same", residual=True, global_pooling="average")
    >>> small.build((28, 28, 1), 10).count_params()
    4482
    """

    family: ClassVar[str] = "convnet"

    filters: Annotated[tuple[Units, ...], Field(min_length=1)] = (16,)
    kernel_size: tuple[Size, ...] = (5,)
    pooling: Pooling = "max"
    pool_size: Sizes = 2
    dense: tuple[Units, ...] = ()
    activation: Activation = "relu"
    output: OutputActivation = "softmax"
    dropout: Dropout = Dropout()
    l1: Strengths = Strengths()
    l2: Strengths = Strengths()
    initial_weights: InitialWeights = "glorot_uniform"
    batch_norm: BatchNorm = False
    padding: Paddings = "valid"
    strides: Sizes = 1
    residual: bool = False
    global_pooling: GlobalPooling = "none"
    separable: bool = False

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

    @field_validator("kernel_size", "pool_size", "strides", "padding")
    @classmethod
    def _one_for_each_block(cls, values: Any, info: Any) -> Any:
        filters = info.data.get("filters", ())
        if filters and isinstance(values, tuple) and len(values) != len(filters):
            raise ValueError(f"give one, or one for each of the {len(filters)} blocks; received {values}")
        return values

    @field_validator("residual")
    @classmethod
    def _can_be_added(cls, residual: bool, info: Any) -> bool:
        if residual and info.data.get("padding", "same") != "same":
            raise ValueError("adds a block's input to its maps, which needs padding='same'; set padding too")
        if residual and info.data.get("batch_norm") == "after":
            raise ValueError("needs batch_norm before the activation; set batch_norm=True, or False")
        return residual

    @property
    def output_activation(self) -> str:
        return self.output

    def blocks(self) -> list[Block]:
        """The blocks, the first one first, with a value of each field.

        >>> ConvNet(filters=(8, 16), strides=(1, 2)).blocks()[1]
        Block(filters=16, kernel=5, stride=2, padding='valid', pool=2)
        """
        count = len(self.filters)
        strides, pads, pools = (
            value if isinstance(value, tuple) else (value,) * count
            for value in (self.strides, self.padding, self.pool_size if self.pooling != "none" else 1)
        )
        return list(starmap(Block, zip(self.filters, self.kernel_size, strides, pads, pools, strict=True)))

    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Refuses kernels larger than their input, pooling that does not divide, and dropout of no maps.

        Raises:
            RecipeError: with the block and the sizes.
        """
        height, width, _ = image_shape
        for number, block in enumerate(self.blocks(), 1):
            kernel, pool = block.kernel, block.pool
            if block.padding == "valid" and kernel > min(height, width):
                message = f"the {kernel}×{kernel} kernel of block {number} is larger than its {height}×{width} input"
                raise RecipeError("network", [("kernel_size", message)])
            height, width = block.convolved(height), block.convolved(width)
            if height % pool or width % pool:
                message = (
                    f"{pool} does not divide the {height}×{width} maps of block {number}; "
                    "choose another pool_size or kernel_size, or pooling='none'"
                )
                raise RecipeError("network", [("pool_size", message)])
            height, width = height // pool, width // pool
        if self.dropout.conv and not any(map(_makes_smaller, self.blocks())):
            message = "drops maps after blocks that pool or have strides, and no block does; use dropout.hidden"
            raise RecipeError("network", [("dropout.conv", message)])

    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        import keras

        from netgain.networks.layers import classifier, drop, input_pixels

        inputs, x = input_pixels(image_shape, self.dropout.input)
        blocks = self.blocks()
        for number, block in enumerate(blocks, 1):
            x = _pool(
                self._residual(x, block) if self.residual else self._convolved(x, block), self.pooling, block.pool
            )
            last = number == len(blocks) and self.dropout.hidden  # which drops the same maps
            x = drop(x, self.dropout.conv if _makes_smaller(block) and not last else 0)
        flat = {
            "none": keras.layers.Flatten,
            "average": keras.layers.GlobalAveragePooling2D,
            "max": keras.layers.GlobalMaxPooling2D,
        }[self.global_pooling]()
        x = drop(flat(x), self.dropout.hidden)
        return keras.Model(inputs, classifier(x, self.dense, num_classes, self, self.batch_norm), name="convnet")

    def _convolved(self, x: Any, block: Block) -> Any:
        from netgain.networks.layers import activated

        return activated(x, self._convolution(block), self.activation, self.batch_norm)

    def _residual(self, x: Any, block: Block) -> Any:
        import keras

        from netgain.networks.layers import activated

        shortcut = x
        if block.stride > 1 or x.shape[-1] != block.filters:
            matching = self._convolution(block._replace(kernel=1), keras.layers.Conv2D)
            shortcut = activated(x, matching, "linear", self.batch_norm)
        x = activated(x, self._convolution(block), self.activation, self.batch_norm)
        x = activated(x, self._convolution(block._replace(stride=1)), "linear", self.batch_norm)
        return keras.layers.Activation(self.activation)(keras.layers.Add()([shortcut, x]))

    def _convolution(self, block: Block, kind: Any = None) -> Any:
        """The block's convolution, which still takes its activation and whether it has a bias."""
        import keras

        from netgain.networks.layers import initializer, penalty

        kind = kind or (keras.layers.SeparableConv2D if self.separable else keras.layers.Conv2D)
        kernels = ("depthwise", "pointwise") if kind is keras.layers.SeparableConv2D else ("kernel",)
        options: dict[str, Any] = {}
        for kernel in kernels:
            options[f"{kernel}_initializer"] = initializer(self.initial_weights)
            options[f"{kernel}_regularizer"] = penalty(self.l1.conv, self.l2.conv)
        return partial(kind, block.filters, block.kernel, strides=block.stride, padding=block.padding, **options)


def _makes_smaller(block: Block) -> bool:
    return block.stride > 1 or block.pool > 1


def _pool(x: Any, pooling: Pooling, size: int) -> Any:
    """The pooling layer; L2 is written with Keras' own operations, so that plain Keras opens the saved file."""
    import keras

    if size == 1:
        return x
    if pooling == "max":
        return keras.layers.MaxPooling2D(size)(x)
    if pooling == "average":
        return keras.layers.AveragePooling2D(size)(x)
    sum_of_squares = keras.layers.AveragePooling2D(size)(keras.ops.square(x)) * float(size * size)
    # The floor keeps the root's gradient finite where ReLU has switched a whole window off.
    return keras.ops.sqrt(keras.ops.maximum(sum_of_squares, 1e-12))
