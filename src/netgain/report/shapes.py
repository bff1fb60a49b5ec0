"""A chart's specification as a page wants it: its title as words of the page, its type larger, one for a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

NARROW = 290
"""The width of a chart's axes in a window of 400 pixels."""

GAP = 8
"""Between panels that are alike."""

TYPE: dict[str, dict[str, Any]] = {
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500},
    "header": {"labelFontSize": 13},
}
"""Letters of a chart that stands between letters of 16 pixels."""


class Shaped(NamedTuple):
    """A specification without its title.

    Attributes:
        specification: the rest.
        title: its heading.
        notes: what must be known to read it, a line each.
    """

    specification: dict[str, Any]
    title: str
    notes: tuple[str, ...]


def shaped(specification: dict[str, Any]) -> Shaped:
    """A chart for a page, which has its own title: one inside the drawing can neither break its lines nor grow.

    >>> shaped({"mark": "point", "title": {"text": "Cost", "subtitle": ["n = 5"]}})[1:]
    ('Cost', ('n = 5',))
    """
    rest = {name: value for name, value in specification.items() if name != "title"}
    given = specification.get("title") or ""
    words = given if isinstance(given, dict) else {"text": given}
    configuration = {**rest.get("config", {}), "background": None}
    rest["config"] = configuration | {name: {**type_, **configuration.get(name, {})} for name, type_ in TYPE.items()}
    return Shaped(rest, " ".join(_lines(words.get("text", ""))), tuple(_lines(words.get("subtitle", ()))))


def _lines(words: str | Sequence[str]) -> list[str]:
    return [words] if isinstance(words, str) else [*words]


def narrowed(specification: dict[str, Any]) -> dict[str, Any]:
    """The chart for a window as narrow as a telephone: panels below each other, nothing wider than the window.

    >>> narrowed({"hconcat": [{"mark": "point", "width": 500}]})["vconcat"]
    [{'mark': 'point', 'width': 290}]
    """
    config = specification.get("config", {})
    legend = {"orient": "bottom", "direction": "vertical", "columns": 1, **config.get("legend", {})}
    narrow = _narrow_part(specification)
    return {**narrow, "config": {**config, "legend": legend}} if config else narrow


def _narrow_part(part: dict[str, Any]) -> dict[str, Any]:
    narrow = dict(part)
    if "hconcat" in narrow:
        narrow["vconcat"] = narrow.pop("hconcat")
    if "concat" in narrow:
        narrow["columns"] = 1
    for panels in ("vconcat", "concat", "layer"):
        if panels in narrow:
            narrow[panels] = [_narrow_part(panel) for panel in narrow[panels]]
    if "spec" in narrow:  # one panel for each value of a field
        narrow["spec"] = _narrow_part(narrow["spec"])
        narrow["columns"] = _columns_of(narrow)
    if "encoding" in narrow:
        narrow["encoding"] = {channel: _narrow_legend(field) for channel, field in narrow["encoding"].items()}
    width = narrow.get("width")
    if isinstance(width, int | float) and width > NARROW:
        narrow["width"] = NARROW
    return narrow


def _columns_of(panels: dict[str, Any]) -> int:
    """How many of these panels, which are alike, have room beside each other."""
    width = panels["spec"].get("width")
    room = (NARROW + GAP) // (width + GAP) if isinstance(width, int | float) else 1
    return max(1, min(int(room), panels.get("columns", 1)))


def _narrow_legend(channel: Any) -> Any:
    """A channel whose legend has its entries below each other."""
    legend = channel.get("legend") if isinstance(channel, dict) else None
    return {**channel, "legend": {**legend, "columns": 1}} if legend and "columns" in legend else channel
