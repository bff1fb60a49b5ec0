"""A study's result as text for a terminal."""

from __future__ import annotations

import io
from typing import Any

from netgain.experiment.question import title_of
from netgain.experiment.study import BASELINE
from netgain.report.arm_tables import has_training_answers
from netgain.report.figures import figure_rows
from netgain.report.headlines import headlines
from netgain.report.numbers import accuracy_cell, effect_cell
from netgain.report.ratios import ratio_cells, ratio_names
from netgain.report.sentences import mean_seconds, seconds_in_words, study_sentences
from netgain.results.study_result import StudyResult


def study_text(result: StudyResult, width: int = 118) -> str:
    """The verdicts for a terminal: the question and plain lines, then a table, then every sentence with its numbers."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, color_system=None)
    first = headlines(result)
    for line in (title_of(result.study), *first, ""):
        console.print(line, soft_wrap=False, highlight=False, markup=False)
    console.print(rich_table(result))
    if figure_rows(result):
        console.print(figures_rich_table(result))
    for sentence in study_sentences(result):
        if sentence in first:
            continue
        console.print(sentence, soft_wrap=False, highlight=False, markup=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().rstrip()


def rich_table(result: StudyResult) -> Any:
    """The verdicts as a Rich table."""
    from rich import box
    from rich.table import Table

    measure = result.measure
    shown = Table(box=box.SIMPLE_HEAD)
    shown.add_column("", overflow="fold", min_width=12)
    heading = f"test {measure.name}\n[dim]± sample ± training, {measure.unit}"
    shown.add_column(heading, justify="right", no_wrap=True)
    for ratio in ratio_names(result):
        shown.add_column(f"{ratio}\n[dim]± sample ± training, %", justify="right", no_wrap=True)
    if result.verdicts:
        shown.add_column("effect\n[dim]± sample ± training, points", justify="right", no_wrap=True)
        shown.add_column("p\n[dim]Holm", justify="right", no_wrap=True)
        shown.add_column("verdict\n", no_wrap=True)
        other = "other" if result.study.against else BASELINE
        shown.add_column(f"cost\n[dim]× {other}", justify="right", no_wrap=True)
    else:
        if _all_have_training_answers(result):
            shown.add_column(f"train {measure.name}\n[dim]{measure.unit}", justify="right", no_wrap=True)
        shown.add_column("time\n[dim]per network", justify="right", no_wrap=True)
    for name in result.runs:
        shown.add_row(*_text_row(result, name))
    return shown


def figures_rich_table(result: StudyResult) -> Any:
    """The measured numbers beside the accuracies as a Rich table."""
    from rich import box
    from rich.table import Table

    shown = Table(box=box.SIMPLE_HEAD)
    for heading in ("figure\n", "arm\n"):
        shown.add_column(heading, no_wrap=True)
    for heading in ("\n[dim]± sample ± training", "floor\n[dim]real items", "\n[dim]test items"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for row in figure_rows(result):
        name = f"{row.figure}{', %' if row.unit == '%' else ''}" if row.place == 0 else ""
        last = row.place == row.num_arms - 1
        shown.add_row(name, row.arm, row.value, row.floor, row.num_items, end_section=last)
    return shown


def _all_have_training_answers(result: StudyResult) -> bool:
    return all(has_training_answers(result, name) for name in result.runs)


def _text_row(result: StudyResult, name: str) -> list[str]:
    accuracy = result.accuracies[name]
    other = result.study.against.get(name)
    first_column = f"{name}\n[dim]against {other}" if other else result.study.label(name)
    row = [first_column, accuracy_cell(accuracy), *ratio_cells(result, name)]
    if not result.verdicts:
        seconds = seconds_in_words(mean_seconds(result, name))
        if not _all_have_training_answers(result):
            return [*row, seconds]
        return [*row, f"{100 * result.right(name, 'train').mean():.2f}", seconds]
    if name not in result.verdicts:
        return [*row, "", "", "" if name == BASELINE else "not judged", ""]
    verdict, cost = result.verdicts[name], result.costs[name]
    effect = verdict.difference
    spread = f" ± {cost.spread:.2f}" if cost.spread is not None else ""
    return [
        *row,
        effect_cell(effect),
        "< 0.0001" if verdict.p_adjusted < 1e-4 else f"{verdict.p_adjusted:.2g}",
        verdict.outcome.value,
        f"{cost.ratio:.2f}{spread}",
    ]
