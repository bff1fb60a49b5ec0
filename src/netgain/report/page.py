"""One self-contained HTML page for a study, several, or a whole store: opens without a network, can be mailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import jinja2
from altair.utils.schemapi import debug_mode

import netgain
from netgain.atomic import write_atomically
from netgain.demonstration import DemonstrationResult
from netgain.errors import OutputError
from netgain.report.forest import forest_chart, forest_table
from netgain.report.palette import VERDICT_COLOURS
from netgain.report.pictures import Picture, in_words, picture
from netgain.report.sections import address, demonstration_section, study_section
from netgain.report.sentences import seconds_in_words
from netgain.result import StudyResult

Results: TypeAlias = Sequence[StudyResult | DemonstrationResult]


def write(
    results: Results, path: str | Path, commands: Mapping[str, str] | None = None, not_run: Sequence[str] = ()
) -> None:
    """Write the page to a file, whole or not at all; arguments as for :func:`render`.

    Raises:
        OutputError: where the file cannot be written.
    """
    page = render(results, commands, not_run)
    try:
        with write_atomically(Path(path)) as file:
            file.write(page.encode())
    except OSError as error:
        raise OutputError(f"the report cannot be written to {str(path)!r}: {error.strerror}") from error


def render(results: Results, commands: Mapping[str, str] | None = None, not_run: Sequence[str] = ()) -> str:
    """The page as text.

    Args:
        results: of the studies and demonstrations to show, in this order.
        commands: the command that runs a study again, by the study's name, where there is one.
        not_run: names of studies that are not shown because nothing of them was run.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("netgain.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    with debug_mode(False):  # the tests hold the charts valid; checking every part anew takes long
        sections = [_section(result, commands or {}) for result in results]
        forest = _forest([result for result in results if isinstance(result, StudyResult)])
    return environment.get_template("report.html").render(
        title=sections[0]["title"] if len(sections) == 1 else f"{len(sections)} studies, each with its verdict",
        sections=sections,
        forest=forest,
        not_run=not_run,
        badges={address(outcome): colour for outcome, colour in VERDICT_COLOURS.items()},
        address=address,
        seconds_in_words=seconds_in_words,
        version=netgain.__version__,
    )


def _section(result: StudyResult | DemonstrationResult, commands: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(result, StudyResult):
        return study_section(result, commands.get(result.study.name, ""))
    return demonstration_section(result, commands.get(result.demonstration.name, ""))


def _forest(results: Sequence[StudyResult]) -> Picture | None:
    """The forest plot of all techniques, at the top of the page; None where nothing was judged."""
    table = forest_table(results)
    if table.empty:
        return None
    words = f"Forest plot, change of the test accuracy in percentage points. {in_words(table, _technique_in_words)}"
    return picture("forest", forest_chart(table), table, words, forest_chart(table, narrow=True))


def _technique_in_words(row: dict[str, Any]) -> str:
    return f"{row['arm']} {row['effect']:+.2f}, {row['low']:+.2f} to {row['high']:+.2f}, {row['verdict']}"
