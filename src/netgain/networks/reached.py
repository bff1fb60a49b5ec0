"""The digest of Python code: of what a function or a class does, and of everything that it reaches.

Two parts with the same digest do the same; what cannot change an answer (comments, docstrings, line numbers, the names
of local variables) is not in it. Functions count by their compiled code, so that code typed into a notebook counts as
code in a file does; another version of Python compiles to another digest.
"""

from __future__ import annotations

import collections
import copyreg
import enum
import functools
import hashlib
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from netgain.networks.compiled import DOCSTRING_FLAG, codes_in, constants_of, globals_of, imports_of
from netgain.networks.installed import is_found_by_name, is_installed, name_of_installed
from netgain.networks.keras_kinds import has_values, is_helper, is_of_keras
from netgain.networks.own_config import without_counted_names

_PLAIN = (type(None), bool, int, str, bytes, type(Ellipsis), type(NotImplemented))
_DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType, types.WrapperDescriptorType)
_CODE_FREE = {"__annotations__", "__dict__", "__doc__", "__firstlineno__", "__module__", "__name__", "__qualname__"}
_CODE_FREE |= {"__static_attributes__", "__weakref__", "__slotnames__", "__orig_bases__", "__parameters__", "_abc_impl"}
_WITH_THEIR_CLASS = (enum.Enum, type, types.ModuleType)


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
    """One walk: digests by identity, so that what is reached twice is examined once and a circle ends."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self._known: dict[int, str] = {}
        self._keep: list[Any] = []  # an identity is only one's own as long as its object lives
        self._open: list[int] = []

    def digest(self, value: Any, way: str) -> str:
        if type(value) in _PLAIN:
            return _hashed(type(value).__name__, repr(value))
        if type(value) in (float, complex):
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
                if not isinstance(value, _WITH_THEIR_CLASS) and not is_installed(type(value).__module__):
                    yield self.digest(type(value), way)
                    yield from self._state(value.__getstate__(), way)
                return
        if has_values(value):
            yield from self._array(np.asarray(value), way)
        elif is_of_keras(value):
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
        if not isinstance(value, np.generic) and type(value) is not np.ndarray:
            yield from self._instance(value, way)  # a masked array, a matrix
        elif value.dtype.hasobject:
            yield str((value.dtype, value.shape))
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
        yield code.co_exceptiontable
        flags = code.co_flags & ~DOCSTRING_FLAG
        counts = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, flags, code.co_nlocals
        yield str((counts, len(code.co_cellvars), len(code.co_freevars), code.co_names))
        yield str(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
        yield from self._several(constants_of(code), way)

    def _function(self, function: types.FunctionType, way: str) -> Iterator[str | bytes]:
        codes = list(codes_in(function.__code__))
        asked = {name for code in codes for name in code.co_names}
        if is_installed(function.__module__):
            yield name_of_installed(function)
            if not is_found_by_name(function):  # made by a call of installed code, such as jax.vmap(f)
                yield from self._closure(function, way, asked)
            return
        self.modules.add(function.__module__ or "__main__")
        yield from self._code(function.__code__, way)
        yield self.digest(function.__defaults__, f"{way}'s defaults")
        yield self.digest(function.__kwdefaults__, f"{way}'s defaults")
        if vars(function):
            yield from self._state(vars(function), way)
        yield from self._closure(function, way, asked)
        for name in sorted({name for code in codes for name in globals_of(code)}):
            yield name
            if name in function.__globals__:
                yield self._named(function.__globals__[name], f"{name} in {way}", asked)
        for code in codes:
            for name, names, level in imports_of(code):
                yield self._imported(function, (name, names, level), asked, way)

    def _closure(self, function: types.FunctionType, way: str, asked: Iterable[str]) -> Iterator[str]:
        for cell, name in zip(function.__closure__ or (), function.__code__.co_freevars, strict=True):
            try:
                yield self._named(cell.cell_contents, f"{name} in {way}", asked)
            except ValueError:  # a cell that is filled later
                yield "empty"

    def _imported(self, function: types.FunctionType, what: tuple[Any, ...], asked: Iterable[str], way: str) -> str:
        name, names, level = what
        try:
            module = __import__(name, function.__globals__, None, names or (), level)
        except ImportError:  # of a package that may be lacking
            return "missing"
        except Exception as error:  # a user's own module may raise anything
            raise UnknowableError(f"{way} imports {name}, which fails ({error})") from None
        return self._named(module, f"{name} in {way}", asked)

    def _named(self, value: Any, way: str, attributes: Iterable[str]) -> str:
        """Of a user's own module only what the code uses of it counts: the names in the code."""
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
            is_slot = isinstance(value, _DESCRIPTORS) and value.__objclass__ is kind
            if name not in _CODE_FREE and not is_slot:
                yield name
                yield self.digest(value, f"{kind.__name__}.{name}")

    def _instance(self, value: Any, way: str) -> Iterator[str]:
        """By what pickle would keep of it."""
        try:
            registered = copyreg.dispatch_table.get(type(value))
            parts: Any = registered(value) if registered else value.__reduce_ex__(4)
        except Exception as error:  # an object's own method may raise anything
            raise UnknowableError(f"{way} is {value!r:.80}, which has no value to compare it by ({error})") from None
        if isinstance(parts, str):  # the name of a global, which for own code does not say what it is
            yield from (self.digest(type(value), way), parts)
            if not is_installed(getattr(value, "__module__", None)):
                yield from self._state(value.__getstate__(), way)
            return
        function, arguments, state, items, pairs = (*parts, None, None, None)[:5]
        yield self.digest(function, way)
        yield from self._several(arguments or (), way)
        yield from self._state(state, way)
        yield self.digest([list(items or ()), list(pairs or ())], way)

    def _state(self, state: Any, way: str) -> Iterator[str]:
        """An object's attributes as pickle gives them: a dict, a pair of dicts where it has slots, or anything."""
        for part in state if isinstance(state, tuple) and len(state) == 2 else (state,):
            if isinstance(part, dict) and all(isinstance(name, str) for name in part):
                for name in sorted(part.keys() - _CODE_FREE):
                    yield name
                    yield self.digest(part[name], f"{way}.{name}")
            else:
                yield self.digest(part, way)

    def _of_keras(self, value: Any, way: str) -> Iterator[str | bytes]:
        """Layers and the like: their config, and the values of their variables."""
        yield self.digest(type(value), way)
        try:
            config = value.get_config()
        except Exception as error:  # a user's own method may raise anything
            raise UnknowableError(f"{way} is {value!r:.80}, which has no config ({error})") from None
        config.pop("name", None)
        yield self.digest(without_counted_names(config), f"{way}'s config")
        if is_helper(value) and not is_installed(type(value).__module__):
            yield from self._state({k: v for k, v in vars(value).items() if "seed" not in k}, way)
        yield from self._several([np.asarray(v.value) for v in getattr(value, "variables", ())], f"{way}'s weights")


_SAYINGS: tuple[tuple[Any, Callable[[_Walk, Any, str], Iterator[str | bytes]]], ...] = (
    (enum.Enum, lambda walk, v, way: iter((walk.digest(type(v), way), str(v.name), walk.digest(v.value, way)))),
    (np.ndarray | np.generic, _Walk._array),
    (list | tuple, _Walk._sequence),
    (set | frozenset, _Walk._set),
    (collections.defaultdict, lambda walk, v, way: walk._several((v.default_factory, dict(v)), way)),
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


def _bound_to(function: Any) -> tuple[Any, ...]:
    owner = function.__self__
    return () if owner is None or isinstance(owner, types.ModuleType) else (owner,)
