"""A user's own layers and functions inside a Keras model: found, described, and carried to other processes by value."""

from __future__ import annotations

import io
import pickle
import sys
import threading
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from netgain.networks.installed import is_installed

Parts = dict[str, Any]
"""The user's own classes and functions, each by its name in a model's config."""

_LAMBDA = "<lambda>"
_COMPILED = {"loss", "optimizer", "_compile_loss", "_compile_metrics", "_compile_config"}
"""Attributes that `compile` sets on a model, of which nothing is used."""

_KERAS_NAMES = threading.Lock()
"""Held while the names of own parts in Keras' process-wide registry are ours."""


def own_parts(layers: list[Any]) -> Parts:
    """The user's own layer classes, functions, regularizers, initializers and constraints, by names of our own.

    By names of our own, since two of them may have one name: classes that a factory makes, lambdas.
    """
    import keras

    found: dict[int, Any] = {}
    for layer in layers:
        # Keras lays wrappers over a layer's own methods, such as build: what they wrap is in the class.
        left_out = _COMPILED if isinstance(layer, keras.Model) else set()
        attributes = {
            name: value
            for name, value in vars(layer).items()
            if name not in left_out and not callable(getattr(type(layer), name, None))
        }
        for part in (type(layer), *_inside(attributes)):
            if not is_installed(part.__module__):
                found.setdefault(id(part), part)
    return {f"own {number}": part for number, part in enumerate(found.values())}


def _inside(value: Any) -> Iterator[Any]:
    """Functions, and classes of objects with a config, among a layer's attributes, in the order they were set."""
    import keras

    if isinstance(value, Mapping):
        for item in value.values():
            yield from _inside(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, types.FunctionType):
        yield value
    elif hasattr(value, "get_config") and not isinstance(value, keras.Layer):
        yield type(value)
        yield from _inside(getattr(value, "__dict__", {}))


@contextmanager
def called(parts: Parts) -> Iterator[None]:
    """Inside, Keras writes a part's name as it is called here, also that of a lambda, which has none."""
    from keras.src.saving.object_registration import GLOBAL_CUSTOM_NAMES

    with _KERAS_NAMES:
        before = {part: GLOBAL_CUSTOM_NAMES.get(part) for part in parts.values()}
        lambdas = [part for part in parts.values() if part.__name__ == _LAMBDA]
        GLOBAL_CUSTOM_NAMES.update({part: name for name, part in parts.items()})
        for part in lambdas:
            part.__name__ = "own"
        try:
            yield
        finally:
            for part in lambdas:
                part.__name__ = _LAMBDA
            for part, name in before.items():
                if name is None:
                    del GLOBAL_CUSTOM_NAMES[part]
                else:
                    GLOBAL_CUSTOM_NAMES[part] = name


def pickled(parts: Parts, modules: frozenset[str]) -> bytes:
    """The parts by value, with the names they are registered by; `modules`: the user's, whose code goes along.

    Raises:
        Exception: of any kind, where something that they reach cannot be pickled.
    """
    import cloudpickle
    from keras.src.saving.object_registration import GLOBAL_CUSTOM_NAMES

    if not parts:
        return b""
    registered = {name: GLOBAL_CUSTOM_NAMES[part] for name, part in parts.items() if part in GLOBAL_CUSTOM_NAMES}
    with _KERAS_NAMES, ExitStack() as stack:
        for name in sorted(modules - {"__main__", "__mp_main__"}):
            if name in sys.modules:
                cloudpickle.register_pickle_by_value(sys.modules[name])
                stack.callback(cloudpickle.unregister_pickle_by_value, sys.modules[name])
        return cloudpickle.dumps((parts, registered))


def unpickled(content: bytes) -> Parts:
    """Copies of the parts as they were when they were pickled; the user's own classes are left alone."""
    if not content:
        return {}
    from keras.src.saving.object_registration import GLOBAL_CUSTOM_NAMES

    parts, registered = _Copier(io.BytesIO(content)).load()
    with _KERAS_NAMES:  # a saved model names its classes as the user registered them
        GLOBAL_CUSTOM_NAMES.update({parts[name]: known for name, known in registered.items()})
    return parts


class _Copier(pickle.Unpickler):
    """Makes every class again: cloudpickle would set the attributes of a class that is still alive in this process."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name)
        place = {"_make_skeleton_class": 4, "_make_skeleton_enum": 5}.get(name)
        return found if place is None else _untracked(found, place)


def _untracked(make: Callable[..., Any], place: int) -> Callable[..., Any]:
    """Cloudpickle's maker of classes without the id, its argument at `place`, by which it finds living ones."""
    return lambda *arguments: make(*arguments[:place], None, *arguments[place + 1 :])
