"""A drop-in for Keras' `model.fit`, which trains the same model with netgain's engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from netgain.engine.setup import prepare_jax
from netgain.errors import TrainingError

if TYPE_CHECKING:
    import keras

DEFAULT_BATCH_SIZE = 32
"""As in Keras."""

BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)

PER_EPOCH: Mapping[str, Mapping[str, tuple[Any, ...]]] = MappingProxyType(
    {
        "BackupAndRestore": {"save_freq": ("epoch", False)},
        "ModelCheckpoint": {"save_freq": ("epoch",)},
        "OrbaxCheckpoint": {"save_freq": ("epoch",)},
        "ProgbarLogger": {},
        "TensorBoard": {"update_freq": ("epoch",), "_should_trace": (False,), "write_steps_per_second": (False,)},
    }
)
"""Keras' callbacks that have hooks for mini-batches, and with which arguments these do nothing."""


def fit(
    model: keras.Model,
    x: Any,
    y: Any = None,
    batch_size: int | None = None,
    epochs: int = 1,
    verbose: Any = "auto",
    callbacks: Any = None,
    validation_split: float = 0.0,
    validation_data: Any = None,
    shuffle: bool = True,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: Any = None,
    initial_epoch: int = 0,
    validation_batch_size: int | None = None,
    validation_freq: int | Sequence[int] = 1,
) -> keras.callbacks.History:
    """Train a compiled Keras model where `model.fit` stands today: same arguments, same work, same history, quicker.

    The loop over the epochs is Keras' own, so history, callbacks, validation and what the model and its optimizer hold
    afterwards are as after `model.fit`. Images are shuffled by NumPy's global generator, as Keras does it: after
    `keras.utils.set_random_seed` the order is the same. Losses and weights are equal to rounding, except that the masks
    of `Dropout` are drawn in another, quicker way.

    Args:
        model: compiled, on Keras' JAX backend. Its own `train_step` is used.
        x: inputs `[n, ...]`: an array, or a tuple, list or dictionary of arrays for a model with several inputs.
        y: targets `[n, ...]`, likewise.
        batch_size: items per update; 32 if None.
        epochs: number of the last epoch; with `initial_epoch=0`, how many.
        verbose: 0 says nothing, 1 shows a bar, 2 a line an epoch; "auto" is 1.
        callbacks: Keras' or your own. Those that act at a mini-batch are refused: an epoch is few compiled calls.
        validation_split: fraction of the items, from the end, that validates instead of training.
        validation_data: `(x, y)` or `(x, y, sample_weight)`, instead.
        shuffle: a new order in each epoch.
        class_weight: class -> weight of its items in the loss.
        sample_weight: weights `[n]` of the items in the loss.
        initial_epoch: epoch to begin with.
        validation_batch_size: items per step of the validation; as `batch_size` if None.
        validation_freq: validate every so many epochs, or after these epochs, counted from 1.

    Raises:
        TrainingError: for a model that is not compiled or wants to run step by step, for another backend, for data
            that are no arrays, for a callback that acts at a mini-batch.
        ValueError: what Keras says to arguments that do not fit together.

    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> history = fit(model, np.eye(4), np.array([0, 1, 2, 0]), epochs=5, verbose=0)
    >>> len(history.history["loss"])
    5
    """
    prepare_jax()
    check_model(model)
    check_arrays(x=x, y=y, sample_weight=sample_weight)
    check_validation(validation_data)
    check_callbacks(callbacks)
    check_settings(shuffle, batch_size=batch_size, validation_batch_size=validation_batch_size)
    from netgain.engine.fitting import Data, fit_model

    data = Data(x, y, sample_weight, validation_data, validation_split)
    sizes = batch_size or DEFAULT_BATCH_SIZE, validation_batch_size or batch_size or DEFAULT_BATCH_SIZE
    settings: dict[str, Any] = {"epochs": epochs, "initial_epoch": initial_epoch, "validation_freq": validation_freq}
    settings |= {"shuffle": shuffle, "class_weight": class_weight}
    return fit_model(model, data, sizes, callbacks, verbose, settings)


def check_model(model: Any) -> None:
    """Refuse what Keras' `fit` could not train, or what asks for steps that a person can watch.

    Raises:
        TrainingError: with the reason and what to do.
    """
    import keras

    if not isinstance(model, keras.Model):
        raise TrainingError(f"ng.fit trains a keras.Model; received {type(model).__name__}")
    if not model.compiled or model.optimizer is None:
        raise TrainingError(f"the model {model.name!r} is not compiled; call model.compile(optimizer, loss) before")
    if model.run_eagerly or not model.jit_compile:
        asked = "run_eagerly=True" if model.run_eagerly else "jit_compile=False"
        raise TrainingError(
            f"the model {model.name!r} was compiled with {asked}, but ng.fit compiles whole epochs; compile it without "
            "that, or use model.fit"
        )
    if keras.config.max_steps_per_epoch():
        raise TrainingError("ng.fit trains whole epochs; unset KERAS_MAX_STEPS_PER_EPOCH, or use model.fit")
    if keras.distribution.distribution() is not None:
        raise TrainingError("ng.fit trains on one device; unset keras.distribution, or use model.fit")


def check_arrays(**given: Any) -> None:
    """Refuse generators and dataset objects, and arrays of different numbers of items; the first must be there.

    Raises:
        TrainingError: with what was given.
    """
    import keras

    sizes: dict[str, set[int]] = {}
    for name, arrays in given.items():
        parts = [part for part in keras.tree.flatten(arrays) if part is not None]
        for part in parts:
            if not (getattr(part, "shape", None) and hasattr(part, "__array__")):
                raise TrainingError(
                    f"{name} must be an array, or a tuple, list or dictionary of arrays; received {_kind(part)}. "
                    "Gather its items in arrays (np.stack), or use model.fit, which takes one mini-batch after another"
                )
        if parts:
            sizes[name] = {int(part.shape[0]) for part in parts}
    found = set().union(*sizes.values())
    if next(iter(given)) not in sizes or len(found) != 1 or 0 in found:
        told = ", ".join(f"{name} {' and '.join(map(str, sorted(size)))}" for name, size in sizes.items()) or "no array"
        raise TrainingError(f"{', '.join(given)} need the same number of items, at least one; received {told}")


def check_validation(data: Any) -> None:
    """Refuse validation data that are not two or three arrays.

    Raises:
        TrainingError: with what was given.
    """
    if data is None:
        return
    if not isinstance(data, tuple | list) or len(data) not in {2, 3}:
        raise TrainingError(f"validation_data must be (x, y) or (x, y, sample_weight); received {_kind(data)}")
    names = ("validation x", "validation y", "validation sample_weight")[: len(data)]
    check_arrays(**dict(zip(names, data, strict=True)))


def check_settings(shuffle: Any, **sizes: Any) -> None:
    """Refuse another order than Keras' or none, and sizes that are no numbers of items.

    Raises:
        TrainingError: with what was given.
    """
    if not isinstance(shuffle, bool):
        raise TrainingError(f"shuffle must be True or False; received {shuffle!r}")
    for name, size in sizes.items():
        if size is not None and (not isinstance(size, int) or size < 1):
            raise TrainingError(f"{name} must be a whole number above 0; received {size!r}")


def check_callbacks(callbacks: Any) -> None:
    """Refuse callbacks that act at a mini-batch.

    Raises:
        TrainingError: with the callback and its hook.
    """
    import keras

    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    for callback in keras.tree.flatten(callbacks) if callbacks else []:
        if not isinstance(callback, keras.callbacks.Callback):
            raise TrainingError(f"callbacks must be keras.callbacks.Callback objects; received {_kind(callback)}")
        if why := _acts_at_batches(callback):
            raise TrainingError(
                f"the callback {type(callback).__name__} acts at every mini-batch ({why}), but ng.fit trains many of "
                "them in one compiled call; let it act at epochs, or use model.fit"
            )


def _acts_at_batches(callback: Any) -> str:
    """Which hook or argument makes a callback act at mini-batches; empty if none does."""
    import keras

    kind = type(callback)
    if kind.__module__.startswith("keras.") and kind.__name__ in PER_EPOCH:
        for argument, allowed in PER_EPOCH[kind.__name__].items():
            if (value := getattr(callback, argument, allowed[0])) not in allowed:
                return f"{argument.removeprefix('_')}={value!r}"
        return ""
    plain = keras.callbacks.Callback
    for hook in BATCH_HOOKS:
        if hook in vars(callback) or getattr(kind, hook) is not getattr(plain, hook):
            return hook
    return ""


def _kind(value: Any) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
