"""Charts on a dark background: drawn once, in the colours for a light one, which a style sheet then replaces.

Vega writes every colour into the SVG as it was given. So one rule for each colour is enough, for charts that are part
of a report as well as for those that a browser draws, and nothing is drawn again when the scheme changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

INK, SOFT, LINE, PAPER, PANEL = "#e6e9ed", "#a9b3be", "#39414b", "#14171b", "#1e2329"

DARK: Mapping[str, str] = MappingProxyType(
    {
        # Arms: as far apart as on white, each at least 4.5 : 1 on the dark paper.
        "#0072B2": "#4BA3E3", "#D55E00": "#F08A4B", "#009E73": "#2FC496", "#CC79A7": "#DE97BF",
        "#E69F00": "#F2B632", "#56B4E9": "#8CCBF2", "#7F7F7F": "#ABABAB", "#B8860B": "#D3A53C",
        # Verdicts
        "#2E7D32": "#6CC070", "#0F6B7A": "#55BCCB", "#6B7280": "#9CA5B3", "#6B4C9A": "#B69AE0", "#B3261E": "#F2877F",
        # Classes
        "#332288": "#8F86E0", "#AA4499": "#D68ACA", "#117733": "#5FB97E", "#999933": "#C4C46A", "#882255": "#D4799F",
        "#44AA99": "#6FCFBF",
        # Words, lines, paper: ours and Vega's own
        "#000": INK, "#222": INK, "#333": INK, "#555": SOFT, "#666": SOFT, "#5b6470": SOFT, "#888": "#8b95a1",
        "#999": "#8b95a1", "#ddd": LINE, "#EEE": LINE, "#E8E8E8": "#2b323a", "#C8C8C8": "#4a535e",
        "#fff": PAPER, "white": PAPER, "black": INK,
    }
)  # fmt: skip
"""What each colour of a chart becomes on a dark background."""


def css_colour(colour: str) -> str:
    """A colour of :data:`DARK` as a value of CSS that follows the scheme.

    >>> css_colour("#0072B2")
    'var(--dark-0072b2, #0072B2)'
    """
    return f"var({_variable(colour)}, {colour})"


def dark_colours() -> str:
    """The declarations that make the scheme dark, for a block that applies only then: `.dark {…}`."""
    return " ".join(f"{_variable(colour)}: {dark};" for colour, dark in DARK.items())


def chart_rules() -> str:
    """The rules by which every SVG of Vega takes those colours; without the declarations it stays as it is."""
    return "\n".join(
        f'.marks [{attribute}="{colour}" i] {{ {attribute}: {css_colour(colour)}; }}'
        for colour in DARK
        for attribute in ("fill", "stroke")
    )


def _variable(colour: str) -> str:
    return f"--dark-{colour.lstrip('#').lower()}"
