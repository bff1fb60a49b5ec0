"""What is in a function's compiled code: constants, the functions inside it, names and imports."""

from __future__ import annotations

import dis
import inspect
import types
from collections.abc import Iterator
from typing import Any

DOCSTRING_FLAG = getattr(inspect, "CO_HAS_DOCSTRING", 0)
"""Python 3.14's mark of code whose first constant is a docstring; before, that of a function was one or None."""


def constants_of(code: types.CodeType) -> list[Any]:
    """What a code object loads; None for the docstring of a function, which does nothing."""
    constants = list(code.co_consts)
    if DOCSTRING_FLAG:
        has_docstring = bool(code.co_flags & DOCSTRING_FLAG)
    else:
        is_function = code.co_flags & inspect.CO_OPTIMIZED and not code.co_name.startswith("<")
        has_docstring = bool(is_function and isinstance(constants[0], str))
    if has_docstring:
        constants[0] = None
    return [sorted(map(repr, value)) if isinstance(value, frozenset) else value for value in constants]


def codes_in(code: types.CodeType) -> Iterator[types.CodeType]:
    """A function's code and that of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes_in(constant)


def globals_of(code: types.CodeType) -> set[str]:
    """The names that code looks up in its module, also from the body of a class."""
    return {str(i.argval) for i in dis.get_instructions(code) if i.opname in _LOADS}


_LOADS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}


def imports_of(code: types.CodeType) -> Iterator[tuple[str, tuple[str, ...] | None, int]]:
    """What code imports while it runs, as `__import__` takes it: module, names asked of it, level."""
    instructions = [i for i in dis.get_instructions(code) if i.opname != "EXTENDED_ARG"]
    for number, instruction in enumerate(instructions):
        if instruction.opname == "IMPORT_NAME":
            level, names = (before.argval for before in instructions[number - 2 : number])
            yield instruction.argval, names, level
