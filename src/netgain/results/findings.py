"""What an examination of trained networks found: statements that hold or not, and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, final

from netgain.errors import UnknownNameError
from netgain.markup import box, code, folded, one_line, paragraph, table

if TYPE_CHECKING:
    import altair
    import pandas

OPEN = ", so that it is neither shown nor refuted; more seeds or test items would decide"
"""Ends the numbers of a statement that does not hold because they do not decide."""


@final
@dataclass(frozen=True, repr=False)
class Statement:
    """Something the lecture says, tested with numbers.

    Attributes:
        text: the statement, a sentence.
        holds: whether the numbers confirm it: the outcome of a comparison, never a constant.
        measured: the numbers, in words.

    >>> print(Statement("Two and two are four", 2 + 2 == 4, f"2 + 2 = {2 + 2}"))
    ✓ Two and two are four: 2 + 2 = 4
    """

    text: str
    holds: bool
    measured: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "holds", bool(self.holds))  # NumPy's bool is no JSON

    def __repr__(self) -> str:
        return one_line(f"<Statement: {self}>")

    def _repr_html_(self) -> str:
        return box(statement_html(self))

    def __str__(self) -> str:
        return f"{'✓' if self.holds else '✗'} {self.text}: {self.measured}"


def statement_html(statement: Statement) -> str:
    """A statement with its ✓ or ✗, and its numbers below."""
    tick = "✓" if statement.holds else "✗"
    return f"<p><b>{tick}</b> {escape(statement.text)}</p>{paragraph(statement.measured, 'soft')}"


@final
@dataclass(frozen=True, eq=False, repr=False)
class Figure:
    """A picture and the table it is drawn from.

    Attributes:
        frame: the table.
        draw: from the table to an Altair chart.
        alt: what the picture shows, for readers who cannot see it.
        draw_narrow: as `draw`, for a window as narrow as a telephone; None where the same picture with less width does.
    """

    frame: pandas.DataFrame
    draw: Callable[[pandas.DataFrame], Any]
    alt: str
    draw_narrow: Callable[[pandas.DataFrame], Any] | None = None

    def chart(self) -> altair.TopLevelMixin:
        """The picture."""
        return self.draw(self.frame)

    def narrow_chart(self) -> altair.TopLevelMixin | None:
        """The picture for a narrow window, where there is one of its own."""
        return self.draw_narrow(self.frame) if self.draw_narrow else None

    def __repr__(self) -> str:
        return one_line(f"<Figure: {self.alt}>")

    def _repr_html_(self) -> str:
        rows = f"frame: a table of {len(self.frame):,} rows. chart() draws it."
        return box(paragraph(self.alt), paragraph(rows, "soft"))


@final
@dataclass(frozen=True, eq=False, repr=False)
class Findings:
    """Statements and figures, in the order in which they are to be read.

    Attributes:
        statements: what was tested.
        figures: name -> figure.

    >>> Findings().figures
    {}
    """

    statements: tuple[Statement, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Findings: {self.in_words}>"

    def _repr_html_(self) -> str:
        statements = [statement_html(statement) for statement in self.statements]
        figures = [f"{code(name)} {escape(figure.alt)}" for name, figure in self.figures.items()]
        names = folded("Figures, by the name that chart() takes", table([], [[line] for line in figures], "words"))
        return box(paragraph(self.in_words, "title"), *statements, names if figures else "")

    @property
    def in_words(self) -> str:
        """How many statements hold, and how many figures there are.

        >>> Findings((Statement("Two and two are four", True, "4"),)).in_words
        '1 of 1 statement holds, 0 figures'
        """
        number, true = len(self.statements), sum(statement.holds for statement in self.statements)
        statements = "statement" if number == 1 else "statements"
        figures = "1 figure" if len(self.figures) == 1 else f"{len(self.figures)} figures"
        return f"{true} of {number} {statements} {'holds' if true == 1 else 'hold'}, {figures}"

    @property
    def hold(self) -> bool:
        """Whether every statement holds."""
        return all(statement.holds for statement in self.statements)

    def frame(self, name: str) -> pandas.DataFrame:
        """The table of a figure.

        Raises:
            UnknownNameError: for a name that is not a figure.
        """
        return self._figure(name).frame

    def chart(self, name: str) -> altair.TopLevelMixin:
        """A figure's picture.

        Raises:
            UnknownNameError: for a name that is not a figure.
        """
        return self._figure(name).chart()

    def _figure(self, name: str) -> Figure:
        if name not in self.figures:
            raise UnknownNameError("figure", name, self.figures)
        return self.figures[name]

    def as_dict(self) -> dict[str, Any]:
        """Statements and the figures' tables as plain values, for JSON."""
        return {
            "statements": [{"text": s.text, "holds": s.holds, "measured": s.measured} for s in self.statements],
            "figures": [{"name": name, "alt": figure.alt} for name, figure in self.figures.items()],
        }
