"""What the tab Run shows of a study: the queue, the curves as they grow, at last the verdict."""

from __future__ import annotations

from html import escape

import altair as alt
import numpy as np
import pandas

from netgain.experiment.question import title_of
from netgain.report.chart_parts import epoch_axis
from netgain.report.curves import PART_DASHES
from netgain.report.palette import ARM_COLOURS
from netgain.tasks.catalogue import task_of
from netgain.tasks.task import PARTS, Measure
from netgain.web import look
from netgain.web.runner import Job, JobState, Runner
from netgain.web.shown import body_of, report_link, verdicts_in_words

MOST_POINTS = 60
"""Of each curve; more cannot be told apart and take long to send."""

NOTHING = look.empty(
    "No study has run since the server started.",
    "Choose one above and press <b>Start</b>. Its curves grow here, for everyone who opens this page.",
)


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
    judged = [job for job in runner.jobs() if job.result is not None and job.asked.called == "study"]
    if not judged:
        return ""
    last = judged[-1]
    verdicts = verdicts_in_words(last.result)
    return f"<h4>Finished before: {escape(title_of(last.asked))}</h4>{verdicts}{report_link(last.asked.name)}"


def _head(job: Job) -> str:
    networks = f"{job.num_done} of {job.num_planned} networks trained" if job.num_planned else "nothing to train"
    if job.state is JobState.RUNNING and not job.num_planned:
        networks = "reading the store"
    share = _share_done(job)
    seeds = f"{job.seeds} seed{'s' if job.seeds > 1 else ''} per arm"
    return f"""<h3>{escape(title_of(job.asked))}</h3>
<p class="soft">{escape(job.asked.name)}, {seeds}: <b class="state">{job.state.value}</b>; {networks}.</p>
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
    if job.result is not None:
        return body_of(job.result)
    curves = live_table(job)
    if job.state is JobState.STOPPED:
        kept = "Finished networks are kept: start it again, and only what is missing is trained."
        return look.empty("Stopped.", kept) + (_curves(job, curves) if len(curves) else "")
    if not len(curves):
        return look.empty("The networks are being built and compiled.", "The first curve appears in a few seconds.")
    return _curves(job, curves)


def _curves(job: Job, curves: pandas.DataFrame) -> str:
    measure = measure_of(job)
    latest = curves.groupby(["arm", "part"], sort=False)["value"].last()
    words = "; ".join(f"{arm}, {part}: {value:.2f} {measure.unit}" for (arm, part), value in latest.items())  # pyright: ignore[reportGeneralTypeIssues]
    return look.picture(live_chart(job, curves), "live", f"{measure.name.capitalize()} against epoch so far. {words}")


def live_table(job: Job) -> pandas.DataFrame:
    """A row for each network, part of the images and epoch that was told so far; fractions in percent."""
    rows, name = [], measure_of(job).name
    for (arm, seed), reports in list(job.curves.items()):
        told = list(reports)
        step = max(1, len(told) // MOST_POINTS)
        for report in [*told[:-1:step], *told[-1:]]:
            for part in PARTS:
                if name in report.values.get(part, {}):
                    network, value = f"{arm}, seed {seed}", 100 * report.values[part][name]
                    rows.append((arm, network, part, report.epoch, value))
    return pandas.DataFrame(rows, columns=pandas.Index(["arm", "network", "part", "epoch", "value"]))


def measure_of(job: Job) -> Measure:
    """What the verdicts of a job will be about; of one that trains nothing, the usual measure."""
    recipes = list(job.asked.recipes.values())
    return task_of(recipes[0]).measure if recipes else Measure()


def live_chart(job: Job, curves: pandas.DataFrame) -> alt.TopLevelMixin:
    """A line for each network, in its arm's colour; the axis already has all epochs, so that one sees it grow."""
    arms, measure = list(job.asked.recipes), measure_of(job)
    colours = [ARM_COLOURS[place % len(ARM_COLOURS)] for place in range(len(arms))]
    parts = [part for part in PART_DASHES if part in set(curves["part"])]
    epochs = max((recipe.num_epochs for recipe in job.asked.recipes.values()), default=1)
    low = max(0.0, float(np.quantile(curves["value"].to_numpy(), 0.08)) - 3)
    arm_legend = alt.Legend(orient="bottom", direction="vertical", symbolType="stroke", labelLimit=300)
    part_legend = alt.Legend(orient="bottom", symbolStrokeColor="#555", symbolSize=400)
    dashes = alt.Scale(domain=parts, range=[PART_DASHES[part] for part in parts])
    base = alt.Chart(curves).encode(
        x=alt.X(
            "epoch:Q",
            title="epoch",
            scale=alt.Scale(domain=[1, max(2, epochs)], nice=False),
            axis=epoch_axis(max(2, epochs)),
        ),
        y=alt.Y(
            "value:Q",
            title=f"{measure.name}, {measure.unit}",
            scale=alt.Scale(domain=[low, 100], zero=False, clamp=True),
        ),
        color=alt.Color("arm:N", sort=arms, scale=alt.Scale(domain=arms, range=colours), legend=arm_legend),
        strokeDash=alt.StrokeDash("part:N", title="images", sort=parts, scale=dashes, legend=part_legend),
        detail=alt.Detail("network:N"),
    )
    notes = ["Each line is one network. Train: during training. The test curve is not used for training."]
    title = alt.TitleParams(
        f"{measure.name.capitalize()} while training", subtitle=notes, anchor="start", subtitleColor="#666"
    )
    return base.mark_line(clip=True, strokeWidth=1.6, opacity=0.85).properties(width=640, height=300, title=title)


def _queue(runner: Runner) -> str:
    waiting = [job for job in runner.jobs() if job.state is JobState.WAITING]
    if not waiting:
        return ""
    items = "".join(f"<li>{escape(job.asked.name)}, {job.seeds} seeds</li>" for job in waiting)
    return f'<div class="queue"><h4>Waiting: {len(waiting)}</h4><ol>{items}</ol></div>'
