"""One self-contained HTML page for a study, several, or a whole store: opens without a network, can be mailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2
from altair.utils.schemapi import debug_mode

from netgain.errors import OutputError
from netgain.files import write_atomically
from netgain.report.forest import forest_chart, forest_of, measure_in_words
from netgain.report.headlines import next_step_in_html
from netgain.report.kinds import AnyResult, section
from netgain.report.measure_words import OF_IMAGES, judged_items
from netgain.report.palette import VERDICT_COLOURS
from netgain.report.pictures import Picture, in_words, picture
from netgain.report.sections import address
from netgain.report.sentences import seconds_in_words


def write(
    results: Sequence[AnyResult],
    path: str | Path,
    commands: Mapping[str, str] | None = None,
    not_run: Sequence[str] = (),
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


def render(results: Sequence[AnyResult], commands: Mapping[str, str] | None = None, not_run: Sequence[str] = ()) -> str:
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
        sections = [section(result, (commands or {}).get(result.asked.name, "")) for result in results]
        forest = _forest([row for shown in sections for row in shown["techniques"]])
    return environment.get_template("report.html").render(
        title=sections[0]["title"] if len(sections) == 1 else f"{len(sections)} studies with their verdicts",
        sections=sections,
        forest=forest,
        not_run=not_run,
        badges={address(outcome): colour for outcome, colour in VERDICT_COLOURS.items()},
        address=address,
        next_step_in_html=next_step_in_html,
        seconds_in_words=seconds_in_words,
        decides_nothing=_decides_nothing(sections),
        version=version("netgain"),
    )


def _forest(rows: Sequence[dict[str, Any]]) -> Picture | None:
    """The forest plot of all techniques; None where nothing was judged."""
    table = forest_of(rows)
    if table.empty:
        return None
    change = f"Forest plot, change of the test {measure_in_words([*rows])} in percentage points."
    words = f"{change} {in_words(table, _technique_in_words)}"
    return picture("forest", forest_chart(table), table, words, forest_chart(table, narrow=True))


def _decides_nothing(sections: Sequence[dict[str, Any]]) -> str:
    """What test items are not used for, at the end of the page."""
    measures = [shown["measure"] for shown in sections if shown["measure"]] or [OF_IMAGES]
    items = " and ".join(dict.fromkeys(judged_items(measure) for measure in measures))
    names = " and ".join(dict.fromkeys(measure.name for measure in measures))
    return f"The {items} decide nothing: no stopping, no selection; test {names} per epoch is for display only."


def _technique_in_words(row: dict[str, Any]) -> str:
    return f"{row['arm']} {row['effect']:+.2f}, {row['low']:+.2f} to {row['high']:+.2f}, {row['verdict']}"
