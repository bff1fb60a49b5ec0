"""The tab Verdicts: the forest plot of everything measured, the catalogue, and each study's report."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import gradio as gr

from netgain.errors import NetgainError
from netgain.report.forest import forest_chart, forest_table
from netgain.report.palette import VERDICT_COLOURS
from netgain.results.study_result import StudyResult
from netgain.web import look
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf

ALL = list(VERDICT_COLOURS)
NOTHING = look.empty(
    "Nothing is measured yet.",
    "Start a study in the tab <b>Run</b>, or on the command line: <code>netgain study dropout --seeds 5</code>. "
    "Everything in the store appears here.",
)


def known_results(shelf: Shelf, runner: Runner) -> dict[str, StudyResult]:
    """What the store has of the catalogue, and what ran on this page, by the study's name.

    Raises:
        StoreError: where the store cannot be read.
    """
    finished = [job for job in runner.jobs() if job.result is not None]
    ran = {job.asked.name: job.result for job in finished if job.asked.called == "study"}
    return {**ran, **shelf.results()}


def verdicts_tab(shelf: Shelf, runner: Runner, page: gr.Blocks) -> None:
    """Put the tab's components into the page that is being made."""
    with gr.Row():
        wanted = gr.CheckboxGroup(ALL, value=ALL, label="Show the verdicts", elem_id="wanted", scale=4)
        again = gr.Button("Refresh", size="md", elem_id="look-again", scale=0, min_width=120)
    forest = gr.HTML(elem_id="forest")
    study = gr.Dropdown([], label="Open a full report", elem_id="open-study", visible=False)
    report = gr.HTML(elem_id="report")
    catalogue = gr.HTML(elem_id="catalogue")

    def shown(outcomes: list[str]) -> list[object]:
        try:
            results = known_results(shelf, runner)
        except NetgainError as error:
            return [look.problem(str(error)), gr.update(visible=False), _catalogue(shelf, {}, outcomes)]
        listed = [*results, *shelf.demonstrations()]
        names = gr.update(choices=listed, visible=bool(listed))
        return [_forest(results, outcomes), names, _catalogue(shelf, results, outcomes)]

    for event in (page.load, wanted.change, again.click):
        event(shown, wanted, [forest, study, catalogue], show_progress="minimal")
    study.change(_frame, study, report, show_progress="hidden")


def _forest(results: dict[str, StudyResult], outcomes: list[str]) -> str:
    table = forest_table(list(results.values()))
    if not len(table):
        return NOTHING
    table = table.loc[table["verdict"].isin(outcomes), :].reset_index(drop=True)
    if not len(table):
        return look.empty("No technique has one of these verdicts.", "Select more verdicts above.")
    words = "; ".join(
        f"{row['study']}, {row['arm']}: {row['effect']:+.2f} points, {row['low']:+.2f} to {row['high']:+.2f}, "
        f"{row['verdict']}"
        for row in table.to_dict("records")
    )
    narrow = forest_chart(table, narrow=True)
    return look.picture(
        forest_chart(table), "forest", f"Forest plot. {words}", table=table, narrow=narrow, stretched=False
    )


def _frame(name: str | None) -> str:
    if not name:
        return ""
    return (
        f'<iframe class="report-frame" src="/netgain/report/{quote(name)}" title="report of {escape(name)}"></iframe>'
    )


def _catalogue(shelf: Shelf, results: dict[str, StudyResult], outcomes: list[str]) -> str:
    """A line for each study of the catalogue: its question and what is known."""
    lines = []
    for name, entry in shelf.entries.items():
        result = results.get(name)
        verdicts = {arm: verdict.outcome.value for arm, verdict in result.verdicts.items()} if result else {}
        if verdicts and not set(verdicts.values()) & set(outcomes):
            continue
        if verdicts:
            known = "<br>".join(f"{look.badge(outcome)} {escape(arm)}" for arm, outcome in verdicts.items())
        elif entry.study.called == "demonstration":
            known = '<span class="soft">a demonstration: open it above, or run it in the tab <b>Run</b></span>'
        elif result:
            known = f"{100 * next(iter(result.accuracies.values())).value:.2f} %"
        else:
            known = f'<span class="soft">not measured yet: <code>netgain study {escape(name)}</code></span>'
        lines.append(f"<tr><td><b>{escape(name)}</b></td><td>{escape(entry.headline)}</td><td>{known}</td></tr>")
    head = "<tr><th>study</th><th>question</th><th>verdict</th></tr>"
    return f'<h3>The catalogue</h3><div class="scroll catalogue"><table>{head}{"".join(lines)}</table></div>'
