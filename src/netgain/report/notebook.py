"""Results in a notebook: the plain line first, then the table and the curves, as in a report but without its pages."""

from __future__ import annotations

import hashlib
from html import escape
from typing import Any

import pandas
from altair.utils.schemapi import debug_mode

from netgain.errors import UnknownNameError
from netgain.experiment.question import title_of
from netgain.markup import badge, box, folded, paragraph, table
from netgain.report import charts, scheme, tables
from netgain.report.analysis_charts import analysis_chart, narrow_chart
from netgain.report.demonstrations import demonstration_sentences
from netgain.report.figures import FigureRow, figure_rows
from netgain.report.first_view import study_view
from netgain.report.headlines import next_step
from netgain.report.numbers import accuracy_cell
from netgain.report.palette import VERDICT_COLOURS
from netgain.report.pictures import Picture, picture, table_html
from netgain.report.ratios import ratio_cells, ratio_names
from netgain.report.sentences import seconds_in_words, study_sentences
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.findings import statement_html
from netgain.results.study_result import StudyResult
from netgain.stats.rounding import signed
from netgain.tasks.task import Measure

FULL = {"width": 700, "height": 300}
"""Curves as wide as a notebook's column."""

CHARTS = """
.chart svg { display: block; max-width: 100%; height: auto; }
.chart text { font-family: "Liberation Sans", Arial, Helvetica, "DejaVu Sans Condensed", sans-serif; }
.chart text[fill="#fff"] { fill: #fff !important; } .chart text[fill="#222"] { fill: #222 !important; }
.chart.narrow { display: none; }
@container (max-width: 560px) {
  .chart.wide { display: none; } .chart.narrow { display: block; }
}
"""
"""Words on the cells of a heat map keep their colour, as the cells do."""

DIAGONAL = "#E8E8E8"
"""The cells of a confusion matrix that are right answers: their words are dark, so they stay pale."""

KNOWN_DARK = ':is([data-jp-theme-light="false"], html[theme="dark"], .vscode-dark)'
"""Jupyter, Colab and VS Code with a dark theme; each says it in its own way, and the browser's own may be another."""

FIRST_LINES = 3
"""What an analysis says is shown as far as this; the rest opens with a click."""


def study_line(result: StudyResult) -> str:
    """The result in one plain line: the headline of its only arm, or how many arms have which verdict."""
    return study_view(result).answer


def study_html(result: StudyResult) -> str:
    """A study's result: badge and plain line, what to do next, the table of verdicts, the curves, the rest folded."""
    verdicts = result.verdicts
    words = [outcome.value for outcome in dict.fromkeys(verdict.outcome for verdict in verdicts.values())]
    badges = "".join(f" {badge(word, VERDICT_COLOURS[word])}" for word in words if len(verdicts) == 1)
    advice = next_step(result, *verdicts, with_options=False) if len(verdicts) == 1 else ""
    return box(
        paragraph(title_of(result.study), "soft"),
        f'<p class="headline">{escape(study_line(result))}{badges}</p>',
        paragraph(advice) if advice else "",
        _verdicts(result),
        _figures(result),
        _curves(result),
        folded("Every verdict in words", "".join(paragraph(line) for line in study_sentences(result))),
        style=charts_style(),
    )


def demonstration_line(result: DemonstrationResult) -> str:
    """How many of its statements hold."""
    return f"{result.findings.in_words}."


def demonstration_html(result: DemonstrationResult) -> str:
    """A demonstration's result: its statements with ✓ and ✗, its figures, and what else there is to say."""
    findings = result.findings
    shown = {str(statement) for statement in findings.statements}
    remarks = [paragraph(line, "soft") for line in demonstration_sentences(result) if line not in shown]
    with debug_mode(False):  # the tests hold the charts valid
        figures = [
            picture_html(
                name, one.chart(), one.frame.drop(columns="picture", errors="ignore"), one.alt, one.narrow_chart()
            )
            for name, one in findings.figures.items()
        ]
    return box(
        paragraph(title_of(result.demonstration), "title"),
        *(statement_html(statement) for statement in findings.statements),
        *remarks,
        *figures,
        style=charts_style(),
    )


def analysis_html(name: str, value: Any, measure: Measure) -> str:
    """An analysis: what it says, its chart where it has one, and its table folded."""
    lines = [paragraph(line) for line in str(value).splitlines()]
    more = folded(f"{len(lines) - FIRST_LINES} more", "".join(lines[FIRST_LINES:])) if len(lines) > FIRST_LINES else ""
    frame = value.frame()
    try:
        with debug_mode(False):
            narrow = narrow_chart(value)
            drawn = picture_html(name, analysis_chart(value, measure=measure), frame, str(value), narrow)
    except UnknownNameError:  # it has a table only
        drawn = f'<div class="scroll">{table_html(frame)}</div>'
    return box(paragraph(f"Analysis: {name}", "title"), *lines[:FIRST_LINES], more, drawn, style=charts_style())


def charts_style() -> str:
    """The style sheet of charts: the colours of a page, those of the dark scheme where a notebook says that it is dark,
    and ink made from the colour of the text around, which fits every notebook.
    """
    inks = {scheme.INK: "currentColor", scheme.SOFT: "var(--soft)", scheme.LINE: "var(--line)"}
    chosen = {colour: inks[dark] for colour, dark in scheme.DARK.items() if dark in inks} | {DIAGONAL: DIAGONAL}
    own = " ".join(f"--dark-{colour.strip('#').lower()}: {value};" for colour, value in chosen.items())
    return f"{CHARTS}{scheme.chart_rules()}\n& {{ {own} }}\n{KNOWN_DARK} & {{ {scheme.dark_colours()} {own} }}\n"


def _verdicts(result: StudyResult) -> str:
    measure, judged = result.measure, bool(result.verdicts)
    head = [
        "arm",
        "seeds",
        f"test {escape(measure.name)}, {escape(measure.unit)}<small>± test sample ± training</small>",
    ]
    head += [f"{escape(ratio)}, %<small>± test sample ± training</small>" for ratio in ratio_names(result)]
    if judged:
        head += [
            "effect<small>points</small>",
            "interval that decides<small>points</small>",
            "p<small>Holm-adjusted</small>",
            "verdict",
            "cost<small>× time</small>",
        ]
    head.append("time<small>per network</small>")
    rows = tables.verdicts_table(result).to_dict("records")
    return table(head, [_row(row, result) for row in rows])


def _figures(result: StudyResult) -> str:
    """The table of the measured numbers beside the accuracies; empty where there are none."""
    rows = figure_rows(result)
    head = [
        "figure",
        "arm",
        "value<small>± test sample ± training</small>",
        "floor<small>real items</small>",
        "test items",
    ]
    cells = [
        [_figure_name(row) if row.place == 0 else "", *map(escape, (row.arm, row.value, row.floor, row.num_items))]
        for row in rows
    ]
    return table(head, cells) if rows else ""


def _figure_name(row: FigureRow) -> str:
    unit = f", {row.unit}" if row.unit else ""
    return f"{escape(row.figure)}{escape(unit)}<br><small>{row.better}</small>"


def _row(row: dict[str, Any], result: StudyResult) -> list[str]:
    name = row["arm"]
    other = result.study.against.get(name)
    against = f"<br><small>against {escape(other)}</small>" if other else ""
    accuracy = escape(accuracy_cell(result.accuracies[name]))
    cells = [escape(result.study.label(name)) + against, str(row["seeds"]), accuracy]
    cells += map(escape, ratio_cells(result, name))
    if name in result.verdicts:
        p = row["p_adjusted"]
        interval = f"{signed(row['deciding_low'])} to {signed(row['deciding_high'])}"
        probability = "&lt; 0.0001" if p < 1e-4 else f"{p:.2g}"
        cells += [
            signed(row["effect"]),
            interval,
            probability,
            badge(row["verdict"], VERDICT_COLOURS[row["verdict"]]),
            f"{row['cost']:.2f}",
        ]
    elif result.verdicts:
        cells += [""] * 5
    return [*cells, seconds_in_words(row["seconds"])]


def _curves(result: StudyResult) -> str:
    """The picture that the study names; nothing where the runs have no history to draw."""
    name = result.study.picture
    frame = tables.table(result, name)
    if frame.empty:
        return ""
    with debug_mode(False):
        chart: Any = charts.chart(result, name)
        if not name.endswith("-curves"):
            return picture_html(name, chart, frame, study_line(result))
        return picture_html(name, chart.properties(**FULL), frame, f"{name.replace('-', ' ')}. {study_line(result)}")


def picture_html(name: str, chart: Any, frame: pandas.DataFrame, alternative: str, narrow: Any = None) -> str:
    """A chart with its table folded below it.

    A notebook is one page and shows many results: what is drawn has a name that no other drawing of it has.
    """
    content = hashlib.sha256(frame.to_csv().encode()).hexdigest()[:8]
    made = picture(f"{name}-{content}", chart, frame, alternative, narrow)
    note = paragraph(made.note, "soft") if made.note else ""
    return _svgs(made) + folded("Show the data", f'<div class="scroll">{made.table}</div>{note}')


def _svgs(made: Picture) -> str:
    label = f'role="img" aria-label="{escape(made.alternative)}"'
    drawings = (("wide", made.svg), ("narrow", made.narrow_svg))
    charts = "".join(f'<div class="chart {kind}" {label}>{svg}</div>' for kind, svg in drawings)
    notes = "".join(paragraph(note, "soft") for note in made.notes)
    return f'{paragraph(made.title, "title") if made.title else ""}{notes}<div class="scroll">{charts}</div>'
