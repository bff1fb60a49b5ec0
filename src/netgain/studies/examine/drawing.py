"""What the examinations' figures share: curves with a band over the seeds, in the colours of all charts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair
    import pandas

DASHES = ([1, 0], [7, 4], [2, 2], [10, 3, 2, 3])
"""Lines differ in their dashes too, for print and for readers who do not see the colours."""


def over_seeds(rows: Iterable[dict[str, Any]], value: str) -> pandas.DataFrame:
    """Mean, lowest and highest of a column over the `seed`s, for every combination of the other columns."""
    import pandas

    frame = pandas.DataFrame(list(rows))
    keys = [column for column in frame.columns if column not in {"seed", value}]
    grouped = frame.groupby(keys, sort=False)[value]
    return grouped.agg(mean="mean", lowest="min", highest="max", seeds="count").reset_index()


def curves(
    frame: pandas.DataFrame,
    *,
    x: tuple[str, str],
    y: tuple[str, str],
    by: str,
    title: str,
    notes: Sequence[str] = (),
    log: bool = False,
    facet: str | None = None,
    size: tuple[int, int] = (600, 340),
) -> altair.TopLevelMixin:
    """Lines of `y` against `x`, each a pair of column and axis title, one colour for each value of column `by`.

    A frame with the columns lowest and highest gets a band; `facet` names a column that each get a panel.
    """
    import altair as alt

    from netgain.report.palette import ARM_COLOURS

    names = list(dict.fromkeys(frame[by]))
    scale: Any = alt.Scale(type="log") if log else alt.Scale(zero=False)
    colours = alt.Scale(domain=names, range=[ARM_COLOURS[i % len(ARM_COLOURS)] for i in range(len(names))])
    symbols = {"symbolType": "stroke", "symbolSize": 350, "symbolOpacity": 1}
    legend = alt.Legend(orient="bottom", columns=4, labelLimit=420, **symbols)
    dashes = alt.Scale(domain=names, range=[DASHES[i % len(DASHES)] for i in range(len(names))])
    y_axis = {"title": y[1], "scale": scale, "axis": _decades(frame, y[0]) if log else alt.Axis()}
    x_axis = _whole_steps(frame, x[0])
    base = alt.Chart().encode(
        x=alt.X(f"{x[0]}:Q", title=x[1], scale=alt.Scale(nice=False), axis=x_axis),
        color=alt.Color(f"{by}:N", title=None, sort=names, scale=colours, legend=legend),
    )
    line = base.mark_line(strokeWidth=2).encode(
        y=alt.Y(f"{y[0]}:Q", **y_axis),
        strokeDash=alt.StrokeDash(f"{by}:N", title=None, sort=names, scale=dashes, legend=legend),
        tooltip=[f"{by}:N", *(alt.Tooltip(f"{column}:Q", format=".4g") for column in (x[0], y[0]))],
    )
    layers: list[Any] = [line]
    if "lowest" in frame.columns:
        layers.insert(0, base.mark_area(opacity=0.2).encode(y=alt.Y("lowest:Q", **y_axis), y2=alt.Y2("highest:Q")))
    heading = alt.TitleParams(title, subtitle=list(notes), anchor="start", subtitleColor="#666")
    panel = alt.layer(*layers, data=frame).properties(width=size[0], height=size[1])
    return (panel if facet is None else _in_panels(panel, facet, frame)).properties(title=heading)


def _in_panels(panel: Any, facet: str, frame: pandas.DataFrame) -> altair.FacetChart:
    """The same chart once for each value of a column, in its order."""
    import altair as alt

    header = alt.Header(title=None, labelFontSize=12, labelFontWeight="bold", labelLimit=0)
    in_order = alt.Facet(f"{facet}:N", sort=list(dict.fromkeys(frame[facet])), header=header)
    return panel.facet(facet=in_order, columns=3)


def _whole_steps(frame: pandas.DataFrame, column: str) -> altair.Axis:
    """An axis with about eight ticks, at whole numbers if the column has whole numbers: there is no epoch 1.5."""
    import altair as alt

    values = frame[column].to_list()
    if not all(isinstance(value, int) for value in values):
        return alt.Axis(tickCount=8, labelFlush=False)
    sizes = (digit * 10**power for power in itertools.count() for digit in (1, 2, 5))
    step = next(size for size in sizes if max(values) - min(values) <= 10 * size)
    first = -(-min(values) // step) * step
    return alt.Axis(format="d", labelFlush=False, values=list(range(first, max(values) + 1, step)))


def _decades(frame: pandas.DataFrame, column: str) -> altair.Axis:
    """An axis with a tick at every power of ten, which is all that a logarithmic axis has room for."""
    import altair as alt

    values = frame["lowest" if "lowest" in frame.columns else column].to_list() + frame[column].to_list()
    shown = [value for value in values if value > 0]
    lowest, highest = math.floor(math.log10(min(shown))), math.ceil(math.log10(max(shown)))
    return alt.Axis(format="~g", values=[10.0**power for power in range(lowest, highest + 1)])


def seeds_in_words(seeds: Sequence[int]) -> str:
    """What the line and the band of a curve are."""
    if len(seeds) == 1:
        return "One seed."
    return f"Line: mean over {len(seeds)} seeds; band: lowest to highest seed."
