"""The gallery of wrongly tagged test images: true label, answer, probability, and error rate over the seeds."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas

from netgain.data import Dataset
from netgain.data.samples import data_url

COLUMNS, NARROW_COLUMNS = 10, 5
"""Pictures in a row."""


def wrong_digits_table(dataset: Dataset, scores: np.ndarray, limit: int = 100) -> pandas.DataFrame:
    """The first test images that the *first* of the networks gets wrong, in the order of the test sample.

    Args:
        dataset: the images.
        scores: test scores `[S, n, K]` of networks trained alike.
        limit: how many rows at most.

    Returns:
        number (of the test image), label, predicted, probability (the first network's score of its answer, as a
        share of the sum of its scores), error_rate (of the S networks), seeds (S).
    """
    answers = scores.argmax(axis=2)
    wrong = answers != dataset.y_test
    numbers = np.flatnonzero(wrong[0])[:limit]
    first = scores[0, numbers].astype(np.float64)
    names = np.array(dataset.class_names)
    return pandas.DataFrame(
        {
            "number": numbers,
            "label": names[dataset.y_test[numbers]],
            "predicted": names[answers[0, numbers]],
            "probability": first.max(axis=1) / first.sum(axis=1),
            "error_rate": wrong[:, numbers].mean(axis=0),
            "seeds": len(scores),
        }
    )


def wrong_digits_chart(table: pandas.DataFrame, dataset: Dataset, columns: int = COLUMNS) -> alt.TopLevelMixin:
    """The images of :func:`wrong_digits_table`, ten or `columns` per row, with the answer and how often it is wrong."""
    shown = table.assign(
        picture=[data_url(dataset.x_test[number]) for number in table["number"]],
        row=np.arange(len(table)) // columns,
        column=np.arange(len(table)) % columns,
        answer=table["label"] + " → " + table["predicted"] + (100 * table["probability"]).map(" ({:.0f} %)".format),
        rate=(100 * table["error_rate"]).map("wrong in {:.0f} %".format),
    )
    base = alt.Chart(shown).encode(x=alt.X("column:O", axis=None), y=alt.Y("row:O", axis=None))
    picture = base.mark_image(width=56, height=56, smooth=False, yOffset=-14).encode(
        url=alt.Url("picture:N"),
        tooltip=[
            alt.Tooltip("number:Q"),
            alt.Tooltip("label:N"),
            alt.Tooltip("predicted:N"),
            alt.Tooltip("probability:Q", format=".2f"),
            alt.Tooltip("rate:N"),
        ],
    )
    answer = base.mark_text(dy=23, fontSize=11, fontWeight="bold").encode(text=alt.Text("answer:N"))
    rate = base.mark_text(dy=36, fontSize=10, color="#5b6470").encode(text=alt.Text("rate:N"))
    seeds = int(table["seeds"].iloc[0]) if len(table) else 0
    title = alt.TitleParams(
        f"The first {len(table)} misclassified images",
        subtitle=f"True label → answer of one network and its probability; below: the share of {seeds} that are wrong.",
        anchor="start",
        subtitleColor="#666",
    )
    return (picture + answer + rate).properties(width=alt.Step(96), height=alt.Step(98), title=title)
