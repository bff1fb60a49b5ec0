"""What an object shows of itself: one line of text, and HTML in a notebook made of a few parts in one style.

A notebook shows what an object's `_repr_html_` gives. All colours are made from the colour of the text around them, so
that the parts fit a light and a dark notebook without knowing which; nothing is loaded, and there are no scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

GREY = "#6B7280"
"""Of a badge that has no colour of its own: dark enough for white words on it."""

MOST_CHARACTERS = 200
"""Of an object in one line."""

# Doubled, the class weighs more than the rules that notebooks have for tables.
STYLE = """
.netgain.netgain {
  --ink: currentColor; --soft: color-mix(in srgb, currentColor 68%, transparent);
  --line: color-mix(in srgb, currentColor 20%, transparent); --panel: color-mix(in srgb, currentColor 6%, transparent);
  --paper: var(--jp-layout-color0, var(--vscode-editor-background, Canvas));
  container-type: inline-size; max-width: 980px; padding: .3rem 0 .5rem; text-align: left;
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  p { margin: .3rem 0; padding: 0; overflow-wrap: anywhere; }
  .soft, summary { color: var(--soft); font-size: .9em; }
  .title { font-weight: 600; } .headline { font-size: 1.25em; font-weight: 600; line-height: 1.35; margin: .4rem 0; }
  .badge { display: inline-block; font: 700 11px/1.5 system-ui, sans-serif; letter-spacing: .03em; padding: .1rem .5rem;
    border-radius: 4px; color: #fff; white-space: nowrap; vertical-align: .15em; }
  .scroll { overflow-x: auto; margin: .4rem 0; }
  table { border-collapse: collapse; border: 0; margin: 0; font-size: .92em; font-variant-numeric: tabular-nums; }
  tr { background: none !important; }
  th, td { text-align: right; vertical-align: top; padding: .25rem .9rem .25rem 0; border: 0; white-space: nowrap;
    border-bottom: 1px solid var(--line); color: inherit; max-width: none; }
  th { font-weight: 600; vertical-align: bottom; } th small { display: block; font-weight: 400; color: var(--soft); }
  th:first-child, td:first-child, .words th, .words td { text-align: left; }
  .words td:last-child { white-space: normal; }
  details { margin: .35rem 0; } summary { cursor: pointer; }
  code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: none;
    color: inherit; padding: 0; } b code { font-weight: 700; }
  .samples { display: flex; flex-wrap: wrap; gap: .5rem .6rem; margin: .5rem 0; }
  .samples figure { margin: 0; text-align: center; font-size: .85em; color: var(--soft); }
  .samples img { display: block; width: 56px; height: 56px; object-fit: contain; image-rendering: pixelated;
    background: #000; border-radius: 4px; margin: 0 auto .15rem; }
  .samples img.line { width: auto; height: 40px; max-width: 100%; }
  .bar { height: 8px; max-width: 420px; background: var(--line); border-radius: 4px;
    overflow: hidden; margin: .4rem 0; }
  .bar div { height: 100%; background: #0072B2; }
}
"""


def one_line(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text in one line of at most `most` characters. A longer one is cut before its last character, a bracket.

    >>> one_line("<Count: 3 right," + chr(10) + "2 wrong>"), one_line("Recipe(epochs=100)", most=12)
    ('<Count: 3 right, 2 wrong>', 'Recipe(epo…)')
    """
    line = " ".join(text.splitlines())
    return line if len(line) <= most else f"{line[: most - 2]}…{line[-1]}"


def box(*parts: str, style: str = "") -> str:
    """The parts, which are HTML, as one object in a notebook; `style` is further CSS for what is inside.

    >>> box(paragraph("6 < 7")).endswith("</style><p>6 &lt; 7</p></div>")
    True
    """
    more = f".netgain.netgain {{\n{style}}}\n" if style else ""
    return f'<div class="netgain"><style>{STYLE}{more}</style>{"".join(parts)}</div>'


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of text; `kind` is "title", "headline", "soft" or empty.

    >>> paragraph("6 < 7", "soft")
    '<p class="soft">6 &lt; 7</p>'
    """
    return f"<p{_class(kind)}>{escape(text)}</p>"


def badge(word: str, colour: str = GREY) -> str:
    """A word in white on a colour."""
    return f'<span class="badge" style="background:{colour}">{escape(word)}</span>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table of cells that are HTML; without headings where `head` is empty. `kind` is "words" for text to the left.

    >>> table([], [["a", "1"]])
    '<div class="scroll"><table><tbody><tr><td>a</td><td>1</td></tr></tbody></table></div>'
    """
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    top = f"<thead><tr>{heads}</tr></thead>" if head else ""
    return f'<div class="scroll"><table{_class(kind)}>{top}<tbody>{body}</tbody></table></div>'


def folded(summary: str, inside: str) -> str:
    """HTML that opens with a click on the text of the summary."""
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def code(value: object) -> str:
    """A value as it is written in Python."""
    return f"<code>{escape(str(value))}</code>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
