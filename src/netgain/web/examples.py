"""The area to draw in, with a hint and drawings to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

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

PAD = """<div class="pad"><div class="sheet">
<canvas width="280" height="280" role="img" aria-label="area to draw a digit in"></canvas>
<span class="hint" aria-hidden="true">Draw a digit here</span></div>
<div class="row"><button type="button" class="clear">Clear</button><button type="button" class="photo">Photo…</button>
<input type="file" accept="image/*" hidden aria-label="photo of a digit"></div>
<div class="examples" role="group" aria-label="examples to begin with"><span class="soft">Or begin with:</span>{}</div>
</div>"""


def pad_html() -> str:
    """The area, its buttons and the examples."""
    return PAD.format("".join(_example(name, path) for name, path in EXAMPLES.items()))


def _example(name: str, path: str) -> str:
    drawing = f'<svg viewBox="0 0 280 280" aria-hidden="true"><path d="{path}"></path></svg>'
    attributes = f'data-path="{path}" aria-label="example: {escape(name)}" title="{escape(name)}"'
    return f'<button type="button" class="example" {attributes}>{drawing}</button>'
