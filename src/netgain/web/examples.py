"""The areas to draw in, for a digit and for a number, each with a hint and drawings to begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import NamedTuple

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "2": "M88 95 C95 45 190 45 188 100 C186 145 110 180 88 225 L200 225",
        "3": "M90 70 C140 40 205 70 185 112 C175 132 150 138 130 138 C165 138 205 155 195 198 C180 243 110 240 85 210",
        "5": "M190 60 L105 60 L98 132 C140 105 205 125 195 180 C185 235 120 240 85 212",
        "7": "M80 65 L200 65 L125 230",
        "between 4 and 9": "M112 72 C88 110 90 142 130 142 C160 142 178 112 184 66 L178 232",
        "between 1 and 7": "M104 100 L160 62 L140 232",
    }
)
"""What each drawing is -> its line in a square of 280 pixels, as an SVG path."""

DIGITS: Mapping[str, str] = MappingProxyType(
    {
        "0": "M140 60 C70 65 75 230 140 230 C205 230 210 65 140 60",
        "1": "M150 60 L138 230",
        "2": EXAMPLES["2"],
        "3": EXAMPLES["3"],
        "4": "M160 62 L92 170 L200 166 M172 112 L164 235",
        "5": EXAMPLES["5"],
        "6": "M178 62 C118 92 84 158 98 200 C112 244 190 236 188 186 C186 142 118 142 98 190",
        "7": EXAMPLES["7"],
    }
)
"""The digits of the numbers to begin with, in the same squares."""


class Field(NamedTuple):
    """An area to draw in.

    Attributes:
        width, height: in pixels.
        pen: the width of its pen.
        holds: what is drawn in it.
        hint: the words in it while it is blank.
        examples: what each drawing to begin with is -> its line.
    """

    width: int
    height: int
    pen: int
    holds: str
    hint: str
    examples: Mapping[str, str]


def number_path(digits: str) -> str:
    """The line of a number, its digits at three quarters of their size beside each other in the middle of the field.

    >>> number_path("1")
    'M428 75 L418 202'
    """
    step, scale, top = min(128, 800 // len(digits)), 0.75, 30
    left = (840 - step * len(digits)) / 2 + (step - 280 * scale) / 2
    parts = []
    for place, digit in enumerate(digits):
        shift = left + step * place

        def moved(pair: re.Match[str], shift: float = shift) -> str:
            return f"{shift + scale * int(pair[1]):.0f} {top + scale * int(pair[2]):.0f}"

        parts.append(re.sub(r"(\d+) (\d+)", moved, DIGITS[digit]))
    return " ".join(parts)


DIGIT_FIELD = Field(280, 280, 22, "a digit", "Draw a digit here", EXAMPLES)
NUMBER_FIELD = Field(
    840, 280, 18, "a number", "Write a number here: a year, a phone number",
    MappingProxyType({number: number_path(number) for number in ("2026", "31415", "7250163")}),
)  # fmt: skip

PAD = """<div class="pad{kind}"><div class="sheet">
<canvas width="{width}" height="{height}" data-pen="{pen}" role="img" aria-label="area to draw {holds} in"></canvas>
<span class="hint" aria-hidden="true">{hint}</span></div>
<div class="row"><button type="button" class="clear">Clear</button><button type="button" class="photo">Photo…</button>
<input type="file" accept="image/*" hidden aria-label="photo of {holds}"></div>
<div class="examples" role="group" aria-label="examples to begin with"><span class="soft">Or begin with:</span>
{shown}</div>
</div>"""


def pad_html(field: Field) -> str:
    """The area, its buttons and the examples."""
    shown = "".join(_example(field, name, path) for name, path in field.examples.items())
    values = {name: value for name, value in field._asdict().items() if name != "examples"}
    return PAD.format(kind=" wide" if field.width > field.height else "", shown=shown, **values)


def _example(field: Field, name: str, path: str) -> str:
    drawing = f'<svg viewBox="0 0 {field.width} {field.height}" aria-hidden="true"><path d="{path}"></path></svg>'
    attributes = f'data-path="{path}" aria-label="example: {escape(name)}" title="{escape(name)}"'
    return f'<button type="button" class="example" {attributes}>{drawing}</button>'
