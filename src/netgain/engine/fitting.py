"""Trains a user's compiled Keras model inside Keras' own `fit`, many mini-batches to one compiled call.

Keras' `fit` calls the device once for each mini-batch. Here what it takes for a mini-batch is the places of many images
in an order, and what it takes for its train function goes through all of them: so its loop, its history, its callbacks
and the model's own `train_step` stay Keras', and the time between two mini-batches is gone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine import native
from netgain.engine.fast_layers import fast_layers

Arrays = Any
"""Arrays `[n, ...]`, one of them or a tuple, list or dictionary of them."""

MOST_PIECES = 20
"""Of an epoch, so that the progress bar moves; each costs a call to the device."""

FEWEST_STEPS = 20
"""Of a piece, where an epoch has as many."""


class Cut(NamedTuple):
    """How an epoch of `size` items is cut: in equal pieces of full mini-batches, and what is left over as the last.

    >>> Cut.of(60_000, 128, MOST_PIECES)
    Cut(size=60000, batch_size=128, steps=26)
    >>> Cut.of(100, 128, MOST_PIECES).piece
    100
    """

    size: int
    batch_size: int
    steps: int

    @classmethod
    def of(cls, size: int, batch_size: int, most: int) -> Cut:
        """At most so many pieces beside what is left over, all with the same number of mini-batches."""
        full = size // batch_size
        wanted = range(1, min(most, full // FEWEST_STEPS) + 1)
        pieces = max((number for number in wanted if full % number == 0), default=1)
        return cls(size, batch_size, full // pieces)

    @property
    def piece(self) -> int:
        """Items of a piece."""
        return self.steps * self.batch_size or self.size

    @property
    def num_batches(self) -> int:
        """Mini-batches of an epoch."""
        return math.ceil(self.size / self.batch_size)

    def batches_after(self, number: int) -> int:
        """How many mini-batches are done after piece `number`, counted from 0."""
        return min((number + 1) * max(self.steps, 1), self.num_batches)


COMPILED = "_netgain_compiled"
"""The attribute of a model that holds what was compiled for it, for a loop that calls `fit` again and again."""


class Fitting:
    """What Keras' `fit` calls instead of its own train and test functions.

    A function is compiled when a piece of its size comes for the first time, and stays with the model until it is
    compiled by Keras anew, or other weights of it are to learn.

    Args:
        model: built and compiled.
        items: the inputs that the places of a training piece count, `[n, ...]`.
        validation_items: the same for validation pieces; the training items where they are a part of them.
        batch_size: of training.
        validation_batch_size: of validation.
    """

    def __init__(
        self, model: Any, items: Arrays, validation_items: Arrays, batch_size: int, validation_batch_size: int
    ) -> None:
        self._model = model
        self._items, self._validation_items = items, validation_items
        self._batch_size, self._validation_batch_size = batch_size, validation_batch_size
        self._compiled = _compiled_for(model)

    def train(self, state: Any, pieces: Iterator[Any]) -> Any:
        """The logs after a piece, and the state: weights, optimizer's variables, metrics."""
        return self._through("train_step", self._batch_size, state, self._items, next(pieces))

    def test(self, state: Any, pieces: Iterator[Any]) -> Any:
        """The same without learning."""
        return self._through("test_step", self._validation_batch_size, state, self._validation_items, next(pieces))

    def _through(self, step: str, batch_size: int, state: Any, items: Arrays, piece: Any) -> Any:
        places, *rest = piece
        arguments = [*state], items, jnp.asarray(places, jnp.int32), jax.tree.map(jnp.asarray, tuple(rest))
        shapes = jax.tree.map(lambda array: jax.ShapeDtypeStruct(array.shape, array.dtype), arguments)
        found = tuple((each.shape, each.dtype) for each in jax.tree.leaves(shapes))
        key = step, batch_size, native.used(), jax.tree.structure(shapes), found
        if key not in self._compiled:
            function = _through_batches(getattr(self._model, step), batch_size)
            with fast_layers(self._model, self._model.optimizer):
                self._compiled[key] = jax.jit(function, donate_argnums=0).lower(*shapes).compile()
        return self._compiled[key](*arguments)


def _compiled_for(model: Any) -> dict[Any, Callable[..., Any]]:
    """The functions compiled for a model as it is compiled by Keras now, by all else that decides them."""
    parts = (model.optimizer, model._compile_loss, model._compile_metrics, *model.trainable_variables)
    kept = vars(model).get(COMPILED)
    if kept is None or len(kept[0]) != len(parts) or any(a is not b for a, b in zip(kept[0], parts, strict=True)):
        kept = parts, {}
        object.__setattr__(model, COMPILED, kept)  # past Keras, which would look for layers in it
    return kept[1]


def _through_batches(step: Callable[..., Any], batch_size: int) -> Callable[..., Any]:
    """A model's own step for each mini-batch of a piece: the last logs, which are the means so far, and the state."""

    def through(state: list[Any], items: Arrays, places: jax.Array, rest: Any) -> Any:
        steps = max(len(places) // batch_size, 1)
        batches = jax.tree.map(lambda array: array.reshape(steps, -1, *array.shape[1:]), (places, rest))

        def one(state: Any, batch: Any) -> Any:
            index, others = batch
            logs, state = step(tuple(state), (_taken(items, index), *others))
            return [*state], logs

        state, logs = jax.lax.scan(one, state, batches)
        return jax.tree.map(lambda values: values[-1], logs), tuple(state)

    return through


def _taken(items: Arrays, index: jax.Array) -> Arrays:
    return jax.tree.map(lambda array: array[index], items)


class Data(NamedTuple):
    """What a model is fitted to, as Keras' `fit` takes it: arrays, and how its validation items are found."""

    x: Arrays
    y: Arrays
    sample_weight: Any
    validation_data: Any
    validation_split: float


def fit_model(
    model: Any, data: Data, batch_sizes: tuple[int, int], callbacks: Any, verbose: Any, settings: dict[str, Any]
) -> Any:
    """Keras' own `fit` with the places of items instead of items, and functions for many mini-batches.

    Args:
        model: compiled.
        data: what it is fitted to.
        batch_sizes: of training and of validation.
        callbacks: as `fit` takes them, none of which acts at a mini-batch.
        verbose: as `fit` takes it.
        settings: the other arguments of `fit`.

    Returns:
        Keras' history.
    """
    items, size = on_device(data.x), _size(data.x)
    held = int(size * (1 - data.validation_split)) if data.validation_split and data.validation_data is None else size
    validation, their_items, their_size = None, items, size - held
    if data.validation_data is not None:
        x, *rest = data.validation_data
        their_items, their_size = on_device(x), _size(x)
        validation = (np.arange(their_size, dtype=np.int32), *rest)
    cut, their_cut = Cut.of(held, batch_sizes[0], MOST_PIECES), Cut.of(their_size, batch_sizes[1], 1)
    if _build(model, data, batch_sizes[0]) and settings["shuffle"]:
        np.random.permutation(held)  # noqa: NPY002 - the order in which Keras found its first mini-batch to build with
    fitting = Fitting(model, items, their_items, *batch_sizes)
    steps_per_execution, model.steps_per_execution = model.steps_per_execution, 1
    model.train_function, model.test_function = fitting.train, fitting.test
    try:
        return model.fit(
            np.arange(size, dtype=np.int32),
            data.y,
            sample_weight=data.sample_weight,
            batch_size=cut.piece,
            validation_data=validation,
            validation_split=data.validation_split,
            validation_batch_size=their_cut.piece,
            callbacks=_Callbacks(callbacks, cut, verbose, model, settings["epochs"]),
            **settings,
        )
    finally:
        model.train_function = model.test_function = None  # Keras makes its own anew where they are needed
        model.steps_per_execution = steps_per_execution


class _Callbacks(keras.callbacks.CallbackList):
    """Calls what comes at an epoch, as Keras does; at a piece, only the progress bar."""

    def __init__(self, callbacks: Any, cut: Cut, verbose: Any, model: Any, epochs: int) -> None:
        given = callbacks.callbacks if isinstance(callbacks, keras.callbacks.CallbackList) else callbacks
        shown = {"add_history": True, "add_progbar": verbose != 0, "model": model}
        super().__init__(given, **shown, verbose=verbose, epochs=epochs, steps=cut.num_batches)
        self._cut = cut

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        pass

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        for callback in self.callbacks:
            if isinstance(callback, keras.callbacks.ProgbarLogger):
                means = {name: float(value) for name, value in (logs or {}).items()}
                callback.on_train_batch_end(self._cut.batches_after(batch) - 1, means)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        pass

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        pass


def on_device(arrays: Arrays) -> Arrays:
    """Inputs as the device takes them: numbers with a point in Keras' `floatx`, all others as they are."""
    return jax.tree.map(lambda array: jnp.asarray(_in_floatx(np.asarray(array))), arrays)


def _build(model: Any, data: Data, batch_size: int) -> bool:
    """Build what of a compiled model is not built yet, and say whether Keras looks at a mini-batch for it."""
    looked = []

    def batches() -> Iterator[Any]:
        looked.append(True)
        parts = (data.x, data.y, data.sample_weight)
        yield 0, 0, [jax.tree.map(lambda array: _in_floatx(np.asarray(array[:batch_size])), parts)]

    model._symbolic_build(iterator=batches())
    return bool(looked)


def _size(arrays: Arrays) -> int:
    return len(jax.tree.leaves(arrays)[0])


def _in_floatx(array: np.ndarray) -> np.ndarray:
    return array.astype(keras.config.floatx()) if array.dtype.kind == "f" else array
