"""What a user's Keras model is, as plain values, and the model again; refused where the two would differ."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.errors import RecipeError
from netgain.networks.installed import is_installed
from netgain.networks.network import PixelRange
from netgain.networks.own_config import without_seeds
from netgain.networks.own_parts import Parts, called, own_parts, pickled, unpickled
from netgain.networks.reached import UnknowableError, reached

if TYPE_CHECKING:
    import keras

ANY_SIZE = 32
"""The height and width at which a model for images of any size is tried, in pixels."""

_ADDRESS = re.compile(r"0x[0-9a-f]+|own \d+")
_BOLD = re.compile(r"\x1b\[\d*m")
_TOLERANCE = 1e-4


def described(model: Any) -> dict[str, Any]:
    """The fields of a :class:`netgain.networks.families.own.KerasNetwork`: config, weights to keep, own parts, digest.

    Raises:
        RecipeError: for what is not a model, for one that netgain would not train as Keras does, and for one that
            cannot be described so that it is the same model again; with the reason.
    """
    import keras

    model = _with_one_input_and_output(model)
    _refuse_own_training(model)
    layers = layers_of(model)
    parts = own_parts([model, *layers])
    try:
        reach = reached(list(parts.values()))
        content = pickled(parts, reach.modules)
    except UnknowableError as error:
        advice = "give it as a number, a text, an array or a file's content instead, which netgain can compare and copy"
        raise _refused(f"{error}: a result must record everything that it depends on; {advice}") from None
    except Exception as error:  # cloudpickle raises whatever an object's own method raises
        raise _refused(f"your own layers cannot be copied to another process: {error}") from None
    with called(parts):
        try:
            config: Any = keras.saving.serialize_keras_object(model)
            config.pop("compile_config", None)
            text = json.dumps(without_seeds(config))
        except Exception as error:  # whatever a user's get_config raises
            raise _refused(f"cannot be described: {_first_line(error)}") from error
    kept = [[_values_of(variable) if kept else None for variable, kept in of_layer] for of_layer in _kept(model)]
    fields = {"config": text, "kept_weights": _archive(kept), "own_parts": content}
    _check_same(model, rebuilt(text, fields["kept_weights"], unpickled(content)))
    return {**fields, "own_digest": reach.digest if parts else ""}


def rebuilt(config: str, kept_weights: bytes, parts: Parts) -> keras.Model:
    """A new model from its config, with fresh weights but for those that are kept.

    Raises:
        RecipeError: for a model that Keras cannot make again.
    """
    import keras

    try:
        with keras.saving.custom_object_scope(parts):
            model: Any = keras.saving.deserialize_keras_object(json.loads(config))
    except Exception as error:  # Keras raises whatever the description provokes
        advice = "your own layer needs a get_config that returns all arguments of its __init__"
        raise _refused(f"cannot be made again from its config: {_first_line(error)}; {advice}") from error
    for layer, values in zip([model, *layers_of(model)], _unpacked(kept_weights), strict=False):
        put_weights(layer, values)
    return model


def expect_pixels(model: keras.Model, pixels: PixelRange | None) -> keras.Model:
    """The model, which from now on is fed this range of pixels; None leaves it to be found out."""
    if pixels:
        model._netgain_pixels = pixels  # pyright: ignore[reportAttributeAccessIssue]
    return model


def layers_of(model: keras.Model) -> list[keras.Layer]:
    """All layers inside a model, however deep, in Keras' order."""
    return list(model._flatten_layers(include_self=False))


def put_weights(layer: Any, values: dict[int, np.ndarray]) -> None:
    """Give some of a layer's own weights a value, and what the layer derives from them its value too."""
    if values:
        for number, value in values.items():
            own_weights(layer)[number].assign(value)
        store: dict[str, Any] = {}
        layer.save_own_variables(store)
        layer.load_own_variables(store)  # here Normalization works out what it subtracts


def own_weights(layer: Any) -> list[Any]:
    """The variables that belong to a layer itself, and not to a layer inside it."""
    return [*layer._trainable_variables, *layer._non_trainable_variables]


def _with_one_input_and_output(model: Any) -> Any:
    """The model; one that takes or gives its only tensor in a dict or list, as one that takes and gives a tensor.

    Raises:
        RecipeError: for what is not a model or has several inputs or outputs.
    """
    import keras

    if not isinstance(model, keras.Model):
        raise _refused(f"must be a keras.Model or a path; received {model!r:.200}")
    if not getattr(model, "inputs", None):
        made = "" if isinstance(model, keras.Sequential) else ", or wrap it: keras.Model(inputs, model(inputs))"
        raise _refused(f"has no input shape; start it with inputs = keras.Input((28, 28, 1)){made}")
    inputs, outputs = model.inputs, keras.tree.flatten(model.outputs)
    for what, tensors in (("inputs", inputs), ("outputs", outputs)):
        if len(tensors) != 1:
            names = ", ".join(tensor.name for tensor in tensors)
            advice = "netgain trains classifiers with one input, the images, and one output, a score for each class"
            raise _refused(f"has {len(tensors)} {what} ({names}); {advice}: make a keras.Model with one of them")
    if not isinstance(getattr(model, "output", None), dict | list) and isinstance(model.input_shape, tuple):
        return model
    return keras.Model(inputs[0], outputs[0])


def _refuse_own_training(model: Any) -> None:
    """Refuse what Keras' `fit` would do otherwise than netgain's loop does.

    Raises:
        RecipeError: for a `train_step` or `compute_loss` of the model's own, and for float16.
    """
    import keras

    for method in ("train_step", "compute_loss", "fit"):
        if getattr(type(model), method) is not getattr(keras.Model, method):
            advice = "put what it does into layers (add_loss, a regularizer), or give a model without it"
            raise _refused(
                f"its class {type(model).__name__!r} has its own {method}, which netgain does not call; {advice}"
            )
    halves = [layer.name for layer in layers_of(model) if layer.dtype_policy.compute_dtype == "float16"]
    if halves:
        advice = "use float32, or mixed_bfloat16, which needs no loss scaling"
        raise _refused(f"the layer {halves[0]!r} computes in float16, for which Keras scales the loss; {advice}")


def _kept(model: keras.Model) -> Iterator[list[tuple[Any, bool]]]:
    """The weights of the model and of each layer, and whether they stay: no update or training pass changes them."""
    learnt = {id(variable) for variable in model.trainable_variables} | _changed_by_a_training_pass(model)
    for layer in (model, *layers_of(model)):
        yield [(variable, id(variable) not in learnt) for variable in own_weights(layer)]


def _changed_by_a_training_pass(model: Any) -> set[int]:
    """Identities of the variables that a pass in training mode assigns to, such as a batch normalisation's means."""
    import jax

    others = model.non_trainable_variables
    values = [[v.value for v in group] for group in (model.trainable_variables, others)]

    def after(trainable: Any, non_trainable: Any, images: Any) -> Any:
        return model.stateless_call(trainable, non_trainable, images, training=True)[1]

    try:
        traced = jax.make_jaxpr(after)(*values, _blank(model)).jaxpr
    except Exception as error:  # whatever a user's layer raises
        raise _refused(f"cannot be called as in training: {_first_line(error)}") from error
    given = traced.invars[len(values[0]) : len(values[0]) + len(others)]
    return {id(v) for v, old, new in zip(others, given, traced.outvars, strict=True) if old is not new}


def _check_same(model: Any, copy: Any) -> None:
    """Raise a RecipeError for a model whose copy gives other answers, with the same weights and seeds in both."""
    import jax

    if _structure(model) != _structure(copy):
        reason = "a copy made from its config has other weights: one layer cannot contain the weights of another"
        advice = "put layers that share weights into one layer of your own that makes them in its __init__ or build"
        raise _refused(f"{reason}; {advice}")
    for layer, other in zip((model, *layers_of(model)), (copy, *layers_of(copy)), strict=True):
        _check_same_helpers(layer, other)
        put_weights(other, dict(enumerate(map(_values_of, own_weights(layer)))))
    values = [[v.value for v in group] for group in (model.trainable_variables, model.non_trainable_variables)]
    for training in (False, True):
        calls = [_call_of(each, training) for each in (model, copy)]
        if _as_text(calls[0], values, model) != _as_text(calls[1], values, model):
            images = np.random.default_rng(0).uniform(0, 255, _blank(model, 4).shape).astype("float32")
            for scale in (1.0, 1 / 255):
                given = [jax.tree.leaves(call(*values, images * scale)) for call in calls]
                answers = [np.concatenate([np.ravel(np.asarray(x, np.float32)) for x in each]) for each in given]
                if not np.allclose(*answers, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True):
                    raise _refused(_DIFFERS.format(" in training" if training else ""))


def _check_same_helpers(layer: Any, other: Any) -> None:
    """Refuse a user's own initializer or constraint that lost a value: no answer before training would show it."""
    import keras

    kinds = (keras.initializers.Initializer, keras.constraints.Constraint)
    for name, helper in vars(layer).items():
        if isinstance(helper, kinds) and not is_installed(type(helper).__module__):
            mine, copied = (
                {k: v for k, v in vars(x).items() if "seed" not in k} for x in (helper, getattr(other, name))
            )
            if reached(sorted(mine.items())).digest != reached(sorted(copied.items())).digest:
                what = f"{name} of {layer.name!r} ({type(helper).__name__})"
                advice = "its get_config must return all arguments of its __init__"
                raise _refused(f"in a copy made from its config, {what} differs; {advice}")


_DIFFERS = (
    "a copy made from its config and weights gives other answers{}; the arguments of your own layer must be in its "
    "get_config, its computed values must be weights (add_weight), and its random numbers must come from a "
    "keras.random.SeedGenerator"
)


def _structure(model: Any) -> list[Any]:
    return [len(model.variables), *([v.shape for v in own_weights(layer)] for layer in (model, *layers_of(model)))]


def _call_of(model: Any, training: bool) -> Callable[..., Any]:
    """From weights and images to the scores and what the model adds to the loss."""
    return lambda *given: model.stateless_call(*given, training=training, return_losses=True)[::2]


def _as_text(call: Callable[..., Any], values: list[Any], model: Any) -> tuple[str, list[bytes]]:
    """What a model computes: its operations as JAX writes them, and the values that are built in."""
    import jax

    traced = jax.make_jaxpr(call)(*values, _blank(model))
    return _ADDRESS.sub("", str(traced.jaxpr)), [np.asarray(value).tobytes() for value in traced.consts]


def _values_of(variable: Any) -> np.ndarray:
    """A variable's values in a type that NumPy can save, which it cannot bfloat16."""
    values = np.asarray(variable.value)
    return values.astype(np.float32) if values.dtype.kind == "V" else values


def _blank(model: Any, num_images: int = 2) -> np.ndarray:
    shape = tuple(ANY_SIZE if size is None else size for size in model.inputs[0].shape[1:])
    return np.zeros((num_images, *shape), "float32")


def _archive(groups: list[list[np.ndarray | None]]) -> bytes:
    """One `.npz` with the kept weights of each layer under `<layer>/<weight>`; empty without any."""
    arrays = {
        f"{i}/{j}": weight for i, group in enumerate(groups) for j, weight in enumerate(group) if weight is not None
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue() if arrays else b""


def _unpacked(archive: bytes) -> Iterator[dict[int, np.ndarray]]:
    """The weights that :func:`_archive` wrote, by place, layer by layer."""
    if archive:
        with np.load(io.BytesIO(archive)) as arrays:
            places = {tuple(map(int, name.split("/"))): arrays[name] for name in arrays.files}
        for layer in range(max(i for i, _ in places) + 1):
            yield {j: value for (i, j), value in places.items() if i == layer}


def _refused(message: str) -> RecipeError:
    return RecipeError("network", [("model", message)])


def _first_line(error: Exception) -> str:
    """What an error says; of one of Keras' that quotes another, what the innermost says."""
    said = error.args[0] if isinstance(error, KeyError) and error.args else error  # which escapes its own text
    text = _BOLD.sub("", str(said)).rpartition("Exception encountered: ")[2].partition("\n\nArguments received by ")[0]
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("Exception encountered when")]
    return lines[0].strip()[:300] if lines else type(error).__name__
