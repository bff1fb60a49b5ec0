"""A user's own Keras model as a network family."""

from __future__ import annotations

import hashlib
import io
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, final

import numpy as np
from pydantic import Field, field_validator

from netgain.errors import RecipeError
from netgain.experiment.shown import ShownField
from netgain.networks.keras_settings import STANDARD, KerasSettings
from netgain.networks.network import ImageShape, Network, PixelRange
from netgain.networks.own_compiled import Compiled, compiled_in, compiled_of
from netgain.networks.own_config import layer_kinds, without_counted_names
from netgain.networks.own_description import described, expect_pixels, rebuilt
from netgain.networks.own_parts import Parts, unpickled

if TYPE_CHECKING:
    import keras

FINGERPRINT = "3"
"""Raised when what a fingerprint holds changes: runs of the same model under an older one are not found."""


@final
class KerasNetwork(Network):
    """Your own Keras model, unchanged: every seed trains it from fresh initial weights.

    Weights that neither the optimizer nor a pass in training mode changes keep their values (a pretrained stem with
    `trainable=False`, an adapted `Normalization`). Everything else starts fresh, even if an initializer was given a
    seed: another start is what a seed of netgain means. The last layer must end in a softmax or sigmoid, for scores
    that the losses expect. Your own layers, activations, regularizers and `Lambda` functions are copied as they are
    when this object is made, with the variables, arrays and functions of your modules that they use.

    Args:
        model: a built `keras.Model` with one input and one output, or the path of a saved `.keras` file.
        pixels: the range of pixels that the model expects: "0..1" or "0..255". None to find out: the range with which
            the input of the first layer with weights spreads over about 1. A model that begins with
            `Rescaling(1 / 255)` or `x / 255.0` gets 0..255, one that begins with a convolution gets 0..1.

    Attributes:
        config: the architecture as JSON, without the compilation.
        kept_weights: an `.npz` archive of the weights that keep their values.
        own_parts: your own classes and functions, pickled by value.
        own_digest: SHA-256 (hex) of everything that they use; empty if there are none.
        keras_settings: `floatx`, `epsilon`, image format and dtype policy of Keras when this object was made, on which
            your own code may depend; the standard ones without own code.
        path: the file the model came from, if it came from one.
        compiled: the optimizer and the loss that the model was compiled with, which a recipe takes that gives none;
            None for a model that was not compiled. They do not make another network of it.

    Raises:
        RecipeError: for a model that netgain cannot copy exactly, or would not train as Keras does.

    >>> import keras
    >>> layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    >>> KerasNetwork(keras.Sequential(layers)).build((8, 8, 1), 10).count_params()
    650
    """

    family: ClassVar[str] = "keras"

    config: str = Field(repr=False)
    kept_weights: bytes = Field(default=b"", repr=False)
    own_parts: bytes = Field(default=b"", repr=False)
    own_digest: str = Field(default="", repr=False)
    keras_settings: KerasSettings = Field(default=STANDARD, repr=False)
    pixels: PixelRange | None = None
    path: str | None = None
    compiled: Compiled | None = Field(default=None, repr=False)

    @field_validator("config")
    @classmethod
    def _config_is_a_models(cls, config: str) -> str:
        description = json.loads(config)
        if not isinstance(description, dict) or not isinstance(description.get("config"), dict):
            raise ValueError("is not a description of a Keras model; give model = 'my.keras'")
        return config

    def __init__(self, model: keras.Model | str | Path | None = None, **fields: Any) -> None:
        if isinstance(model, str | Path):
            fields |= {"path": str(model), **described(_opened(Path(model))), "compiled": compiled_in(Path(model))}
        elif model is not None:
            fields |= {**described(model), "compiled": compiled_of(model)}
        if model is not None and fields["own_digest"]:
            fields["keras_settings"] = KerasSettings.now()
        super().__init__(**fields)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of architecture, kept weights and own code; the names Keras counts up do not matter."""
        description = json.dumps(without_counted_names(json.loads(self.config)), sort_keys=True)
        digest = hashlib.sha256(f"{FINGERPRINT}\n{description}\n{self.own_digest}".encode())
        if self.kept_weights:
            with np.load(io.BytesIO(self.kept_weights)) as arrays:
                for name in sorted(arrays.files):
                    digest.update(f"{name}{arrays[name].dtype}{arrays[name].shape}".encode() + arrays[name].tobytes())
        return digest.hexdigest()

    @property
    def output_activation(self) -> str | None:
        description = json.loads(self.config)
        while layers := description["config"].get("layers"):  # a model may end in a model
            description = layers[-1]
        if description.get("class_name") == "Softmax":
            return "softmax"
        activation = description["config"].get("activation")
        return activation if isinstance(activation, str) else None

    @property
    def in_memory(self) -> bool:
        return self.path is None

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [(field.path, field.value) for field in self.shown_fields() if field.differs]

    def shown_fields(self) -> list[ShownField]:
        """Where the model came from, its layers by kind, what of it is known by a code, and the pixels it takes."""
        layers = ", ".join(layer_kinds(json.loads(self.config)))
        given = {"model": self.path or "in memory", "layers": layers, "fingerprint": self.fingerprint[:12]}
        return [*(ShownField(*field, ...) for field in given.items()), ShownField("pixels", self.pixels, None)]

    @property
    def parts(self) -> Parts:
        """Your own classes and functions by the names that the config gives them: new copies at every call."""
        return unpickled(self.own_parts)

    def fields(self) -> dict[str, Any]:
        """Family, path and pixels; for a model that was never saved its fingerprint instead of the path."""
        which = {"model": self.path} if self.path else {"fingerprint": self.fingerprint}
        return {"family": self.family, **which, **self._chosen()}

    def identity(self) -> dict[str, Any]:
        settings = {} if self.keras_settings == STANDARD else {"keras_settings": self.keras_settings.model_dump()}
        return {"family": self.family, "fingerprint": self.fingerprint, **settings, **self._chosen()}

    def _chosen(self) -> dict[str, Any]:
        return {"pixels": self.pixels} if self.pixels else {}

    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Refuses images of another shape than the model's input and another number of outputs than classes.

        Raises:
            RecipeError: with both shapes.
        """
        model = self.build(image_shape, num_classes)
        wanted, outputs = tuple(model.input_shape[1:]), model.output_shape
        if not takes_images(wanted, image_shape):
            height, width, channels = image_shape
            message = (
                f"the model takes inputs of shape {wanted}, but the images have {image_shape} (height, width, channels)"
            )
            advice = f"begin it with keras.Input(({height}, {width}, {channels})), or resize the images to its shape"
            raise RecipeError("network", [("", f"{message}; {advice}")])
        if len(outputs) != 2 or outputs[-1] != num_classes:
            message = f"the model gives outputs of shape {outputs}, but the dataset has {num_classes} classes"
            raise RecipeError("network", [("", f"{message}; end it with Dense({num_classes}, 'softmax')")])

    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        """A new model with fresh weights; those that nothing changes keep their values.

        Raises:
            RecipeError: for a model that Keras cannot make again from its description.
        """
        return expect_pixels(rebuilt(self.config, self.kept_weights, self.parts), self.pixels)


def takes_images(wanted: tuple[int | None, ...], image_shape: ImageShape) -> bool:
    """Whether a model's input of this shape is the images as they are, flattened, or without a channel axis of 1.

    Any other shape with as many numbers would pour the rows of an image into other rows.

    >>> [takes_images(shape, (12, 20, 1)) for shape in ((12, 20, 1), (12, 20), (240,), (None, None, 1), (20, 12, 1))]
    [True, True, True, True, False]
    """
    height, width, channels = image_shape
    allowed = [image_shape, (height * width * channels,), *([(height, width)] if channels == 1 else [])]
    return any(
        len(wanted) == len(shape) and all(size in (None, given) for size, given in zip(wanted, shape, strict=True))
        for shape in allowed
    )


def _opened(path: Path) -> keras.Model:
    import keras

    if not path.is_file():
        raise RecipeError("network", [("model", f"there is no file {str(path)!r}; give a .keras file")])
    try:
        return keras.saving.load_model(path, compile=False)  # pyright: ignore[reportReturnType]
    except Exception as error:  # Keras raises whatever the file provokes
        reason = f"{str(path)!r} cannot be opened as a Keras model: {str(error).strip().partition(chr(10))[0]:.300}"
        advice = "if it has your own layers, open it with keras.saving.load_model(path, custom_objects=...) and pass it"
        raise RecipeError("network", [("model", f"{reason}; {advice}")]) from error
