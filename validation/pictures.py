"""The pictures of docs/validation.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import altair as alt
import numpy as np
import pandas
from scipy import stats

from validation.alternatives import ADOPTED, FORMULAS
from validation.cells import LIKENESSES, NUM_SEEDS, Cell
from validation.measure import ALPHA, ONE_SIGMA, PULL_EDGES, Measured
from validation.results import FormulaSummary, Results

BLUE, ORANGE = "#0072B2", "#D55E00"
FORMULA_COLOURS = (BLUE, ORANGE, "#009E73", "#CC79A7")
"""Okabe and Ito's, which colour-blind readers tell apart."""

BAND, LINE, INK = "#DDDDDD", "#888888", "#333333"
SCALE_FACTOR = 2.0


def write(results: Results, folder: Path) -> None:
    """Write every picture as a PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    charts = {
        "coverage": coverage(results.grid),
        "pulls": pulls(results.grid),
        "variance": variance(results.formulas),
    }
    for name, chart in charts.items():
        configured = chart.configure_view(stroke=None).configure_axis(grid=False, titleFontWeight="normal")
        configured.save(folder / f"validation-{name}.png", scale_factor=SCALE_FACTOR)


def coverage(grid: Sequence[Measured[Cell]]) -> alt.VConcatChart:
    """The coverage of every cell against the band of the criterion, a panel for each S."""
    rows = pandas.DataFrame([row for measured in grid for row in _coverage_rows(measured)])
    panels = [
        alt.hconcat(
            *(_coverage_panel(rows, level, limits, seeds) for seeds in NUM_SEEDS if _with_seeds(grid, seeds)),
            spacing=12,
        )
        for level, limits in ((100 * (1 - ALPHA), (93.5, 98.5)), (100 * ONE_SIGMA, (65.0, 85.0)))
    ]
    title = alt.TitleParams(
        "Coverage of the intervals, one point for each of the 96 cells",
        subtitle=[
            "Grey: what the criterion allows. Line: what the interval promises. Bars: ± 1 standard error of the toys.",
            "Of the points of one colour and shape the left one has Δ = 0, the right one Δ = 0.1 %.",
        ],
        anchor="start",
        offset=12,
        subtitleColor=LINE,
    )
    return alt.vconcat(*panels, spacing=24).properties(title=title)


def pulls(grid: Sequence[Measured[Cell]]) -> alt.HConcatChart:
    """The pulls of all cells with one S against the normal distribution."""
    panels = [_pull_panel(grid, seeds) for seeds in NUM_SEEDS if _with_seeds(grid, seeds)]
    title = alt.TitleParams(
        "Pulls: deviations from the truth in units of their bars",
        subtitle="Blue: all toys of the 24 cells with that S. Line: the normal distribution, which exact bars give.",
        anchor="start",
        offset=12,
        subtitleColor=LINE,
    )
    return alt.hconcat(*panels, spacing=16).properties(title=title)


def variance(formulas: Sequence[FormulaSummary]) -> alt.LayerChart | alt.FacetChart:
    """How far each formula for V is from the true variance."""
    names = [ADOPTED, *FORMULAS]
    rows = pandas.DataFrame(
        [
            {"formula": item.name, "S": item.num_seeds, "low": item.variance_ratio[0], "high": item.variance_ratio[1]}
            for item in formulas
        ]
    )
    scale = alt.Scale(domain=[0.85, 1.45], nice=False, zero=False)
    offset = alt.XOffset("formula:N", sort=names)
    colour = alt.Color(
        "formula:N",
        sort=names,
        scale=alt.Scale(domain=names, range=list(FORMULA_COLOURS)),
        title="kept from below zero",
        legend=alt.Legend(labelLimit=300, symbolType="square", symbolSize=120, symbolOpacity=1),
    )
    bars = alt.Chart(rows).mark_bar(size=9, cornerRadius=2, clip=True).encode(
        x=alt.X("S:O", title="seeds of each recipe, S", axis=alt.Axis(labelAngle=0)),
        xOffset=offset,
        y=alt.Y("low:Q", title="mean of V / true variance", scale=scale),
        y2="high:Q",
        color=colour,
    )  # fmt: skip
    title = alt.TitleParams(
        "Mean of V over the true variance",
        subtitle="Lowest to highest of the 24 cells with that S. Grey: what the criterion allows.",
        anchor="start",
        offset=12,
        subtitleColor=LINE,
    )
    return alt.layer(_band(0.9, 1.1, scale), _rule(1.0, scale), bars).properties(width=420, height=260, title=title)


def _coverage_rows(measured: Measured[Cell]) -> list[dict[str, object]]:
    cell, rows = measured.cell, []
    for level, value in ((1 - ALPHA, measured.coverage_95), (ONE_SIGMA, measured.coverage_68)):
        error = np.sqrt(level * (1 - level) / measured.num_toys)
        rows.append(
            {
                "level": 100 * level,
                "S": cell.num_seeds[0],
                "τ": f"{cell.seed_spreads[0]:g}",
                "ρ": f"{cell.likeness:g}",
                "images": f"{cell.num_images:,}",
                "place": f"{cell.num_images:6d} {1 - cell.likeness:.2f} {cell.effect}",
                "coverage": 100 * value,
                "low": 100 * (value - error),
                "high": 100 * (value + error),
            }
        )
    return rows


def _coverage_panel(
    rows: pandas.DataFrame, level: float, limits: tuple[float, float], num_seeds: int
) -> alt.LayerChart | alt.FacetChart:
    first = num_seeds == NUM_SEEDS[0]
    here = rows[(rows["S"] == num_seeds) & np.isclose(rows["level"], level)]
    extent = [92.5, 99.5] if limits[0] > 90 else [62.0, 78.0]
    scale = alt.Scale(domain=extent, nice=False, zero=False)
    axis = alt.Axis(labels=first, ticks=first, domain=first)
    title = f"coverage of the {level:g} % interval, %" if first else None
    likeness = [f"{value:g}" for value in LIKENESSES]
    base = alt.Chart(here).encode(
        x=alt.X("τ:O", title="spread of the seeds, τ", axis=alt.Axis(labelAngle=0)),
        xOffset="place:N",
        color=alt.Color("ρ:N", title="likeness ρ", scale=alt.Scale(domain=likeness, range=[BLUE, ORANGE])),
    )
    bars = base.mark_rule(opacity=0.6, clip=True).encode(
        y=alt.Y("low:Q", title=title, scale=scale, axis=axis), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=38, opacity=1, clip=True).encode(
        y=alt.Y("coverage:Q", title=title, scale=scale, axis=axis),
        shape=alt.Shape("images:N", title="test images n", scale=alt.Scale(range=["circle", "diamond"])),
    )
    band = _band(limits[0], min(limits[1], extent[1]), scale)
    return alt.layer(band, _rule(level, scale), bars, points).properties(
        width=190, height=190, title=alt.TitleParams(f"S = {num_seeds}", fontSize=12, fontWeight="normal")
    )


def _pull_panel(grid: Sequence[Measured[Cell]], num_seeds: int) -> alt.LayerChart | alt.FacetChart:
    counts = np.sum([measured.pull_counts for measured in _with_seeds(grid, num_seeds)], axis=0)
    step = PULL_EDGES[1] - PULL_EDGES[0]
    bins = pandas.DataFrame(
        {"from": PULL_EDGES[:-1], "to": PULL_EDGES[1:], "density": counts / (counts.sum() * step), "zero": 0.0}
    )
    at = np.linspace(PULL_EDGES[0], PULL_EDGES[-1], 161)
    normal = pandas.DataFrame({"pull": at, "density": stats.norm.pdf(at)})
    first = num_seeds == NUM_SEEDS[0]
    vertical = alt.Y(
        "density:Q",
        title="density" if first else None,
        scale=alt.Scale(domain=[0, 0.48]),
        axis=alt.Axis(labels=first, ticks=first, domain=first, values=[0, 0.1, 0.2, 0.3, 0.4]),
    )
    bars = alt.Chart(bins).mark_rect(color=BLUE, opacity=0.55).encode(
        x=alt.X("from:Q", title="pull", scale=alt.Scale(domain=[-4, 4]), axis=alt.Axis(values=[-4, -2, 0, 2, 4])),
        x2="to:Q",
        y=vertical,
        y2="zero:Q",
    )  # fmt: skip
    line = alt.Chart(normal).mark_line(color=INK, strokeWidth=1.5).encode(x=alt.X("pull:Q", title="pull"), y=vertical)
    return alt.layer(bars, line).properties(
        width=190, height=180, title=alt.TitleParams(f"S = {num_seeds}", fontSize=12, fontWeight="normal")
    )


def _with_seeds(grid: Sequence[Measured[Cell]], num_seeds: int) -> list[Measured[Cell]]:
    return [measured for measured in grid if measured.cell.num_seeds[0] == num_seeds]


def _band(low: float, high: float, scale: alt.Scale) -> alt.Chart:
    limits = alt.Data(values=[{"low": low, "high": high}])
    return alt.Chart(limits).mark_rect(color=BAND).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q")


def _rule(value: float, scale: alt.Scale) -> alt.Chart:
    promised = alt.Data(values=[{"value": value}])
    return alt.Chart(promised).mark_rule(color=LINE).encode(y=alt.Y("value:Q", scale=scale))
