"""The tab Verdicts: the forest plot of everything measured, the catalogue, and one study when it is opened."""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from netgain.errors import NetgainError
from netgain.report.forest import forest_chart, forest_table
from netgain.report.palette import VERDICT_COLOURS
from netgain.results.study_result import StudyResult
from netgain.runs.store import State
from netgain.stats.rounding import signed
from netgain.web import look
from netgain.web.address import Kept, Values, anchor
from netgain.web.run import SEEDS_OF_A_ROW
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf
from netgain.web.study_view import known_results, study_view

SECONDS_BETWEEN_LOOKS = 5.0
ALL = list(VERDICT_COLOURS)
NOTHING = look.empty(
    "Nothing is measured yet.",
    "Start a study in the tab <b>Run</b>, or on the command line: <code>netgain study dropout --seeds 5</code>. "
    "Everything in the store appears here.",
)


def verdicts_tab(shelf: Shelf, runner: Runner, page: gr.Blocks) -> Kept:
    """Put the tab's components into the page that is being made."""
    with gr.Column(elem_id="overview") as overview:
        with gr.Row():
            wanted = gr.CheckboxGroup(ALL, value=ALL, label="Show the verdicts", elem_id="wanted", scale=4)
            again = gr.Button("Refresh", size="md", elem_id="look-again", scale=0, min_width=120)
        forest = gr.HTML(elem_id="forest")
        catalogue = gr.HTML(elem_id="catalogue")
    opened = gr.HTML(elem_id="opened", visible=False)

    seen = gr.State(None)

    def shown(outcomes: list[str]) -> list[Any]:
        state = _state(shelf)  # before the results, which may be newer
        return [*overview_of(outcomes), state]

    def shown_if_new(outcomes: list[str], before: State | None) -> list[Any]:
        return [gr.skip()] * 3 if _state(shelf) == before else shown(outcomes)

    def overview_of(outcomes: list[str]) -> list[str]:
        try:
            results = known_results(shelf, runner)
        except NetgainError as error:
            return [look.problem(str(error)), catalogue_table(shelf, runner, {}, outcomes)]
        return [_forest(results, outcomes), catalogue_table(shelf, runner, results, outcomes)]

    for event in (page.load, wanted.change, again.click):
        event(shown, wanted, [forest, catalogue, seen], show_progress="minimal")
    timer = gr.Timer(SECONDS_BETWEEN_LOOKS)  # a colleague, or another program, may add runs
    timer.tick(shown_if_new, [wanted, seen], [forest, catalogue, seen], show_progress="hidden")

    def fill(values: Values) -> list[Any]:
        if not values:
            return [gr.update(visible=True), gr.update(value="", visible=False)]
        view = study_view(shelf, runner, values.get("study", ""), values.get("arm", ""))
        return [gr.update(visible=False), gr.update(value=view, visible=True)]

    return Kept(["study", "arm"], [overview, opened], fill, {})


def _state(shelf: Shelf) -> State | None:
    """What the store holds, to see whether it grew; None where it cannot be read, which the overview says."""
    try:
        return shelf.state()
    except NetgainError:
        return None


def _forest(results: dict[str, StudyResult], outcomes: list[str]) -> str:
    table = forest_table(list(results.values()))
    if not len(table):
        return NOTHING
    table = table.loc[table["verdict"].isin(outcomes), :].reset_index(drop=True)
    if not len(table):
        return look.empty("No technique has one of these verdicts.", "Select more verdicts above.")
    words = "; ".join(
        f"{row['study']}, {row['arm']}: {signed(row['effect'])} points, {signed(row['low'])} to {signed(row['high'])}, "
        f"{row['verdict']}"
        for row in table.to_dict("records")
    )
    narrow = forest_chart(table, narrow=True)
    return look.picture(
        forest_chart(table), "forest", f"Forest plot. {words}", table=table, narrow=narrow, stretched=False
    )


def catalogue_table(shelf: Shelf, runner: Runner, results: dict[str, StudyResult], outcomes: list[str]) -> str:
    """A line for each study of the catalogue and each that ran here: its question, what is known, the way to it."""
    examined, measured, lines = shelf.examined(), set(_measured_demonstrations(shelf)), []
    questions = {name: result.study.question for name, result in results.items() if name not in shelf.entries}
    for name, question in {**questions, **{name: entry.headline for name, entry in shelf.entries.items()}}.items():
        result = results.get(name)
        if result and result.verdicts and not {v.outcome.value for v in result.verdicts.values()} & set(outcomes):
            continue
        if result:
            known = _measured(name, result)
        elif name in examined:
            held = [statement.holds for statement in examined[name].findings.statements]
            known = f"{sum(held)} of {len(held)} statements hold"
        elif name in measured:
            known = '<span class="soft">measured: open it to see which statements hold</span>'
        else:
            known = _not_measured(name, runner)
        is_measured = result is not None or name in {*examined, *measured}
        tab = "verdicts" if is_measured else "run"
        lines.append(_line(name, question, known, tab, starts=not (is_measured or runner.read_only)))
    head = '<thead><tr><th scope="col">study</th><th scope="col">question</th><th scope="col">verdict</th></tr></thead>'
    return f'<h2>The catalogue</h2><div class="catalogue"><table>{head}<tbody>{"".join(lines)}</tbody></table></div>'


def _measured_demonstrations(shelf: Shelf) -> list[str]:
    """The demonstrations of which the store has all networks, examined or not; none where it cannot be read."""
    try:
        return [name for name in shelf.demonstrations() if shelf.entries[name].study.recipes]
    except NetgainError:
        return []


def _line(name: str, question: str, known: str, tab: str, *, starts: bool) -> str:
    """A row, all of which is one link: to the study's results, or to the tab Run, where its press starts the study."""
    start = f' data-start="{escape(name)}" aria-label="Start {escape(name)} with {SEEDS_OF_A_ROW} seeds"'
    to_it = anchor(escape(name), tab, start if starts else "", study=name)
    return f"<tr><td><b>{to_it}</b></td><td>{escape(question)}</td><td>{known}</td></tr>"


def _measured(name: str, result: StudyResult) -> str:
    """The verdict of each arm, with a link to it; of a study without arms, what was measured."""
    if not result.verdicts:
        measured = next(iter(result.accuracies.values()))
        return f"{100 * measured.value:.2f} %"
    return "".join(
        f"<div>{look.verdict_badge(verdict.outcome.value)} {anchor(escape(arm), 'verdicts', study=name, arm=arm)}</div>"
        for arm, verdict in result.verdicts.items()
    )


def _not_measured(name: str, runner: Runner) -> str:
    if runner.read_only:
        command = f"<code>netgain study {escape(name)}</code>"
        return f'<span class="soft">not measured; this page starts nothing. On your computer: {command}</span>'
    set_up = anchor("set it up", "run", study=name)
    return f'<span class="soft">not measured: press to start it with {SEEDS_OF_A_ROW} seeds, or {set_up}</span>'
