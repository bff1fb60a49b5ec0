"""One self-contained HTML page for a study, several, or a whole store: opens without a network, can be mailed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from altair.utils.schemapi import debug_mode

from netgain.errors import OutputError
from netgain.files import write_atomically
from netgain.report import scheme
from netgain.report.card import card_png, content_of_several
from netgain.report.headlines import next_step_in_html
from netgain.report.kinds import AnyResult, card_content, section
from netgain.report.measure_words import OF_IMAGES, judged_items
from netgain.report.numbers import accuracy_cell, effect_cell
from netgain.report.palette import VERDICT_COLOURS
from netgain.report.pictures import drawings_in
from netgain.report.ratios import ratio_cells, ratio_names
from netgain.report.sections import address, forest_picture
from netgain.report.sentences import seconds_in_words
from netgain.stats.rounding import signed

Tell = Callable[[str, int, int, str], None]
"""What is told how far the drawing is."""


def told_to_nobody(verb: str, done: int, total: int, things: str) -> None:
    """For a page that nobody waits for."""


class OtherRuns(NamedTuple):
    """Runs of the store that the page does not show.

    Attributes:
        what: of what they are.
        seeds: how many there are, by the name of their recipe.
        command: what shows them; empty where no command does.
        why: why no command does.
    """

    what: str
    seeds: Mapping[str, int]
    command: str
    why: str = ""


class Beside(NamedTuple):
    """What a page says beside its results.

    Attributes:
        others: what else is in the store.
        card: the file of the card that stands for the page where it is linked; empty where there is none.
    """

    others: Sequence[OtherRuns] = ()
    card: str = ""


def write(
    results: Sequence[AnyResult],
    path: str | Path,
    commands: Mapping[str, str] | None = None,
    not_run: Sequence[str] = (),
    beside: Beside | None = None,
    tell: Tell = told_to_nobody,
) -> None:
    """Write the page to a file, whole or not at all; arguments as for :func:`render`.

    Raises:
        OutputError: where the file cannot be written.
    """
    page = render(results, commands, not_run, beside, tell)
    try:
        with write_atomically(Path(path)) as file:
            file.write(page.encode())
    except OSError as error:
        raise OutputError(f"the report cannot be written to {str(path)!r}: {error.strerror}") from error


def render(
    results: Sequence[AnyResult],
    commands: Mapping[str, str] | None = None,
    not_run: Sequence[str] = (),
    beside: Beside | None = None,
    tell: Tell = told_to_nobody,
) -> str:
    """The page as text.

    Args:
        results: of the studies and demonstrations to show, in this order.
        commands: the command that runs a study again, by the study's name, where there is one.
        not_run: names of studies that are not shown because nothing of them was run.
        beside: what else there is to say; nothing by default.
        tell: called while charts are drawn with "drawing", how many are done, how many there are, and "charts".
    """
    beside = beside or Beside()
    with debug_mode(False):  # the tests hold the charts valid; checking every part anew takes long
        sections = [section(result, (commands or {}).get(result.asked.name, "")) for result in results]
        several = [row for shown in sections for row in shown["techniques"]] if len(sections) > 1 else []
        forest = forest_picture(several, "forest")
    _wait_for_drawings([sections, forest], tell)
    title = sections[0]["title"] if len(sections) == 1 else f"{len(sections)} studies with their verdicts"
    return (
        _environment()
        .get_template("report.html")
        .render(
            title=title,
            summary=overview(sections),
            sections=sections,
            forest=forest,
            not_run=not_run,
            beside=beside,
            dark=scheme,
            chart_rules=scheme.chart_rules(),
            dark_colours=scheme.dark_colours(),
            badges={address(outcome): colour for outcome, colour in VERDICT_COLOURS.items()},
            decides_nothing=_decides_nothing(sections),
            version=version("netgain"),
        )
    )


def _environment() -> jinja2.Environment:
    """The templates, and the functions that they call."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("netgain.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "css_colour": scheme.css_colour,
        "address": address,
        "next_step_in_html": next_step_in_html,
        "seconds_in_words": seconds_in_words,
        "signed": signed,
        "accuracy_cell": accuracy_cell,
        "ratio_cells": ratio_cells,
        "ratio_names": ratio_names,
        "effect_cell": effect_cell,
    }
    return environment


def _wait_for_drawings(shown: Any, tell: Tell) -> None:
    drawings = list(drawings_in(shown))
    for number, drawing in enumerate(drawings):
        tell("drawing", number, len(drawings), "charts")
        drawing.wait()


def write_card(results: Sequence[AnyResult], path: str | Path) -> None:
    """Write the card of the same results, a PNG file of 1200 x 630 pixels.

    Args:
        results: of the studies and demonstrations.
        path: the file.

    Raises:
        OutputError: where the file cannot be written.
    """
    contents = [card_content(result) for result in results]
    outcomes = Counter(row["verdict"] for content in contents for row in content.techniques)
    content = contents[0] if len(contents) == 1 else content_of_several(contents, _told(outcomes))
    try:
        with write_atomically(Path(path)) as file:
            file.write(card_png(content))
    except OSError as error:
        raise OutputError(f"the card cannot be written to {str(path)!r}: {error.strerror}") from error


def overview(sections: Sequence[dict[str, Any]]) -> str:
    """The answers of all studies in one line."""
    if len(sections) == 1:
        return sections[0]["first"].answer
    return _told(Counter(row["verdict"] for shown in sections for row in shown["techniques"]))


def _told(outcomes: Counter[str]) -> str:
    """How often each verdict was given."""
    told = [f"{outcomes[outcome]} {outcome}" for outcome in VERDICT_COLOURS if outcomes[outcome]]
    return f"{outcomes.total()} techniques judged: {', '.join(told)}." if told else "Nothing was judged."


def _decides_nothing(sections: Sequence[dict[str, Any]]) -> str:
    """What test items are not used for, at the end of the page."""
    measures = [shown["measure"] for shown in sections if shown["measure"]] or [OF_IMAGES]
    items = " and ".join(dict.fromkeys(judged_items(measure) for measure in measures))
    names = " and ".join(dict.fromkeys(measure.name for measure in measures))
    return f"The {items} decide nothing: no stopping, no selection; test {names} per epoch is for display only."
