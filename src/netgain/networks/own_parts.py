"""A user's own layers and functions inside a Keras model: carried to other processes, and told apart by their code."""

from __future__ import annotations

import hashlib
import inspect
import types
from typing import Any

# Unpickling a class by value changes the class of that name in this process: where it is still alive, it is used.
_ALIVE: dict[str, dict[str, Any]] = {}


def own_parts(layers: list[Any]) -> dict[str, Any]:
    """The user's own layer classes, activation functions, regularizers and initializers, by the names Keras knows."""
    import keras

    kinds = (keras.regularizers.Regularizer, keras.initializers.Initializer, keras.constraints.Constraint)
    found: dict[str, Any] = {}
    for layer in layers:
        inside = [value for value in vars(layer).values() if isinstance(value, (types.FunctionType, *kinds))]
        for part in (type(layer), *(p if isinstance(p, types.FunctionType) else type(p) for p in inside)):
            if not part.__module__.startswith("keras.") and part.__name__ != "<lambda>":
                found[part.__name__] = found[keras.saving.get_registered_name(part)] = part
    return found


def pickled(parts: dict[str, Any]) -> bytes:
    """The parts by value, for another process."""
    import cloudpickle

    content = cloudpickle.dumps(parts) if parts else b""
    _ALIVE[hashlib.sha256(content).hexdigest()] = parts
    return content


def unpickled(content: bytes) -> dict[str, Any]:
    """The parts again: the very same objects in the process that pickled them."""
    import cloudpickle

    key = hashlib.sha256(content).hexdigest()
    if key not in _ALIVE:
        _ALIVE[key] = cloudpickle.loads(content) if content else {}
    return _ALIVE[key]


def source_of(parts: dict[str, Any]) -> str:
    """The code of the parts, with the code and the plain values it refers to: a changed one is another network."""
    seen: dict[Any, str] = {}
    for part in dict.fromkeys(parts.values()):
        _describe(part, seen)
    return "\n".join(seen.values())


def _describe(part: Any, seen: dict[Any, str]) -> None:
    """Add the source of a class or function and of what it refers to."""
    if id(part) in seen or getattr(part, "__module__", "").partition(".")[0] in {"keras", "builtins", "jax", "numpy"}:
        return
    seen[id(part)] = _text(part)
    functions = [part] if isinstance(part, types.FunctionType) else [v for v in vars(part).values() if callable(v)]
    for base in getattr(part, "__bases__", ()):
        _describe(base, seen)
    for function in functions:
        if not isinstance(function, types.FunctionType):
            continue
        for name, value in sorted(inspect.getclosurevars(function).globals.items()):
            if isinstance(value, bool | int | float | str | tuple | list | dict | None):
                seen[id(function), name] = f"{name} = {value!r}"
            elif isinstance(value, type | types.FunctionType):
                _describe(value, seen)


def _text(part: Any) -> str:
    try:
        return inspect.getsource(part)
    except (OSError, TypeError):  # typed into a prompt: its compiled code has to do
        codes = [
            v.__code__ for v in (vars(part).values() if isinstance(part, type) else [part]) if hasattr(v, "__code__")
        ]
        return f"{part.__qualname__} " + " ".join(f"{code.co_code.hex()} {code.co_consts!r}" for code in codes)
