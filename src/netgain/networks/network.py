"""What every network family offers, and the field types that families share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol, final

from pydantic import Field, PlainValidator, model_validator

from netgain.experiment.base import Declaration

if TYPE_CHECKING:
    import keras

ImageShape = tuple[int, int, int]
Activation = Literal["sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "linear"]
OutputActivation = Literal["sigmoid", "softmax"]
InitialWeights = Literal[
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "unit_normal",
]


def _before_or_after(value: Any) -> Any:
    if value not in (True, False, "after") or not isinstance(value, bool | str):
        raise ValueError(f"must be true, false or 'after' (the activation); received {value!r}")
    return value


BatchNorm = Annotated[bool | Literal["after"], PlainValidator(_before_or_after)]
"""Whether batch normalization stands before the activation of each hidden layer; "after": after it."""
PixelRange = Literal["0..1", "0..255"]
Units = Annotated[int, Field(gt=0, le=100_000)]
Fraction = Annotated[float, Field(ge=0, lt=1)]
Strength = Annotated[float, Field(ge=0)]


class Family(Declaration, ABC):
    """A family of networks, whatever they answer: its name, and its fields as text."""

    called: ClassVar[str] = "network"
    family: ClassVar[str]

    def fields(self) -> dict[str, Any]:
        """This network as plain values for TOML: the family and every field."""
        return {"family": self.family, **self.model_dump(mode="json", exclude_none=True)}

    def identity(self) -> dict[str, Any]:
        """What makes this network this network, for the digest of a recipe: fields at their default stay out."""
        return {"family": self.family, **self.model_dump(mode="json", exclude_defaults=True)}


class Network(Family, ABC):
    """A family of networks that classify: declares the layers, builds the Keras model.

    The model takes images `[B, H, W, C]` and gives scores `[B, K]`. One that holds a `Rescaling` layer gets
    pixels 0..255, any other gets pixels 0..1.
    """

    @abstractmethod
    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        """A new Keras model with fresh weights from Keras' global seed."""

    @abstractmethod
    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Refuse images of a shape `(H, W, C)` or a number of classes that this network cannot take.

        Raises:
            RecipeError: with the reason.
        """

    @property
    @abstractmethod
    def output_activation(self) -> str | None:
        """The activation of the last layer by Keras' name, or None where it cannot be known."""

    @property
    def in_memory(self) -> bool:
        """Whether no text can name this network, because it lives in this process only."""
        return False


@final
class Dropout(Declaration):
    """The fractions dropped at random while training. One number sets `input` and `hidden`.

    Attributes:
        input: of the pixels.
        hidden: of the input of each dense layer after the first hidden or convolutional layer.
        conv: of the maps after each block of convolutions that makes them smaller, by pooling or by strides. After
            the last block, `hidden` stands instead if it is not 0.
    """

    called: ClassVar[str] = "dropout"

    input: Fraction = 0.0
    hidden: Fraction = 0.0
    conv: Fraction = 0.0

    @model_validator(mode="before")
    @classmethod
    def _one_number_is_both(cls, value: Any) -> Any:
        return {"input": value, "hidden": value} if isinstance(value, int | float) else value


@final
class Strengths(Declaration):
    """The strength λ of a weight penalty (λ Σ w² or λ Σ |w|) by kind of layer. One number sets all.

    Attributes:
        conv: on the kernels of the convolutional layers.
        hidden: on the kernels of the hidden dense layers.
        output: on the kernel of the output layer, as in the lecture.
    """

    called: ClassVar[str] = "penalty"

    conv: Strength = 0.0
    hidden: Strength = 0.0
    output: Strength = 0.0

    @model_validator(mode="before")
    @classmethod
    def _one_number_is_all(cls, value: Any) -> Any:
        return dict.fromkeys(("conv", "hidden", "output"), value) if isinstance(value, int | float) else value


class DenseLayers(Protocol):
    """What families with dense layers at their end share."""

    @property
    def activation(self) -> Activation: ...

    @property
    def output(self) -> OutputActivation: ...

    @property
    def dropout(self) -> Dropout: ...

    @property
    def l1(self) -> Strengths: ...

    @property
    def l2(self) -> Strengths: ...

    @property
    def initial_weights(self) -> InitialWeights: ...
