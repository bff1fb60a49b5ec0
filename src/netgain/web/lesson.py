"""A lesson of the page: a technique in a few sentences, with its formula and its picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Lesson(NamedTuple):
    """One technique.

    Attributes:
        title: what it is called.
        study: the study of the catalogue that judges it.
        text: a few sentences.
        formula: as LaTeX.
        picture: makes the picture, as HTML.
    """

    title: str
    study: str
    text: str
    formula: str
    picture: Callable[[], str]
