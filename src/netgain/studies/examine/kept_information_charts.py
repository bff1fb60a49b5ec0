"""The pictures of what a cut does to a spectrum: one pseudo-experiment before and after it, and the pulls of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from netgain.results.findings import Figure
from netgain.stats import fit_peak
from netgain.studies.examine.pseudo_experiments import (
    BACKGROUND,
    BACKGROUND_SHARE,
    BLIND,
    CENTRES,
    DEGREE,
    EDGES,
    GENERIC,
    PASSING,
    PEAK,
    SIGNAL,
    SIGNAL_SHARES,
    UNCUT,
    Experiments,
)

if TYPE_CHECKING:
    import altair
    import pandas

PANELS = {UNCUT: "Before the cut", GENERIC: "After a cut on the generic score", BLIND: "After a cut on the blind score"}
TRUE, FITTED, BELOW = "background, true", "fit: signal and background", "fit: background alone"
PULL_EDGES = np.linspace(-5, 15, 81)


def figures(passing: Mapping[str, np.ndarray], done: Mapping[str, Experiments]) -> dict[str, Figure]:
    """The spectra of one pseudo-experiment with the usual numbers, and how the pulls of all are distributed."""
    return {
        "spectra": Figure(
            _spectra_frame(passing, SIGNAL),
            lambda frame: _draw_spectra(frame, "The spectrum of the mass, before and after a cut", SIGNAL),
            "Spectra of the mass: before the cut a small peak on a flat background, after either cut a large peak on a "
            "small background. After the generic cut the true background is above the fitted one where the peak is.",
        ),
        "background-alone": Figure(
            _spectra_frame(passing, 0),
            lambda frame: _draw_spectra(frame, "The spectrum of background alone, before and after a cut", 0),
            "Spectra of the mass without a signal: flat before the cut, a peak around 0° after the generic cut, which "
            "the fit takes for signal, and a smooth curve after the blind cut.",
        ),
        "pulls": Figure(
            _pulls_frame(done),
            _draw_pulls,
            "Distribution of the pulls: those of the blind classifier follow the normal curve of mean 0 and width 1, "
            "those of the generic one lie to the right of it and are wider.",
        ),
    }


def _spectra_frame(passing: Mapping[str, np.ndarray], num_signal: int) -> pandas.DataFrame:
    """A row for each way to select and bin, with the first network's cut and that much signal before it."""
    import pandas

    rows = []
    for name, panel in PANELS.items():
        generator = np.random.default_rng(1)
        signal = num_signal * SIGNAL_SHARES * passing[name][0, 0]
        background = BACKGROUND * BACKGROUND_SHARE * passing[name][0, 1]
        counts = generator.poisson(signal + background)
        fit = fit_peak(counts[np.newaxis], EDGES, PEAK, DEGREE)
        said = f"fitted {fit.signal[0]:.0f} ± {fit.error[0]:.0f}, true {signal.sum():.0f}"
        columns = {
            "mass": CENTRES, "low": EDGES[:-1], "high": EDGES[1:], "count": counts, "error": np.sqrt(counts),
            "true_background": background, "true_total": signal + background,
            "fitted_background": fit.expected_background[0],
            "fitted_total": (fit.expected_background + fit.expected_signal)[0],
        }  # fmt: skip
        rows.append(pandas.DataFrame({"panel": panel, "signal": said, **columns}))
    return pandas.concat(rows, ignore_index=True)


def _draw_spectra(frame: pandas.DataFrame, title: str, num_signal: int) -> altair.TopLevelMixin:
    import altair as alt

    panels = [_spectrum(frame.query("panel == @panel"), panel) for panel in PANELS.values()]
    notes = [
        f"One pseudo-experiment: {num_signal:,} signal and {BACKGROUND:,} background images before the cut, which "
        f"{100 * PASSING:.0f} % of the signal passes. First seed.",
        "Points: counts with √n. Fit: a peak of known shape over a parabola. Signal: number in the peak.",
    ]
    heading = alt.TitleParams(title, subtitle=notes, anchor="start",
                              subtitleColor="#666")  # fmt: skip
    return alt.hconcat(*panels, spacing=24).properties(title=heading)


def _spectrum(frame: pandas.DataFrame, panel: str) -> Any:
    """One panel: the true background as an area, the fit as lines, the counts as points."""
    import altair as alt

    from netgain.report.palette import ARM_COLOURS, INK, SOFT

    names = [TRUE, BELOW, FITTED]
    scale = alt.Scale(domain=names, range=["#C8C8C8", SOFT, ARM_COLOURS[2]])
    legend = alt.Legend(orient="bottom", symbolType="stroke", symbolStrokeWidth=4, labelLimit=300, columns=1)
    colour = alt.Color("curve:N", scale=scale, legend=legend, title=None)
    top = float(np.max(frame["count"].to_numpy() + frame["error"].to_numpy()))
    y = {"title": "images per 3°", "scale": alt.Scale(domain=[0, 1.12 * top], nice=False)}
    x_axis = {"title": "mass m, degrees", "scale": alt.Scale(domain=[EDGES[0], EDGES[-1]], nice=False)}
    x = alt.X("mass:Q", **x_axis, axis=alt.Axis(values=[-30, -20, -10, 0, 10, 20, 30], labelFlush=False))
    base = alt.Chart(frame)

    def curve(name: str) -> altair.Chart:
        return base.transform_calculate(curve=f"'{name}'")

    bars = curve(TRUE).mark_bar(binSpacing=0, strokeWidth=1).encode(
        x=alt.X("low:Q", **x_axis), x2=alt.X2("high:Q"), y=alt.Y("true_background:Q", **y), y2=alt.Y2Datum(0),
        color=colour, stroke=alt.Stroke("curve:N", scale=scale, legend=None),
    )  # fmt: skip
    lines = [
        curve(name)
        .mark_line(strokeWidth=2.4, interpolate="monotone", strokeDash=dash)
        .encode(x=x, y=alt.Y(f"{column}:Q", **y), color=colour)
        for column, name, dash in (("fitted_background", BELOW, [6, 3]), ("fitted_total", FITTED, [1, 0]))
    ]
    spread = base.transform_calculate(from_="datum.count - datum.error", to="datum.count + datum.error")
    tooltip = [alt.Tooltip("mass:Q"), alt.Tooltip("count:Q"), alt.Tooltip("true_background:Q", format=".1f")]
    points = [
        spread.mark_rule(color=INK).encode(x=x, y=alt.Y("from_:Q", **y), y2=alt.Y2("to:Q")),
        base.mark_point(color=INK, filled=True, size=26, opacity=1).encode(
            x=x, y=alt.Y("count:Q", **y), tooltip=tooltip
        ),
    ]
    heading = alt.TitleParams(panel, subtitle=f"signal: {frame['signal'].iloc[0]}", anchor="start",
                              fontSize=12, subtitleColor=SOFT)  # fmt: skip
    return alt.layer(bars, *lines, *points).properties(width=250, height=240, title=heading)


def _pulls_frame(done: Mapping[str, Experiments]) -> pandas.DataFrame:
    """A row for each classifier and bin of pulls; those outside of the bins are counted in the first and last one."""
    import pandas

    parts, width = [], PULL_EDGES[1] - PULL_EDGES[0]
    for name in (GENERIC, BLIND):
        pulls = np.clip(done[name].pulls, PULL_EDGES[0], PULL_EDGES[-1])
        density = np.histogram(pulls, PULL_EDGES)[0] / (len(pulls) * width)
        columns = {"low": PULL_EDGES[:-1], "high": PULL_EDGES[1:], "density": density}
        said = f"{name}: mean {done[name].pulls.mean():+.2f}, width {done[name].pulls.std(ddof=1):.2f}"
        parts.append(pandas.DataFrame({"classifier": said, "experiments": len(pulls), **columns}))
    return pandas.concat(parts, ignore_index=True)


def _draw_pulls(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    from netgain.report.palette import ARM_COLOURS, INK

    names = list(dict.fromkeys(frame["classifier"]))
    low, high, filled = (frame[column].to_numpy() for column in ("low", "high", "density"))
    low, high = low[filled > 0], high[filled > 0]
    reach = (min(float(low.min()), -4.0), max(float(high.max()) + 1, 4.0))
    axis = {"title": "pull: (fitted - true) / error", "scale": alt.Scale(domain=list(reach), nice=False)}
    scale = alt.Scale(domain=names, range=list(ARM_COLOURS[:2]))
    legend = alt.Legend(orient="bottom", direction="vertical", labelLimit=400)
    areas = (
        alt.Chart(frame[(frame["low"] >= reach[0]) & (frame["high"] <= reach[1])])
        .mark_area(interpolate="step-after", opacity=0.4, line=True)
        .encode(
            x=alt.X("low:Q", **axis, axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("density:Q", title="share of pseudo-experiments per unit", stack=None),
            color=alt.Color("classifier:N", title=None, sort=names, scale=scale, legend=legend),
        )
    )
    at = np.linspace(reach[0], reach[1], 121)
    curve = [{"pull": float(x), "density": float(stats.norm.pdf(x))} for x in at]
    normal = (
        alt.Chart(alt.InlineData(values=tuple(curve)))
        .mark_line(color=INK, strokeDash=[5, 3], strokeWidth=2)
        .encode(x=alt.X("pull:Q", **axis), y=alt.Y("density:Q"))
    )
    notes = [f"{frame['experiments'].iloc[0]:,} pseudo-experiments per classifier, in equal parts with each seed.",
             "Dashed: a normal distribution of mean 0 and width 1, which right errors give."]  # fmt: skip
    heading = alt.TitleParams("Pulls of the fitted signal", subtitle=notes, anchor="start", subtitleColor="#666")
    return alt.layer(areas, normal).properties(width=560, height=280, title=heading)
