"""What the tab Run shows of a study: the queue, the curves as they grow, at last the verdict."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import altair as alt
import numpy as np
import pandas

from netgain.demonstration import DemonstrationResult
from netgain.report import charts, tables
from netgain.report.charts import PART_DASHES
from netgain.report.palette import ARM_COLOURS
from netgain.report.sentences import study_sentences, verdict_sentence
from netgain.result import StudyResult
from netgain.web import look
from netgain.web.runner import Job, JobState, Runner

MOST_POINTS = 60
"""Of each curve; more cannot be told apart and take long to send."""

NOTHING = look.empty(
    "No study has run since the server started.",
    "Choose one above and press <b>Start</b>. Its curves grow here, for everyone who looks at this page.",
)
PREFIXES = {"accuracy": "train", "val_accuracy": "validation", "test_accuracy": "test"}


def live_view(runner: Runner) -> str:
    """The whole view as HTML."""
    job = runner.shown()
    if job is None:
        waiting = _queue(runner)
        return waiting or NOTHING
    shown = f'<div class="live" data-state="{job.state.value}">{_head(job)}{_body(job)}</div>'
    return f"{shown}{_queue(runner)}{'' if job.is_over else _finished_before(runner)}"


def _finished_before(runner: Runner) -> str:
    """The verdict of the study that ended last, while the next one runs already."""
    results = [job.result for job in runner.jobs() if isinstance(job.result, StudyResult)]
    if not results:
        return ""
    result = results[-1]
    name = escape(result.study.question or result.study.name)
    return f"<h4>Finished before: {name}</h4>{verdicts_in_words(result)}{report_link(result.study.name)}"


def _head(job: Job) -> str:
    networks = f"{job.num_done} of {job.num_planned} networks trained" if job.num_planned else "nothing left to train"
    if job.state is JobState.RUNNING and not job.num_planned:
        networks = "looking up what the store has"
    share = _share_done(job)
    seeds = f"{job.seeds} seed{'s' if job.seeds > 1 else ''} an arm"
    return f"""<h3>{escape(job.study.question or job.study.name)}</h3>
<p class="soft">{escape(job.study.name)}, {seeds}: <b class="state">{job.state.value}</b>; {networks}.</p>
<div class="progress" role="progressbar" aria-valuenow="{100 * share:.0f}">
<div style="width:{100 * share:.1f}%"></div></div>"""


def _share_done(job: Job) -> float:
    if job.state is JobState.FINISHED:
        return 1.0
    total = sum(reports[-1].epoch / reports[-1].epochs for reports in list(job.curves.values()) if reports)
    return min(1.0, total / job.num_planned) if job.num_planned else 0.0


def _body(job: Job) -> str:
    if job.state is JobState.FAILED:
        return look.problem(job.message)
    if isinstance(job.result, DemonstrationResult):
        return demonstration_view(job.result) + report_link(job.study.name)
    if job.result is not None:
        return finished_view(job.result)
    curves = live_table(job)
    if job.state is JobState.STOPPED:
        kept = "Networks that were done are kept: start it again and only what is missing is trained."
        return look.empty("Stopped.", kept) + (_curves(job, curves) if len(curves) else "")
    if not len(curves):
        return look.empty("The networks are being built and compiled.", "The first curve appears in a few seconds.")
    return _curves(job, curves)


def _curves(job: Job, curves: pandas.DataFrame) -> str:
    latest = curves.groupby(["arm", "part"], sort=False)["accuracy"].last()
    words = "; ".join(f"{arm}, {part}: {value:.2f} %" for (arm, part), value in latest.items())  # pyright: ignore[reportGeneralTypeIssues]
    return look.picture(live_chart(job, curves), "live", f"Accuracy against epoch so far. {words}")


def live_table(job: Job) -> pandas.DataFrame:
    """A row for each network, part of the images and epoch that was told so far; accuracies in percent."""
    rows = []
    for (arm, seed), reports in list(job.curves.items()):
        told = list(reports)
        step = max(1, len(told) // MOST_POINTS)
        for report in [*told[:-1:step], *told[-1:]]:
            for column, part in PREFIXES.items():
                if column in report.values:
                    network = f"{arm}, seed {seed}"
                    accuracy = 100 * report.values[column]
                    rows.append(
                        {"arm": arm, "network": network, "part": part, "epoch": report.epoch, "accuracy": accuracy}
                    )
    return pandas.DataFrame(rows, columns=pandas.Index(["arm", "network", "part", "epoch", "accuracy"]))


def live_chart(job: Job, curves: pandas.DataFrame) -> alt.TopLevelMixin:
    """A line for each network, in its arm's colour; the axis already has all epochs, so that one sees it grow."""
    arms = list(job.study.recipes)
    colours = [ARM_COLOURS[place % len(ARM_COLOURS)] for place in range(len(arms))]
    parts = [part for part in PART_DASHES if part in set(curves["part"])]
    epochs = max((recipe.epochs for recipe in job.study.recipes.values()), default=1)
    low = max(0.0, float(np.quantile(curves["accuracy"].to_numpy(), 0.08)) - 3)
    x_axis = alt.Axis(format="d", tickMinStep=1)
    arm_legend = alt.Legend(orient="bottom", direction="vertical", symbolType="stroke", labelLimit=300)
    part_legend = alt.Legend(orient="bottom", symbolStrokeColor="#555", symbolSize=400)
    dashes = alt.Scale(domain=parts, range=[PART_DASHES[part] for part in parts])
    base = alt.Chart(curves).encode(
        x=alt.X("epoch:Q", title="epoch", scale=alt.Scale(domain=[1, max(2, epochs)], nice=False), axis=x_axis),
        y=alt.Y("accuracy:Q", title="accuracy, %", scale=alt.Scale(domain=[low, 100], zero=False, clamp=True)),
        color=alt.Color("arm:N", sort=arms, scale=alt.Scale(domain=arms, range=colours), legend=arm_legend),
        strokeDash=alt.StrokeDash("part:N", title="images", sort=parts, scale=dashes, legend=part_legend),
        detail=alt.Detail("network:N"),
    )
    notes = ["Each line is one network. Train: while training; test: display only, it decides nothing."]
    title = alt.TitleParams("Accuracy while training", subtitle=notes, anchor="start", subtitleColor="#666")
    return base.mark_line(clip=True, strokeWidth=1.6, opacity=0.85).properties(width=640, height=300, title=title)


def finished_view(result: StudyResult) -> str:
    """The verdict in words and pictures, and the way to the whole report."""
    verdicts = verdicts_in_words(result)
    link = report_link(result.study.name)
    words = "Accuracy against epoch for each arm; the table below holds the same numbers."
    table = tables.learning_curves_table(result)
    last = table.loc[table["epoch"] == table["epoch"].max(), :]
    curves = look.picture(charts.chart(result, "learning-curves"), "curves", words, table=last)
    effects = ""
    if result.verdicts:
        forest = tables.effects_table(result)
        effects = look.picture(charts.chart(result, "effects"), "effects", "Effect of each arm", table=forest)
    return f"{verdicts}{link}{effects}{curves}"


def verdicts_in_words(result: StudyResult) -> str:
    """Each arm's verdict as a badge and a sentence; what was measured where there is nothing to judge."""
    if not result.verdicts:
        return "".join(f"<p>{escape(sentence)}</p>" for sentence in study_sentences(result))
    return "".join(
        f'<div class="verdict">{look.badge(verdict.outcome.value)} <b>{escape(arm)}</b>'
        f"<p>{escape(verdict_sentence(result, arm))}</p></div>"
        for arm, verdict in result.verdicts.items()
    )


def demonstration_view(result: DemonstrationResult) -> str:
    """What a demonstration found: its statements and figures."""
    said = "".join(f"<li>{escape(str(statement))}</li>" for statement in result.findings.statements)
    figures = [
        look.picture(figure.chart(), f"figure-{name}", figure.alt, table=figure.frame.head(60))
        for name, figure in result.findings.figures.items()
    ]
    return f'<ul class="statements">{said}</ul>{"".join(figures)}'


def report_link(name: str) -> str:
    """The way to a study's whole report."""
    address = f"/netgain/report/{quote(name)}"
    return f'<p><a href="{address}" target="_blank">The whole report</a>: errors, digits, recipes.</p>'


def _queue(runner: Runner) -> str:
    waiting = [job for job in runner.jobs() if job.state is JobState.WAITING]
    if not waiting:
        return ""
    items = "".join(f"<li>{escape(job.study.name)}, {job.seeds} seeds</li>" for job in waiting)
    return f'<div class="queue"><h4>Waiting: {len(waiting)}</h4><ol>{items}</ol></div>'
