"""The tab Neuron: the lecture's 1-1-1 network, which stays on a plateau after a bad start."""

from __future__ import annotations

from typing import NamedTuple

import altair as alt
import gradio as gr
import numpy as np
import pandas

from netgain.report.palette import ARM_COLOURS
from netgain.web import look
from netgain.web.address import Kept, kept_fields, number_in, one_of

NUM_IMAGES, BATCH, EPOCHS = 1000, 100, 100
LOSSES = ("mean squared error", "binary cross-entropy")
BOTH = "both"
LECTURE_START = (2.0, 3.0, 4.0, 5.0)
BETTER_START = (0.6, 0.9, 2.0, 0.5)
PLATEAU = 0.9
"""The output should be 0: above this nothing was learnt yet."""


class Start(NamedTuple):
    """The weights and biases that training begins with: hidden neuron, then output neuron."""

    w1: float
    b1: float
    w2: float
    b2: float


def neuron_tab(page: gr.Blocks) -> Kept:
    """Put the tab's components into the page that is being made."""
    gr.Markdown(
        "One input $x \\sim N(0, 1)$, one hidden neuron, one output $y = \\sigma(w_2\\,\\sigma(w_1 x + b_1) + b_2)$; "
        "the target is always 0. 1,000 values, 100 per update. Move the weights far from good ones: with the squared "
        "error the gradient has the factor $\\sigma'(z_2)$, which is almost 0 there, so learning starts late.",
        latex_delimiters=[{"left": "$", "right": "$", "display": False}],
    )
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=280):
            labels = ("w₁, input to hidden", "b₁, of the hidden neuron", "w₂, hidden to output", "b₂, of the output")
            weights = [
                gr.Slider(-8, 8, value, step=0.1, label=label, elem_id=f"weight-{place}")
                for place, (label, value) in enumerate(zip(labels, LECTURE_START, strict=True))
            ]
            loss = gr.Radio([*LOSSES, BOTH], value=BOTH, label="Loss", elem_id="neuron-loss")
            rate = gr.Slider(0.1, 5, 1.0, step=0.1, label="Learning rate η", elem_id="neuron-rate")
            with gr.Row():
                bad = gr.Button("The lecture's bad start", size="md", min_width=120)
                better = gr.Button("A better start", size="md", min_width=120)
        with gr.Column(scale=3, min_width=280):
            view = gr.HTML(elem_id="neuron")
    inputs = [*weights, loss, rate]
    for control in (*weights, rate, loss):
        control.change(neuron_view, inputs, view, show_progress="hidden", trigger_mode="always_last")
    bad.click(lambda: LECTURE_START, None, weights, show_progress="hidden")
    better.click(lambda: BETTER_START, None, weights, show_progress="hidden")
    page.load(neuron_view, inputs, view, show_progress="hidden")
    sliders = dict(zip((*Start._fields, "rate"), (*weights, rate), strict=True))
    fields = {name: (slider, number_in(name, slider.minimum, slider.maximum)) for name, slider in sliders.items()}
    return kept_fields({**fields, "loss": (loss, one_of("loss", [*LOSSES, BOTH]))})


def neuron_view(w1: float, b1: float, w2: float, b2: float, loss: str, rate: float) -> str:
    """What happens from this start, as HTML: how long the plateau is, the loss and the gradient by epoch."""
    start = Start(w1, b1, w2, b2)
    chosen = LOSSES if loss == BOTH else (loss,)
    tables = {each: trained(start, each, rate) for each in chosen}
    table = pandas.concat(list(tables.values()), ignore_index=True)
    said = " ".join(f"<p>{_in_words(of_loss, each)}</p>" for each, of_loss in tables.items())
    pictures = [
        look.picture(_chart(table, column, title, chosen), f"neuron-{column}", f"{title} against epoch", table=some)
        for column, title, some in (
            ("loss", "loss, mean over the 1,000 values", None),
            ("gradient", "gradient |∂L/∂w₂|", table.loc[table["epoch"] % 10 == 0, :]),
        )
    ]
    return f'<div data-ready="yes">{said}{"".join(pictures)}</div>'


def trained(start: Start, loss: str, rate: float) -> pandas.DataFrame:
    """Loss, gradient by w2 and mean output before each epoch of plain gradient descent; one row per epoch.

    The gradients are those of the slides: ∂L/∂z2 is 2 (y - t) σ'(z2) for the squared error as Keras defines it,
    (y - t)², and y - t for the cross-entropy, averaged over a batch.

    >>> plateau = trained(Start(2, 3, 4, 5), "mean squared error", 1.0)
    >>> bool(plateau["output"][10] > 0.9), bool(plateau["output"].iloc[-1] < 0.2)
    (True, True)
    """
    generator = np.random.default_rng(0)
    x = generator.normal(size=NUM_IMAGES)
    weights = np.array(start, np.float64)
    rows = []
    for epoch in range(EPOCHS + 1):
        value, output, gradient = _loss_and_gradient(weights, x, loss)
        row = {"loss function": loss, "epoch": epoch, "loss": value, "gradient": abs(gradient[2]), "output": output}
        rows.append(row)
        for batch in generator.permutation(x).reshape(-1, BATCH):
            weights = weights - rate * _loss_and_gradient(weights, batch, loss)[2]
    return pandas.DataFrame(rows)


def _loss_and_gradient(weights: np.ndarray, x: np.ndarray, loss: str) -> tuple[float, float, np.ndarray]:
    """Mean loss, mean output and gradient `[4]` for the target 0."""
    w1, b1, w2, b2 = weights
    hidden = _sigmoid(w1 * x + b1)
    output = _sigmoid(w2 * hidden + b2)
    if loss == LOSSES[0]:
        value, by_z2 = np.mean(output**2), 2 * output * output * (1 - output)
    else:
        value, by_z2 = np.mean(-np.log(np.maximum(1 - output, 1e-12))), output
    by_z1 = by_z2 * w2 * hidden * (1 - hidden)
    gradient = np.array([np.mean(by_z1 * x), np.mean(by_z1), np.mean(by_z2 * hidden), np.mean(by_z2)])
    return float(value), float(output.mean()), gradient


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(z / 2))


def _in_words(table: pandas.DataFrame, loss: str) -> str:
    outputs = table["output"].tolist()
    held = next((epoch for epoch, value in enumerate(outputs) if value <= PLATEAU), None)
    key = f'<span class="key" style="background:{look.arm_colour(LOSSES.index(loss))}"></span>'
    if held == 0:
        told = "no plateau: the first output is already below 0.9"
    elif held is None:
        told = f"a plateau for all {EPOCHS} epochs: the output stays above {PLATEAU}"
    else:
        told = f"a plateau of <b>{held} epoch{'s' if held > 1 else ''}</b>: the output stays above {PLATEAU} that long"
    return f"{key}With {loss}: {told}; after {EPOCHS} epochs it is {outputs[-1]:.3f} (target 0)."


def _chart(table: pandas.DataFrame, column: str, title: str, chosen: tuple[str, ...]) -> alt.TopLevelMixin:
    colours = [ARM_COLOURS[LOSSES.index(each)] for each in chosen]
    legend = alt.Legend(orient="bottom", symbolType="stroke", symbolStrokeWidth=3, labelLimit=220)
    return (
        alt.Chart(table)
        .mark_line(strokeWidth=2.2)
        .encode(
            x=alt.X("epoch:Q", title="epoch", axis=alt.Axis(format="d")),
            y=alt.Y(f"{column}:Q", title=title, axis=alt.Axis(tickCount=5)),
            color=alt.Color(
                "loss function:N", title=None, scale=alt.Scale(domain=list(chosen), range=colours), legend=legend
            ),
            tooltip=[alt.Tooltip("loss function:N"), alt.Tooltip("epoch:Q"), alt.Tooltip(f"{column}:Q", format=".4f")],
        )
        .properties(width=560, height=210)
    )
