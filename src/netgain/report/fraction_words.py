"""Class fractions in words: for a terminal, for a notebook and the page, and as plain values."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path
from typing import Any

from netgain.errors import OutputError
from netgain.files import write_atomically
from netgain.markup import box, folded, paragraph, table
from netgain.report.fraction_charts import correlation_chart, fractions_chart
from netgain.report.notebook import charts_style, picture_html
from netgain.report.scheme import dark_colours
from netgain.results.fractions import Fractions
from netgain.stats.fractions import Target
from netgain.stats.rounding import error_in_points

TARGETS: dict[Target, str] = {
    "population": "population, the fractions of where these images come from, of which they are a random sample",
    "sample": "sample, the fractions of these {count:,} images themselves",
}

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark; }} body {{ margin: 1.5rem auto; padding: 0 1rem; max-width: 980px; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14171b; color: #e6e9ed; }}
  .netgain.netgain {{ {dark} }} }}
</style></head><body><main>{body}</main></body></html>
"""

BAD_FIT = 0.01
"""A smaller p-value says that the sample is not a mixture of the templates."""

SOURCES = ("data", "templates", "systematics")


def fractions_text(result: Fractions, target: Target = "population", width: int = 118) -> str:
    """The fractions for a terminal: what was asked, one row per class, and what is to be known of the fit."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, color_system=None)

    def say(line: str) -> None:
        console.print(line, soft_wrap=False, highlight=False, markup=False)

    for line in head_lines(result, target):
        say(line)
    console.print(_rich_table(result, target))
    for line in (*fit_lines(result), *(f"Warning: {doubt}" for doubt in result.doubts)):
        say(line)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().rstrip()


def fractions_line(result: Fractions) -> str:
    """The largest fractions in one line.

    A class that is not among the three largest is counted.
    """
    order = result.fractions.argsort()[::-1]
    total = result.estimate.errors("population").total
    named = [
        f"{result.class_names[k]} {100 * result.fractions[k]:.2f} ± {error_in_points(float(total[k]))} %"
        for k in order[:3].tolist()
    ]
    more = f" and {len(order) - 3} more classes" if len(order) > 3 else ""
    return f"{', '.join(named)}{more}, of {result.sample}"


def head_lines(result: Fractions, target: Target) -> list[str]:
    """What was asked: of which images, by which classifier, with which templates, for which target."""
    return [
        f"Class fractions of {result.sample}",
        f"Classifier: {result.classifier}. Templates: {result.templates}.",
        f"Target: {TARGETS[target].format(count=result.num_images)}.",
    ]


def fit_lines(result: Fractions) -> list[str]:
    """Whether the sample fits the templates, and what was fitted of each nuisance."""
    goodness = result.estimate.goodness
    numbers = f"χ² = {goodness.statistic:.1f}, {goodness.dof} degrees of freedom, p = {goodness.p_value:.2g}"
    fits = "is a mixture" if goodness.p_value >= BAD_FIT else "is NOT a mixture"
    lines = [f"The sample {fits} of the template classes, as far as the scores show: {numbers}."]
    for shift, amount, fitted in zip(result.nuisances, result.amounts, result.estimate.nuisances, strict=True):
        value, error = f"{amount:.3g}", f"{fitted.error:.2g}"
        lines.append(f"Nuisance {shift}: fitted {value} ± {error} {shift.unit} (pull {fitted.pull:+.2f}).")
    if not result.nuisances:
        lines.append("No nuisance is in the fit: sample and templates are taken to differ in their fractions alone.")
    return lines


def fractions_as_dict(result: Fractions, target: Target = "population") -> dict[str, Any]:
    """The fractions as plain values, for JSON; fractions and errors in percent."""
    estimate = result.estimate
    goodness = estimate.goodness
    return {
        "sample": result.sample,
        "classifier": result.classifier,
        "templates": result.templates,
        "target": target,
        "images": result.num_images,
        "template_images": estimate.num_template_images,
        "classes": result.frame(target).to_dict("records"),
        "correlation": estimate.correlation(target).tolist(),
        "goodness": {"statistic": goodness.statistic, "dof": goodness.dof, "p_value": goodness.p_value},
        "nuisances": [
            {"nuisance": str(shift), "unit": shift.unit, "value": amount, "error": each.error, "pull": each.pull}
            for shift, amount, each in zip(result.nuisances, result.amounts, estimate.nuisances, strict=True)
        ],
        "doubts": list(result.doubts),
    }


def fractions_html(result: Fractions, target: Target = "population") -> str:
    """The fractions as a notebook shows them: what was asked, doubts, the chart, the table, the correlations folded."""
    title, *asked = head_lines(result, target)
    doubts = [paragraph(f"Warning: {doubt}") for doubt in result.doubts]
    frame = result.frame(target)
    correlations = result.correlation_frame(target)
    words = f"Class fractions with their errors. {fractions_line(result)}"
    return box(
        paragraph(title, "title"),
        *(paragraph(line, "soft") for line in asked),
        *doubts,
        picture_html("fractions", fractions_chart(result, target), frame, words),
        fractions_table(result, target),
        *(paragraph(line) for line in fit_lines(result)),
        folded(
            "Correlation of the errors",
            picture_html("correlations", correlation_chart(result, target), correlations, "Correlation of the errors"),
        ),
        style=charts_style(),
    )


def fractions_table(result: Fractions, target: Target) -> str:
    """One row per class, as HTML."""
    rows = _rows(result, target)
    return table([escape(head).replace("\n", "<small>", 1) + "</small>" * ("\n" in head) for head in rows[0]],
                 [[escape(cell) for cell in row] for row in rows[1:]])  # fmt: skip


def _rows(result: Fractions, target: Target) -> list[list[str]]:
    """The headings, each with what its numbers are on a second line, then a row per class."""
    known, sources = result.truth is not None, SOURCES if result.nuisances else SOURCES[:2]
    head = [
        "class",
        "fraction, %\n" + " ".join(f"± {source}" for source in sources),
        "95 % interval\n%",
        "images\n",
        "counted\n%",
    ]
    rows = [[*head, "true\n%"] if known else head]
    for row in result.frame(target).to_dict("records"):
        errors = " ± ".join(error_in_points(row[name] / 100) for name in sources)
        cells = [
            str(row["class"]),
            f"{row['fraction']:.2f} ± {errors}",
            f"{row['low']:.2f} to {row['high']:.2f}",
            f"{row['images']:,.0f}",
            f"{row['counted']:.2f}",
        ]
        rows.append([*cells, f"{row['truth']:.2f}"] if known else cells)
    return rows


def _rich_table(result: Fractions, target: Target) -> Any:
    from rich import box as boxes
    from rich.table import Table
    from rich.text import Text

    rows = _rows(result, target)
    shown = Table(box=boxes.SIMPLE_HEAD)
    for number, head in enumerate(rows[0]):
        words, _, below = head.partition("\n")
        shown.add_column(f"{words}\n[dim]{below}", justify="right" if number else "left", no_wrap=number > 0)
    for row in rows[1:]:
        shown.add_row(*map(Text, row))
    return shown


def write_fractions(result: Fractions, path: Path, target: Target = "population") -> None:
    """Write the chart as a `.png` picture, or chart, table and warnings as an `.html` page that needs nothing else.

    Raises:
        OutputError: where the file cannot be written.
    """
    if path.suffix == ".png":
        import vl_convert

        content = vl_convert.vegalite_to_png(fractions_chart(result, target).to_dict(), ppi=144)
    else:
        content = PAGE.format(title=escape(f"Class fractions of {result.sample}"), dark=dark_colours(),
                              body=fractions_html(result, target)).encode()  # fmt: skip
    try:
        with write_atomically(path) as file:
            file.write(content)
    except OSError as error:
        raise OutputError(f"the chart cannot be written to {str(path)!r}: {error.strerror}") from error
