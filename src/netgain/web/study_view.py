"""One study or demonstration as the tab Verdicts opens it: its arms, and its whole report."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from netgain.errors import did_you_mean
from netgain.report.kinds import AnyResult
from netgain.results.study_result import StudyResult
from netgain.web import look
from netgain.web.address import AddressError, anchor
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf
from netgain.web.shown import verdict_in_words

BACK = '<p><a data-here href="?">← All verdicts</a></p>'


def study_view(shelf: Shelf, runner: Runner, name: str, arm: str = "") -> str:
    """A study with its report, as HTML; with an arm, that arm's verdict before it.

    Raises:
        AddressError: where there is no such study or arm.
        StoreError: where the store cannot be read.
    """
    result = result_of(shelf, runner, name)
    if result is None:
        return f"{BACK}<h2>{escape(name)}</h2>{_not_measured(shelf, runner, name)}"
    arms = _arms(result, arm) if isinstance(result, StudyResult) else ""
    if arm and not arms:
        raise AddressError(f"the study {name!r} has no verdicts, so there is none of the arm {arm!r} to show.")
    return f"{BACK}<h2>{escape(name)}</h2>{arms}{_report(name)}"


def result_of(shelf: Shelf, runner: Runner, name: str) -> AnyResult | None:
    """What is known of a study or demonstration; None where it was not measured.

    Raises:
        AddressError: where neither the catalogue nor this page has a study of that name.
        StoreError: where the store cannot be read.
    """
    results = known_results(shelf, runner)
    if name in results:
        return results[name]
    if name not in shelf.entries:
        known = [*results, *shelf.entries]
        raise AddressError(f"there is no study {name!r}{did_you_mean(name, known) or '.'}")
    return shelf.result(name)


def known_results(shelf: Shelf, runner: Runner) -> dict[str, StudyResult]:
    """What the store has of the catalogue, and what ran on this page, by the study's name.

    Raises:
        StoreError: where the store cannot be read.
    """
    finished = [job for job in runner.jobs() if job.result is not None]
    ran = {job.asked.name: job.result for job in finished if job.asked.called == "study"}
    return {**ran, **shelf.results()}


def _arms(result: StudyResult, chosen: str) -> str:
    """A link for each arm, and the verdict of the one that is chosen; empty where nothing was judged."""
    if not result.verdicts:
        return ""
    name = result.study.name
    if chosen and chosen not in result.verdicts:
        near = did_you_mean(chosen, result.verdicts) or f"; it has {', '.join(result.verdicts)}."
        raise AddressError(f"the study {name!r} has no arm {chosen!r}{near}")
    links = "".join(
        f"<li>{look.verdict_badge(verdict.outcome.value)} {_arm_link(name, arm, arm == chosen)}</li>"
        for arm, verdict in result.verdicts.items()
    )
    one_of_several = verdict_in_words(result, chosen) if chosen and len(result.verdicts) > 1 else ""
    return f'<ul class="arms">{links}</ul>{one_of_several}'


def _arm_link(name: str, arm: str, is_chosen: bool) -> str:
    words = escape(arm)
    return f'<b aria-current="true">{words}</b>' if is_chosen else anchor(words, "verdicts", study=name, arm=arm)


def _not_measured(shelf: Shelf, runner: Runner, name: str) -> str:
    command = f"<code>netgain study {escape(name)}</code>"
    start = "" if runner.read_only else f", or {anchor('set it up in the tab Run', 'run', study=name)}"
    return f"<p>{escape(shelf.entries[name].headline)}</p>" + look.empty(
        "Not measured yet.", f"Measure it: {command}{start}."
    )


def _report(name: str) -> str:
    address = f"/netgain/report/{quote(name)}"
    return f"""<p><a href="{address}" target="_blank">The report on a page of its own</a></p>
<div class="framed"><p class="soft" role="status">The report is being made…</p>
<iframe class="report-frame" src="{address}" title="report of {escape(name)}"></iframe></div>"""
