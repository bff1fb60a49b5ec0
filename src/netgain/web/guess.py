"""The tab Guess: bet on a verdict before it opens, then draw single runs to see how often they mislead."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import gradio as gr
import numpy as np

from netgain.errors import NetgainError, did_you_mean
from netgain.results.study_result import StudyResult
from netgain.web import look
from netgain.web.address import AddressError, Kept, Values
from netgain.web.guesses import CHOICES, guesses_in, judged, key_of, tally, with_guess
from netgain.web.lottery import all_results_in_words, draw, lottery_view, pairs_of
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf
from netgain.web.shown import report_link, verdict_in_words
from netgain.web.verdicts import NOTHING, known_results

STORAGE = "netgain-guesses"
"""The entry of the browser's local storage."""

CLOSED = look.empty("The verdict is closed.", "Choose your guess and press <b>Guess</b>, or press <b>Just show me</b>.")
NO_CHOICE = look.problem("No guess is chosen: choose one of the four, or press Just show me.")
LOTTERY = """<h3>Seed lottery</h3><p>Suppose only one network of each had been trained. Draw a seed for each, and see
what you would have concluded.</p>"""
MOST_FIELDS = 4

SEARCH = "() => [location.search]"
KEEP = """(name) => {
  const address = window.netgainAddress, at = (name ?? "").indexOf(": ");
  if (at > 0) address?.keep("guess", { study: name.slice(0, at), arm: name.slice(at + 2) }, !address.knows("guess"));
}"""
"""Writes the verdict that is chosen into the page's address; the first one, which nobody chose, adds no step back."""


class GuessView(NamedTuple):
    """What the tab shows of one verdict.

    Attributes:
        kept: what the browser is to keep of all guesses.
        question: what is asked (HTML).
        verdict: the verdict and what became of the guess (HTML).
        is_open: whether the verdict is shown.
        lottery: all pairs of single runs (HTML); empty while the verdict is closed.
        tally: how often guesses and single runs mislead (HTML).
    """

    kept: dict[str, Any]
    question: str
    verdict: str
    is_open: bool
    lottery: str
    tally: str


def verdicts_in(results: Mapping[str, StudyResult]) -> dict[str, tuple[StudyResult, str]]:
    """Every verdict by what the page calls it: the study's result and the arm."""
    return {f"{name}: {arm}": (result, arm) for name, result in results.items() for arm in result.verdicts}


def guess_view(
    results: Mapping[str, StudyResult], name: str | None, kept: object, choice: str | None = None, opens: bool = False
) -> GuessView:
    """What the tab shows of the verdict of that name.

    Args:
        results: of the studies.
        name: of :func:`verdicts_in`.
        kept: what the browser kept of earlier guesses; anything else counts as nothing.
        choice: the guess; None for none.
        opens: whether the verdict is opened now, with the guess or without one.
    """
    guesses, found = guesses_in(kept), verdicts_in(results).get(name or "")
    if found is None:
        return GuessView(dict(guesses), "", NOTHING if not results else "", False, "", "")
    result, arm = found
    key, said = key_of(result, arm), ""
    if opens:
        guesses, said = with_guess(guesses, key, choice, result.verdicts[arm].outcome)
    elif key in guesses:
        said = judged(guesses[key])
    opened = key in guesses
    return GuessView(
        kept=dict(guesses),
        question=_question(result, arm),
        verdict=_verdict(result, arm, said) if opened else CLOSED,
        is_open=opened,
        lottery=lottery_view(result, arm, None) if opened else "",
        tally=_tally(tally(guesses), all_results_in_words(results.values())),
    )


def guess_tab(shelf: Shelf, runner: Runner, page: gr.Blocks) -> Kept:
    """Put the tab's components into the page that is being made; the address keeps the study and the arm."""
    kept = gr.BrowserState({}, storage_key=STORAGE, secret=STORAGE)  # a fixed word: the next server can read it too
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=290):
            asked = gr.HTML("", visible=False)
            chosen = gr.Dropdown([], label="Verdict", elem_id="guess-on", visible=False)
            question = gr.HTML(elem_id="guess-question")
            choice = gr.Radio(list(CHOICES), label="Your guess", elem_id="guess")
            with gr.Row():
                bet = gr.Button("Guess", variant="primary", size="md", elem_id="bet", min_width=110)
                just_show = gr.Button("Just show me", size="md", elem_id="just-show", min_width=110)
        with gr.Column(scale=3, min_width=290):
            verdict = gr.HTML(elem_id="guess-verdict")
            score = gr.HTML(elem_id="guess-tally")
            with gr.Column(visible=False) as part:
                gr.HTML(LOTTERY)
                again = gr.Button("Draw one seed per arm", size="md", elem_id="draw-seeds")
                lottery = gr.HTML(elem_id="lottery")
    inputs, shown = [chosen, kept, choice], [question, verdict, part, lottery, score]

    def looked(name: str | None, stored: object) -> list[Any]:
        return _stepped(shelf, runner, name, stored, None, "look")[1:]

    def drawn(name: str | None) -> str:
        return drawn_view(known_results(shelf, runner), name, np.random.default_rng())

    loaded = page.load(
        partial(_offered, shelf, runner), asked, chosen, js="() => [location.search]", show_progress="hidden"
    )
    # The browser reads what it kept when the tab is first opened, which is after the page has loaded.
    for event in (loaded.then, kept.change, chosen.change):
        event(looked, [chosen, kept], shown, show_progress="hidden")
    for event, step in ((bet.click, "guess"), (just_show.click, "show")):
        event(partial(_stepped, shelf, runner, step=step), inputs, [kept, *shown], show_progress="hidden")
    chosen.change(lambda: None, None, choice, show_progress="hidden")
    chosen.change(None, chosen, None, js=KEEP)
    again.click(drawn, chosen, lottery, show_progress="hidden")
    return Kept(["study", "arm"], [chosen], lambda values: [_asked_for(shelf, runner, values)], {})


def drawn_view(results: Mapping[str, StudyResult], name: str | None, generator: np.random.Generator) -> str:
    """The seed lottery of a verdict with a pair that is drawn now; empty where there is no such verdict."""
    found = verdicts_in(results).get(name or "")
    return lottery_view(*found, draw(pairs_of(*found), generator)) if found else ""


def _offered(shelf: Shelf, runner: Runner, query: str) -> dict[str, Any]:
    """The verdicts that can be guessed, and the one that the address asks for, or else the first; none where the store
    cannot be read, which the view then says.
    """
    values = dict(parse_qsl(query.lstrip("?")))
    try:
        results = known_results(shelf, runner)
    except NetgainError:
        results = {}
    names, first = list(verdicts_in(results)), None
    if values.get("tab") == "guess" and "study" in values:
        with contextlib.suppress(NetgainError):  # which the page tells of its own
            first = named_verdict(shelf, results, values)
    return gr.update(choices=names, value=first or next(iter(names), None), visible=bool(names))


def _asked_for(shelf: Shelf, runner: Runner, values: Values) -> Any:
    """The field with the verdict that an address asks for; as it is where it asks for none.

    With all that can be chosen, since nobody knows whether the page's first answer, which says it too, comes before.
    """
    if not values:
        return gr.skip()
    results = known_results(shelf, runner)
    return gr.update(choices=list(verdicts_in(results)), value=named_verdict(shelf, results, values))


def named_verdict(shelf: Shelf, results: Mapping[str, StudyResult], values: Values) -> str:
    """What the page calls the verdict on an arm, by default on the study's first.

    Raises:
        AddressError: where there is no such study or arm, or no verdict on it.
    """
    study, arm = values.get("study", ""), values.get("arm", "")
    if study not in results and study not in shelf.entries:
        raise AddressError(f"there is no study {study!r}{did_you_mean(study, [*results, *shelf.entries]) or '.'}")
    arms = list(results[study].verdicts) if study in results else []
    if not arms:
        raise AddressError(f"the study {study!r} has no verdict to guess here; measure it: netgain study {study}.")
    if arm and arm not in arms:
        near = did_you_mean(arm, arms) or f"; it has {', '.join(arms)}."
        raise AddressError(f"the study {study!r} has no arm {arm!r}{near}")
    return f"{study}: {arm or arms[0]}"


def _stepped(
    shelf: Shelf, runner: Runner, name: str | None, stored: object, choice: str | None, step: str
) -> list[Any]:
    """What the tab shows after a verdict was looked at, guessed or opened without a guess; first what to keep."""
    try:
        results = known_results(shelf, runner)
    except NetgainError as error:
        return [gr.update(), *_outputs(GuessView({}, "", look.problem(str(error)), False, "", ""))]
    if step == "guess" and choice not in CHOICES:
        view = guess_view(results, name, stored)
        return [gr.update(), *_outputs(view._replace(verdict=NO_CHOICE + view.verdict))]
    view = guess_view(results, name, stored, choice if step == "guess" else None, opens=step != "look")
    # Nothing is kept anew where nothing changed: the browser would report a change, and the message would go.
    return [gr.update() if view.kept == guesses_in(stored) else view.kept, *_outputs(view)]


def _outputs(view: GuessView) -> list[Any]:
    return [view.question, view.verdict, gr.update(visible=view.is_open), view.lottery, view.tally]


def _question(result: StudyResult, arm: str) -> str:
    study, other = result.study, result.study.other(arm)
    ours, others = (len(result.judged(name)) for name in (arm, other))
    seeds = f"{ours} seeds each" if ours == others else f"{ours} seeds against {others}"
    asked = f"<h3>{escape(study.question)}</h3>" if study.question else ""
    against = f"<b>{escape(arm)}</b> against <b>{escape(other)}</b>, {seeds}, on {escape(result.items)}."
    bet = f"Is the mean {escape(result.measure.name)} of {escape(arm)} better, worse, or equivalent"
    delta = f"(less than {100 * study.delta:g} points apart), or is that not decided?"
    return f"{asked}<p>{against}</p>{_changes(result, arm, other)}<p>{bet} {delta}</p>"


def _tally(guesses: str, single_runs: list[str]) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in single_runs)
    title = "<p>What comparisons of one run each would have said, over all pairs of runs in this store:</p>"
    return f'<div class="tally"><h3>Guesses and single runs</h3><p>{escape(guesses)}</p>{title}<ul>{lines}</ul></div>'


def _changes(result: StudyResult, arm: str, other: str) -> str:
    """What the arm changes in the recipe, field by field."""
    recipes = result.study.recipes
    changed = recipes[other].changes(recipes[arm])
    lines = "".join(
        f"<li><code>{escape(path)}</code>: {escape(str(here))} → {escape(str(there))}</li>"
        for path, (here, there) in list(changed.items())[:MOST_FIELDS]
    )
    more = f"<li>and {len(changed) - MOST_FIELDS} more</li>" if len(changed) > MOST_FIELDS else ""
    return f'<ul class="changes">{lines}{more}</ul>'


def _verdict(result: StudyResult, arm: str, said: str) -> str:
    words = f'<p class="guessed" role="status">{escape(said)}</p>'
    return f"{words}{verdict_in_words(result, arm)}{report_link(result.study.name)}"
