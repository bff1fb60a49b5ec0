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
from netgain.networks.network import ImageShape, Network
from netgain.networks.own_parts import own_parts, pickled, source_of, unpickled

if TYPE_CHECKING:
    import keras

_REFER_TO_LAYERS = {"name", "keras_history", "input_layers", "output_layers"}


@final
class KerasNetwork(Network):
    """Your own Keras model, as it stands: every seed trains it from fresh initial weights.

    Layers of which nothing trains keep the weights they have (a pretrained stem with `trainable=False`, an
    adapted `Normalization`); everything else starts anew, also where an initializer was given a seed: another
    start is what a seed of netgain means. The last layer must end in a softmax or sigmoid, for scores that the
    losses expect. A model that holds a `Rescaling` layer is fed pixels 0..255, any other pixels 0..1. Custom
    layers, activations and regularizers travel along.

    Args:
        model: a built `keras.Model` with one input and one output, or the path of a saved `.keras` file.

    Attributes:
        config: the architecture as JSON, without the compilation.
        frozen_weights: an `.npz` archive of the weights of layers that do not train.
        custom_layers: the model's own layer classes, pickled by value.
        custom_source: their source code, by which a changed layer is a changed network.
        path: the file the model came from, if it came from one.
    """

    family: ClassVar[str] = "keras"

    config: str = Field(repr=False)
    frozen_weights: bytes = Field(default=b"", repr=False)
    custom_layers: bytes = Field(default=b"", repr=False)
    custom_source: str = Field(default="", repr=False)
    path: str | None = None

    @field_validator("config")
    @classmethod
    def _config_is_a_models(cls, config: str) -> str:
        described = json.loads(config)
        if not isinstance(described, dict) or not isinstance(described.get("config"), dict):
            raise ValueError("is no description of a Keras model; give model = 'my.keras'")
        return config

    def __init__(self, model: keras.Model | str | Path | None = None, **fields: Any) -> None:
        if isinstance(model, str | Path):
            fields = {"path": str(model), **_describe(_open(Path(model)))}
        elif model is not None:
            fields = _describe(model)
        super().__init__(**fields)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of architecture, frozen weights and own layers; the names Keras counts up do not matter."""
        described = json.dumps(_without_counted_names(json.loads(self.config)), sort_keys=True)
        digest = hashlib.sha256(f"{described}\n{self.custom_source}".encode())
        for weights in _unpack(self.frozen_weights):
            for weight in weights:
                digest.update(f"{weight.dtype}{weight.shape}".encode() + weight.tobytes())
        return digest.hexdigest()

    @property
    def output_activation(self) -> str | None:
        described = json.loads(self.config)
        while layers := described["config"].get("layers"):  # a model may end in a model
            described = layers[-1]
        if described.get("class_name") == "Softmax":
            return "softmax"
        activation = described["config"].get("activation")
        return activation if isinstance(activation, str) else None

    @property
    def in_memory(self) -> bool:
        return self.path is None

    def fields(self) -> dict[str, Any]:
        """Family and path; for a model that was never saved its fingerprint instead."""
        return {"family": self.family, "model": self.path} if self.path else self.identity()

    def identity(self) -> dict[str, Any]:
        return {"family": self.family, "fingerprint": self.fingerprint}

    def check(self, image_shape: ImageShape, num_classes: int) -> None:
        """Refuses images that do not fill the model's input and another number of outputs than classes.

        Raises:
            RecipeError: with both shapes.
        """
        model = self.build(image_shape, num_classes)
        wanted, outputs = model.input_shape[1:], model.output_shape
        fixed = None not in wanted
        if (fixed and np.prod(wanted) != np.prod(image_shape)) or (not fixed and len(wanted) != 3):
            message = f"the model takes inputs of shape {wanted}, the images have {image_shape} (H, W, C)"
            raise RecipeError("network", [("", message)])
        if len(outputs) != 2 or outputs[-1] != num_classes:
            message = f"the model gives outputs of shape {outputs}, the dataset has {num_classes} classes"
            raise RecipeError("network", [("", f"{message}; end it with Dense({num_classes}, 'softmax')")])

    def build(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        """A new model with fresh weights; frozen layers keep theirs.

        Raises:
            RecipeError: for a model that Keras cannot make again from its description.
        """
        import keras

        try:
            custom = unpickled(self.custom_layers)
            model: Any = keras.saving.deserialize_keras_object(json.loads(self.config), custom_objects=custom)
        except Exception as error:  # Keras raises whatever the description provokes
            advice = "write a Lambda or a lambda as a Layer class or a function with a name"
            reason = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
            raise RecipeError("network", [("model", f"cannot be made again: {reason}; {advice}")]) from error
        for layer, weights in zip(_frozen_layers(model), _unpack(self.frozen_weights), strict=True):
            layer.set_weights(weights)
        return model


def _open(path: Path) -> keras.Model:
    import keras

    if not path.is_file():
        raise RecipeError("network", [("model", f"there is no file {str(path)!r}; give a .keras file")])
    try:
        return keras.saving.load_model(path, compile=False)  # pyright: ignore[reportReturnType]
    except Exception as error:  # Keras raises whatever the file provokes
        raise RecipeError("network", [("model", f"{str(path)!r} is no Keras model that opens: {error}")]) from error


def _describe(model: Any) -> dict[str, Any]:
    """The fields of a model: its config, frozen weights and own layer classes."""
    import keras

    if not isinstance(model, keras.Model):
        raise RecipeError("network", [("model", f"must be a keras.Model or a path; received {model!r}")])
    if not model.built or not isinstance(getattr(model, "input_shape", None), tuple):
        advice = "start it with one keras.Input((28, 28, 1)) and end it with one output"
        raise RecipeError("network", [("model", f"has no input shape yet, or several inputs; {advice}")])
    try:
        config: Any = keras.saving.serialize_keras_object(model)
    except NotImplementedError as error:
        raise RecipeError("network", [("model", f"cannot be described: {error}")]) from error
    config.pop("compile_config", None)
    custom = own_parts(_leaf_layers(model))
    frozen = [layer.get_weights() for layer in _frozen_layers(model)]
    return {
        "config": json.dumps(_without_seeds(config)),
        "frozen_weights": _archive(frozen) if frozen else b"",
        "custom_layers": pickled(custom),
        "custom_source": source_of(custom),
    }


def _without_seeds(config: Any) -> Any:
    """The config with every fixed seed, of an initializer or of dropout, left open."""
    if isinstance(config, dict):
        return {
            key: None if key == "seed" and isinstance(value, int) else _without_seeds(value)
            for key, value in config.items()
        }
    return [_without_seeds(value) for value in config] if isinstance(config, list) else config


def _leaf_layers(model: keras.Model) -> list[keras.Layer]:
    return list(model._flatten_layers(include_self=False))


def _frozen_layers(model: keras.Model) -> list[keras.Layer]:
    """The innermost layers that hold weights of which none trains."""
    return [
        layer
        for layer in _leaf_layers(model)
        if layer.weights and not layer.trainable_weights and not list(layer._flatten_layers(include_self=False))
    ]


def _archive(groups: list[list[np.ndarray]]) -> bytes:
    """One `.npz` with the weights of each layer under `<layer>/<weight>`."""
    buffer = io.BytesIO()
    arrays = {f"{i:04d}/{j:04d}": weight for i, group in enumerate(groups) for j, weight in enumerate(group)}
    np.savez(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def _unpack(archive: bytes) -> list[list[np.ndarray]]:
    """The weights of each layer that :func:`_archive` wrote."""
    groups: dict[str, list[np.ndarray]] = {}
    if archive:
        with np.load(io.BytesIO(archive)) as arrays:
            for name in sorted(arrays.files):
                groups.setdefault(name.partition("/")[0], []).append(arrays[name])
    return list(groups.values())


def _without_counted_names(config: Any) -> Any:
    """The config with layer names (`dense_7`) replaced by their order of appearance."""
    order: dict[str, str] = {}

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            if "class_name" in node and isinstance(node.get("config"), dict) and "name" in node["config"]:
                order.setdefault(node["config"]["name"], f"layer {len(order)}")
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    def rename(node: Any, refers: bool) -> Any:
        if isinstance(node, dict):
            return {key: rename(value, refers or key in _REFER_TO_LAYERS) for key, value in node.items()}
        if isinstance(node, list):
            return [rename(value, refers) for value in node]
        return order.get(node, node) if refers and isinstance(node, str) else node

    collect(config)
    return rename(config, False)
