"""How things look on the page: pictures with their tables, badges, messages. Everything escaped, all as HTML text."""

from __future__ import annotations

import base64
import io
import json
from html import escape
from typing import Any

import altair as alt
import numpy as np
import pandas

from netgain.markup import badge
from netgain.report.palette import ARM_COLOURS, VERDICT_COLOURS
from netgain.report.pictures import table_html
from netgain.report.scheme import css_colour
from netgain.report.shapes import narrowed


def picture(
    chart: alt.TopLevelMixin,
    name: str,
    alternative: str,
    *,
    table: pandas.DataFrame | None = None,
    narrow: alt.TopLevelMixin | None = None,
    stretched: bool = True,
) -> str:
    """A chart as wide as its place, with a text for readers who cannot see it, and its table.

    Args:
        chart: what to draw.
        name: the chart's own: a later one of that name takes its place without a flicker.
        alternative: the text.
        table: the numbers.
        narrow: drawn instead where there is little room; by default the same chart with its panels below each other.
        stretched: false for a chart that has columns of words at fixed places.
    """
    specification = _specification(chart, stretched)
    slim = narrowed(specification) if narrow is None else _specification(narrow, stretched)
    attributes = {
        "data-name": name,
        "data-specification": json.dumps(specification),
        "data-narrow": json.dumps(slim),
        "aria-label": alternative,
    }
    listed = " ".join(f'{key}="{escape(value)}"' for key, value in attributes.items())
    below = "" if table is None else f"<details><summary>Show the data</summary>{rows(table)}</details>"
    return f'<figure><div class="netgain-chart" role="img" {listed}></div>{below}</figure>'


def _specification(chart: alt.TopLevelMixin, stretched: bool) -> dict[str, Any]:
    specification = chart.to_dict()
    specification["config"] = {**specification.get("config", {}), "background": None}  # the page's own shows
    several = {"vconcat", "hconcat", "concat", "facet", "repeat"} & {*specification, *specification.get("encoding", ())}
    if stretched and not several:
        specification["width"] = "container"
        specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification


def rows(table: pandas.DataFrame) -> str:
    """A table that scrolls sideways where there is little room."""
    return f'<div class="scroll">{table_html(table)}</div>'


def verdict_badge(verdict: str) -> str:
    """A verdict as a badge in its colour, which follows the page's dark scheme."""
    return badge(verdict, css_colour(VERDICT_COLOURS[verdict]))


def empty(what: str, advice: str) -> str:
    """The text if there is nothing to show yet: what is missing, and what to do about it (HTML)."""
    return f'<div class="empty"><strong>{escape(what)}</strong><p>{advice}</p></div>'


def problem(message: str, then: str = "") -> str:
    """A message about something that did not work, and what to do then (HTML)."""
    return f'<div class="problem" role="alert">{escape(message)}{then}</div>'


def arm_colour(place: int) -> str:
    """The colour of an arm by its place, as a value of CSS; the baseline is 0."""
    return css_colour(ARM_COLOURS[place % len(ARM_COLOURS)])


def image(values: np.ndarray, alternative: str, size: int) -> str:
    """A small picture, uint8 `[h, w]`, shown `size` pixels wide with its pixels kept apart."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    return f'<img class="pixels" src="{url}" alt="{escape(alternative)}" style="width:{size}px">'


def cells(values: dict[str, Any]) -> str:
    """Names and values in two columns."""
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in values.items())
    return f"<dl>{lines}</dl>"
