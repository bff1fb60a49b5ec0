"""Charts in a window of 400 pixels: what stands beside each other there, and what is written."""

from __future__ import annotations

from typing import Any

from netgain.report.analysis_charts import narrow_chart
from netgain.report.shapes import narrowed
from netgain.stats import confusion


def test_small_panels_stand_beside_each_other_and_wide_ones_do_not() -> None:
    def columns(width: int) -> int:
        return narrowed({"columns": 8, "spec": {"mark": "rect", "width": width}})["columns"]

    assert [columns(width) for width in (85, 130, 280, 600)] == [3, 2, 1, 1]


def test_entries_of_a_legend_stand_below_each_other() -> None:
    colour = {"field": "arm", "legend": {"columns": 4, "orient": "bottom"}}
    layers = [{"mark": "line", "encoding": {"color": colour, "x": {"field": "epoch"}}}]
    made = narrowed({"layer": layers})["layer"][0]["encoding"]
    assert made["color"]["legend"] == {"columns": 1, "orient": "bottom"}
    assert made["x"] == {"field": "epoch"}


def test_a_confusion_matrix_has_one_short_number_per_cell() -> None:
    def texts(num_classes: int) -> list[dict[str, Any]]:
        labels = [number % num_classes for number in range(60)]
        chart = narrow_chart(confusion([labels[1:] + labels[:1]] * 2, labels, num_classes))
        return (
            []
            if chart is None
            else [one["encoding"]["text"] for one in chart.to_dict()["layer"] if "text" in one["encoding"]]
        )

    assert texts(10) == [{"field": "fraction", "format": ".2~r", "type": "quantitative"}]
    assert texts(30) == []
