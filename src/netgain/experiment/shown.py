"""Declarations and options in a notebook: their fields, those first that differ from the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from html import escape
from typing import Any, NamedTuple

from netgain.markup import box, code, folded, one_line, paragraph, table

MOST_CHARACTERS = 120
"""A longer value is cut: the object itself has it whole."""


class ShownField(NamedTuple):
    """A field of a declaration.

    Attributes:
        path: its dotted path, as `change` takes it.
        value: what it is; the class, where it is a declaration whose own fields follow.
        default: what it is if it is not given; `...` for a field that must be given.
    """

    path: str
    value: Any
    default: Any

    @property
    def differs(self) -> bool:
        """Whether it is not the default."""
        return bool(self.default is ... or self.value != self.default)

    @property
    def is_off(self) -> bool:
        """Whether the value says that something is not used."""
        return self.value in (None, False, 0, 0.0, (), {}, "")


class ShownFields:
    """A dataclass that shows itself as a declaration does: its fields that differ from their default.

    >>> from dataclasses import dataclass
    >>> @dataclass(repr=False)
    ... class Options(ShownFields):
    ...     workers: int = 1
    ...     quiet: bool = False
    >>> Options(workers=2)
    Options(workers=2)
    """

    def __repr__(self) -> str:
        given = ", ".join(f"{field.path}={value_text(field.value)}" for field in self._shown() if field.differs)
        return one_line(f"{type(self).__name__}({given})")

    def _repr_html_(self) -> str:
        return fields_html(type(self).__name__, self._shown())

    def _shown(self) -> list[ShownField]:
        of_class: Any = self  # a dataclass, as whoever inherits from this is
        return [
            ShownField(field.name, getattr(self, field.name), ... if field.default is MISSING else field.default)
            for field in fields(of_class)
        ]


def fields_html(title: str, fields: Sequence[ShownField]) -> str:
    """The title, a table of the fields with those in bold that differ from their default, and what is off folded."""
    return box(paragraph(title, "title"), *field_tables(fields))


def field_tables(fields: Sequence[ShownField]) -> list[str]:
    """Those tables alone."""
    shown = [field for field in fields if field.differs or not field.is_off]
    off = [_row(field) for field in fields if field.is_off and not field.differs]
    what = "1 field is off or not set" if len(off) == 1 else f"{len(off)} fields are off or not set"
    changed = any(field.differs and field.default is not ... for field in fields)
    head = ["field", "value", *(["default"] if changed else [])]
    first = table(head, [[*_row(field), *([_default_cell(field)] if changed else [])] for field in shown], "words")
    bold = paragraph("Bold: given, or not the default.", "soft")
    return [*([first, bold] if shown else []), *([folded(what, table([], off, "words"))] if off else [])]


def _row(field: ShownField) -> list[str]:
    cells = [code(field.path), code(value_text(field.value))]
    return [f"<b>{cell}</b>" for cell in cells] if field.differs else cells


def _default_cell(field: ShownField) -> str:
    """The default of a field that differs from it; empty for one that must be given."""
    return "" if field.default is ... or not field.differs else code(value_text(field.default))


def value_text(value: Any) -> str:
    """A value as Python writes it, cut where it is long; of a class its name."""
    return value.__name__ if isinstance(value, type) else one_line(repr(value), MOST_CHARACTERS)


def changes_html(differences: dict[str, tuple[Any, Any]]) -> str:
    """What an arm changes: `field: before → after`, a line each."""
    return "<br>".join(
        f"{code(path)}: {escape(value_text(before))} → <b>{escape(value_text(after))}</b>"
        for path, (before, after) in differences.items()
    )
