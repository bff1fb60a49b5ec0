"""The digest of Python code: of what a function or a class does, and of everything that it reaches.

Two parts with the same digest do the same; what cannot change an answer (comments, docstrings, line numbers, the names
of local variables) is not in it. Functions count by their compiled code, so that code typed into a notebook counts as
code in a file does; another version of Python compiles to another digest.
"""

from __future__ import annotations

import dis
import enum
import functools
import hashlib
import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from netgain.networks.installed import is_installed, name_of_installed

_PLAIN = (type(None), bool, int, str, bytes, type(Ellipsis), type(NotImplemented))
_DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType, types.WrapperDescriptorType)
_CODE_FREE = {"__annotations__", "__dict__", "__doc__", "__firstlineno__", "__module__", "__name__", "__qualname__"}
_CODE_FREE |= {"__static_attributes__", "__weakref__", "__slotnames__", "__orig_bases__", "__parameters__", "_abc_impl"}


class UnknowableError(Exception):
    """Something that is reached has no digest; says what, by the way that leads there."""


class Reached(NamedTuple):
    """What a part reaches.

    Attributes:
        digest: SHA-256 (hex) of it all.
        modules: the names of the user's own modules whose code is in it.
    """

    digest: str
    modules: frozenset[str]


def reached(part: Any) -> Reached:
    """A class, function or value and all that it reaches.

    Closures, default arguments, module variables, module functions, base classes, class attributes, instances and
    arrays count by value; code of installed packages by name and version.

    Raises:
        UnknowableError: where something is reached that has no value to count by, such as an open file.

    >>> reached([1, {"a": 2.0}]).digest == reached([1, {"a": 2.0}]).digest != reached([1, {"a": 2.5}]).digest
    True
    """
    walk = _Walk()
    digest = walk.digest(part, getattr(part, "__name__", type(part).__name__))
    return Reached(digest, frozenset(walk.modules))


class _Walk:
    """One walk: digests by identity, so that what is reached twice is looked at once and a circle ends."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self._known: dict[int, str] = {}
        self._keep: list[Any] = []  # an identity is only one's own as long as its object lives
        self._open: list[int] = []

    def digest(self, value: Any, way: str) -> str:
        if isinstance(value, _PLAIN):
            return _hashed(type(value).__name__, repr(value))
        if isinstance(value, float | complex):
            return _hashed(type(value).__name__, np.array(value).tobytes())
        if id(value) in self._known:
            return self._known[id(value)]
        if id(value) in self._open:
            return _hashed("circle", str(len(self._open) - self._open.index(id(value))))
        self._open.append(id(value))
        self._keep.append(value)
        try:
            found = _hashed(*self._said(value, way))
        finally:
            self._open.pop()
        self._known[id(value)] = found
        return found

    def _said(self, value: Any, way: str) -> Iterator[str | bytes]:
        for kinds, say in _SAYINGS:
            if isinstance(value, kinds):
                yield from say(self, value, way)
                return
        if _has_values(value):
            yield from self._array(np.asarray(value), way)
        elif _is_of_keras(value):
            yield from self._of_keras(value, way)
        else:
            yield from self._instance(value, way)

    def _several(self, values: Iterable[Any], way: str) -> Iterator[str]:
        for number, value in enumerate(values):
            yield self.digest(value, f"{way}[{number}]")

    def _sequence(self, value: Any, way: str) -> Iterator[str]:
        yield type(value).__name__
        yield from self._several(value, way)

    def _set(self, value: Any, way: str) -> Iterator[str]:
        yield type(value).__name__
        yield from sorted(self._several(value, way))

    def _mapping(self, value: Mapping[Any, Any], way: str) -> Iterator[str]:
        yield type(value).__name__
        for key, item in value.items():
            yield self.digest(key, way)
            yield self.digest(item, f"{way}[{key!r}]")

    def _array(self, value: Any, way: str) -> Iterator[str | bytes]:
        if value.dtype.hasobject:
            yield from self._several(value.ravel().tolist(), way)
        else:
            yield from (
                "array",
                value.dtype.str,
                str(value.dtype),
                str(value.shape),
                np.ascontiguousarray(value).tobytes(),
            )

    def _code(self, code: types.CodeType, way: str) -> Iterator[str | bytes]:
        yield code.co_code
        yield getattr(code, "co_exceptiontable", b"")
        counts = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags, code.co_nlocals
        yield str((counts, len(code.co_cellvars), len(code.co_freevars), code.co_names))
        yield str(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
        yield from self._several(_constants(code), way)

    def _function(self, function: types.FunctionType, way: str) -> Iterator[str | bytes]:
        if is_installed(function.__module__):
            yield name_of_installed(function)
            return
        self.modules.add(function.__module__ or "__main__")
        yield from self._code(function.__code__, way)
        yield self.digest(function.__defaults__, f"{way}'s defaults")
        yield self.digest(function.__kwdefaults__, f"{way}'s defaults")
        attributes = {name for code in _codes(function.__code__) for name in code.co_names}
        for cell, name in zip(function.__closure__ or (), function.__code__.co_freevars, strict=True):
            try:
                yield self._named(cell.cell_contents, f"{name} in {way}", attributes)
            except ValueError:  # a cell that is filled later
                yield "empty"
        for name in sorted({name for code in _codes(function.__code__) for name in _globals_of(code)}):
            yield name
            if name in function.__globals__:
                yield self._named(function.__globals__[name], f"{name} in {way}", attributes)

    def _named(self, value: Any, way: str, attributes: Iterable[str]) -> str:
        """Of a user's own module only what is asked of it counts: the names that stand in the code."""
        if not isinstance(value, types.ModuleType) or is_installed(value.__name__):
            return self.digest(value, way)
        self.modules.add(value.__name__)
        asked = [name for name in sorted(attributes) if name in vars(value)]
        inner = (self._named(vars(value)[name], f"{value.__name__}.{name}", attributes) for name in asked)
        return _hashed("module", *(text for pair in zip(asked, inner, strict=True) for text in pair))

    def _class(self, kind: type, way: str) -> Iterator[str]:
        if is_installed(kind.__module__):
            yield name_of_installed(kind)
            return
        self.modules.add(kind.__module__)
        yield from ("class", self.digest(type(kind), way))
        yield from self._several(kind.__bases__, f"{way}'s bases")
        for name, value in sorted(vars(kind).items()):
            if name not in _CODE_FREE and not isinstance(value, _DESCRIPTORS):
                yield name
                yield self.digest(value, f"{kind.__name__}.{name}")

    def _instance(self, value: Any, way: str) -> Iterator[str]:
        """By what pickle would keep of it."""
        try:
            parts = value.__reduce_ex__(4)
        except Exception as error:  # an object's own method may raise anything
            raise UnknowableError(f"{way} is {value!r:.80}, which has no value to compare it by ({error})") from None
        if isinstance(parts, str):
            yield from (self.digest(type(value), way), parts)
            return
        function, arguments, state, items, pairs = (*parts, None, None, None)[:5]
        arguments = arguments or ()
        yield self.digest(function, way)
        yield from self._several(arguments, way)
        for part in state if isinstance(state, tuple) and len(state) == 2 else (state,):
            members = sorted(part.items()) if isinstance(part, dict) and all(isinstance(k, str) for k in part) else part
            yield self.digest(members, way)
        yield self.digest([list(items or ()), list(pairs or ())], way)

    def _of_keras(self, value: Any, way: str) -> Iterator[str | bytes]:
        """Layers and the like: their config, and the values of their variables."""
        yield self.digest(type(value), way)
        try:
            config = value.get_config()
        except Exception as error:  # a user's own method may raise anything
            raise UnknowableError(f"{way} is {value!r:.80}, which has no config ({error})") from None
        config.pop("name", None)
        yield self.digest(config, f"{way}'s config")
        yield from self._several([np.asarray(v.value) for v in getattr(value, "variables", ())], f"{way}'s weights")


_SAYINGS: tuple[tuple[Any, Callable[[_Walk, Any, str], Iterator[str | bytes]]], ...] = (
    (enum.Enum, lambda walk, v, way: iter((walk.digest(type(v), way), v.name, walk.digest(v.value, way)))),
    (np.ndarray | np.generic, _Walk._array),
    (list | tuple, _Walk._sequence),
    (set | frozenset, _Walk._set),
    (dict | types.MappingProxyType, _Walk._mapping),
    (types.CodeType, _Walk._code),
    (types.FunctionType, _Walk._function),
    (types.MethodType, lambda walk, v, way: walk._several((v.__func__, v.__self__), way)),
    (staticmethod | classmethod, lambda walk, v, way: iter((type(v).__name__, walk.digest(v.__func__, way)))),
    (property, lambda walk, v, way: walk._several((v.fget, v.fset, v.fdel), way)),
    (functools.partial, lambda walk, v, way: walk._several((v.func, v.args, v.keywords), way)),
    (functools.cached_property, lambda walk, v, way: walk._several((v.func,), way)),
    (type, _Walk._class),
    (types.ModuleType, lambda walk, v, way: iter((name_of_installed(v) if is_installed(v.__name__) else "",
                                                   walk._named(v, way, vars(v))))),
    (types.BuiltinFunctionType, lambda walk, v, way: iter((name_of_installed(v), *walk._several(_bound_to(v), way)))),
    (_DESCRIPTORS, lambda walk, v, way: iter((v.__qualname__,))),
)  # fmt: skip


def _hashed(*texts: str | bytes) -> str:
    digest = hashlib.sha256()
    for text in texts:
        content = text if isinstance(text, bytes) else text.encode()
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()


def _constants(code: types.CodeType) -> list[Any]:
    """What a code object loads; the docstring of a function, its first constant where that is a text, does nothing."""
    constants = list(code.co_consts)
    is_function = bool(code.co_flags & inspect.CO_OPTIMIZED) and not code.co_name.startswith("<")
    if is_function and constants and isinstance(constants[0], str):
        constants[0] = None
    return [sorted(map(repr, value)) if isinstance(value, frozenset) else value for value in constants]


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A function's code and that of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _globals_of(code: types.CodeType) -> set[str]:
    return {str(i.argval) for i in dis.get_instructions(code) if i.opname in {"LOAD_GLOBAL", "LOAD_NAME"}}


def _bound_to(function: Any) -> tuple[Any, ...]:
    owner = getattr(function, "__self__", None)
    return () if owner is None or isinstance(owner, types.ModuleType) else (owner,)


def _has_values(value: Any) -> bool:
    """Whether it is an array of JAX's, or a variable of Keras'."""
    return type(value).__module__.startswith(("jax", "keras.src.backend")) and hasattr(value, "__array__")


def _is_of_keras(value: Any) -> bool:
    import keras

    kinds = keras.initializers.Initializer, keras.regularizers.Regularizer, keras.constraints.Constraint
    return isinstance(value, (keras.Layer, keras.Loss, keras.Metric, *kinds))
