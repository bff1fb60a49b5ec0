"""The multi-layer perceptron: pixels, hidden dense layers, output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, final

from pydantic import field_validator

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


@final
class MLP(Network):
    """Dense layers on the flattened pixels; the lecture's 784-30-10 is `MLP(hidden=(30,))`.

    Attributes:
        hidden: neurons of each hidden layer; empty for a linear classifier.
        activation: of the hidden layers.
        output: activation of the K output neurons.
        dropout: fraction of inputs and hidden neurons dropped; a number, or `Dropout(input=, hidden=)`.
        l1, l2: penalties on the kernels; a number for all layers, or `Strengths(hidden=, output=)`.
        initial_weights: Keras' initializer of the kernels, or "unit_normal"; biases start at zero.

    >>> MLP(hidden=(100,), dropout=0.2).dropout.hidden
    0.2
    """

    family: ClassVar[str] = "mlp"

    hidden: tuple[Units, ...] = (30,)
    activation: Activation = "sigmoid"
    output: OutputActivation = "softmax"
    dropout: Dropout = Dropout()
    l1: Strengths = Strengths()
    l2: Strengths = Strengths()
    initial_weights: InitialWeights = "glorot_uniform"

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @field_validator("dropout")
    @classmethod
    def _without_maps(cls, dropout: Dropout) -> Dropout:
        if dropout.conv:
            raise ValueError("conv is of convolutional networks, and an MLP has no maps; set input or hidden")
        return dropout

    @property
    def output_activation(self) -> str:
        return self.output

    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Takes images of every shape."""

    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        import keras

        from netgain.networks.layers import classifier, input_pixels

        inputs, x = input_pixels(image_shape, self.dropout.input)
        return keras.Model(inputs, classifier(keras.layers.Flatten()(x), self.hidden, num_classes, self), name="mlp")
