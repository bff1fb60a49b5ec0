"""The page of results: the claims that do not hold or stay open, a summary, and a section for each study."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any, NamedTuple

from catalogue.pictures import save_pictures
from netgain.api import DemonstrationResult, StudyResult
from netgain.report.claims import claim_sentence
from netgain.report.figures import figure_rows
from netgain.report.kinds import sentences
from netgain.report.numbers import accuracy_cell, effect_cell
from netgain.report.sentences import mean_seconds, seconds_in_words
from netgain.report.tables import verdicts_table
from netgain.results.claims import judged_claims
from netgain.results.result import all_runs
from netgain.runs.record import RunResult
from netgain.stats.rounding import signed


class Section(NamedTuple):
    """A study's part of the page: its rows of the summary, what does not hold, what stays open, and the section."""

    summary: tuple[str, ...]
    refuted: tuple[str, ...]
    undecided: tuple[str, ...]
    text: str
    made_with: tuple[str, ...]
    seconds: float


class _Told(NamedTuple):
    """What a result of its kind has to say; the fields are those of :class:`Section`."""

    body: list[str]
    summary: tuple[str, ...]
    refuted: tuple[str, ...]
    undecided: tuple[str, ...]
    seconds: float


def section(result: StudyResult | DemonstrationResult, headline: str, pictures: Path) -> Section:
    """The section of a result; its pictures are saved in a folder of which the page knows the last two parts."""
    name, told, names = result.asked.name, _told(result), save_pictures(result, pictures)
    links = [f"![{name}: {alt}](pictures/results/{file})" for file, alt in names.items()]
    text = "\n".join([f"## {name}", "", headline, "", *told.body, "", *_spaced(links)])
    refuted, undecided = (tuple(f"{name}: {line}" for line in lines) for lines in (told.refuted, told.undecided))
    return Section(told.summary, refuted, undecided, text, _made_with(all_runs(result)), told.seconds)


@singledispatch
def _told(result: Any) -> _Told:
    raise TypeError(f"there is no section for a {type(result).__name__}")


@_told.register
def _of_study(result: StudyResult) -> _Told:
    claims = judged_claims(result)
    return _Told(
        body=[*_arms_table(result), "", *_figures_table(result), *_listed(sentences(result))],
        summary=tuple(_summary_row(result, arm) for arm in result.runs),
        refuted=tuple(claim_sentence(result, claim) for claim in claims if claim.holds is False),
        undecided=tuple(claim_sentence(result, claim) for claim in claims if claim.holds is None),
        seconds=result.training_seconds,
    )


@_told.register
def _of_demonstration(result: DemonstrationResult) -> _Told:
    statements = result.findings.statements
    return _Told(
        body=_listed(sentences(result)),
        summary=tuple(f"| {result.asked.name} | {_cell(str(statement))} | | | | |" for statement in statements),
        refuted=tuple(str(statement) for statement in statements if not statement.holds),
        undecided=(),
        seconds=sum(run.run_seconds for run in all_runs(result)),
    )


def page(sections: Sequence[Section], command: str, seeds: int, quick: bool) -> str:
    """The whole page as Markdown."""
    refuted = [line for part in sections for line in part.refuted]
    undecided = [line for part in sections for line in part.undecided]
    made_with = dict.fromkeys(line for part in sections for line in part.made_with)
    total = sum(part.seconds for part in sections)
    warning = ["**A rehearsal: shorter trainings on fewer images. No figure here is a result.**", ""] if quick else []
    return "\n".join(
        [
            "# Results of the catalogue", "", *warning,
            f"Made by `{command}`: every study of the catalogue with {seeds} seeds per arm. Accuracies are in percent, "
            "± test-sample error ± seed error. Effects are in percentage points, against the baseline or against the "
            "arm named. Seconds are clock time of one network on one thread, so other work of the computer makes them "
            f"longer. All sections together took {seconds_in_words(total)} (a network that several studies share is "
            "counted in each). The [glossary](concepts.md#glossary) explains the terms.",
            "", "Made with:", "", *(f"- {line}" for line in made_with), "",
            "## Where the lecture’s claims do not hold", "",
            *([f"- {line}" for line in refuted] or ["Every claim that could be decided holds."]), "",
            "## What stays open", "",
            *([f"- {line}" for line in undecided] or [f"{seeds} seeds decide every claim."]), "",
            "## All rows", "",
            "| study | arm | lecture, % | netgain, % | verdict | seconds |", "|---|---|---|---|---|---|",
            *(row for part in sections for row in part.summary), "",
            *_spaced([part.text for part in sections]),
        ]
    )  # fmt: skip


def _summary_row(result: StudyResult, arm: str) -> str:
    lecture, verdict = result.study.lecture.get(arm), result.verdicts.get(arm)
    figure = f"{100 * lecture:.2f}" if lecture is not None else ""
    other = f" (against {result.study.against[arm]})" if arm in result.study.against else ""
    said = f"{verdict.outcome} {signed(100 * verdict.difference.effect)}" if verdict else ""
    seconds = seconds_in_words(mean_seconds(result, arm))
    return f"| {result.study.name} | {_cell(arm + other)} | {figure} | {_accuracy(result, arm)} | {said} | {seconds} |"


def _arms_table(result: StudyResult) -> list[str]:
    rows = ["| arm | netgain, % | effect, points | 95 % interval | p (Holm) | verdict |", "|---|---|---|---|---|---|"]
    for row in verdicts_table(result).to_dict("records"):
        arm = str(row["arm"])
        cells = [arm, _accuracy(result, arm), "", "", "", ""]
        if verdict := result.verdicts.get(arm):
            difference = verdict.difference
            cells[2] = effect_cell(difference)
            cells[3] = f"{signed(row['low'])} to {signed(row['high'])}"
            cells[4] = "< 0.0001" if verdict.p_adjusted < 1e-4 else f"{verdict.p_adjusted:.2g}"
            cells[5] = verdict.outcome.value
        rows.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return rows


def _figures_table(result: StudyResult) -> list[str]:
    """What was measured beside the accuracy, and an empty line; nothing where nothing was."""
    rows = [
        [row.figure, row.arm, f"{row.value} {row.unit}".strip(), f"{row.floor} {row.unit}".strip(), row.num_items]
        for row in figure_rows(result)
    ]
    if not rows:
        return []
    heads = "| figure | arm | ± test sample ± training | floor | n |"
    return [heads, "|---|---|---|---|---|", *("| " + " | ".join(map(_cell, cells)) + " |" for cells in rows), ""]


def _accuracy(result: StudyResult, arm: str) -> str:
    return accuracy_cell(result.accuracies[arm]).replace("\n", " ")


def _listed(lines: Sequence[str]) -> list[str]:
    return [f"- {line}" for line in lines]


def _spaced(blocks: Sequence[str]) -> list[str]:
    return [line for block in blocks for line in (block, "")]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _made_with(runs: Sequence[RunResult]) -> tuple[str, ...]:
    lines = {
        ", ".join(f"{name} {number}" for name, number in run.versions.items())
        + f"; {run.machine.get('cores')} cores of an {run.machine.get('processor')}; {run.engine_in_words}"
        for run in runs
        if run.versions
    }
    return tuple(sorted(lines))
