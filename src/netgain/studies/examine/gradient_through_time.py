"""How much of the loss's gradient arrives at each time step of a recurrent network, before and after training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.experiment.measurement import Measurement
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.studies.examine.drawing import curves, over_seeds, seeds_in_words

if TYPE_CHECKING:
    import altair
    import pandas

    from netgain.data import Dataset
    from netgain.runs.record import RunResult
    from netgain.tasks.classification.recipe import Recipe

SIMPLE, GRU, LSTM = "simple", "GRU", "LSTM"
"""The names of the recipes: one recurrent layer over the rows of a digit, whose last state is classified."""

TIMES = ("before training", "after training")
NUM_IMAGES = 300
VANISHED = 1 / 64
"""0.0156, the lecture's bound for four sigmoid layers: less than that has vanished."""


def examine(given: DemonstrationInput) -> Findings:
    """The product of Jacobians in a simple network, then the measured gradients of every kind of cell."""
    shares = {
        name: np.stack([MEASUREMENT.of(run) for run in given.finished(name)])
        for name in (SIMPLE, GRU, LSTM)
        if given.finished(name)
    }
    statements = (_is_a_product(given), *_arrives(shares))
    frame = _frame(given, shares)
    return Findings(statements, {"gradient-through-time": Figure(frame, lambda rows: _draw(rows, given), _IN_WORDS)})


_IN_WORDS = (
    "Gradient by the state after each row of the image, as a share of the gradient by the last state, on a logarithmic "
    "scale: one panel before and one after training, one line for each kind of cell."
)


def shares_by_step(runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset) -> list[np.ndarray]:
    """‖∂L/∂s_t‖ / ‖∂L/∂s_T‖ before and after training, the geometric mean over images, `[2, T]` for each run."""
    from netgain.engine.ambient import keras_for
    from netgain.runs.trained import open_network
    from netgain.studies.examine.states import state_gradients

    images, labels = dataset.x_test[:NUM_IMAGES], dataset.y_test[:NUM_IMAGES]

    def shares(model: Any) -> np.ndarray:
        norms = np.linalg.norm(state_gradients(model, images, labels).astype(np.float64), axis=-1)
        return np.exp(np.log(np.maximum(norms / norms[:, -1:], np.finfo(np.float32).tiny)).mean(axis=0))

    measured = []
    for run, recipe in runs:
        with keras_for(recipe.network, run.seed):  # the weights with which the run began
            first = recipe.network.build(dataset.image_shape, dataset.num_classes)
        measured.append(np.stack([shares(first), shares(open_network(run))]))
    return measured


MEASUREMENT = Measurement("state-gradient-shares", shares_by_step)


def _is_a_product(given: DemonstrationInput) -> Statement:
    """∂L/∂h_t from ∂L/∂h_{t+1} by the formula of a tanh cell, against automatic differentiation."""
    from netgain.runs.trained import open_network
    from netgain.studies.examine.states import recurrent_layer, state_gradients, states_of

    images, labels = given.images.x_test[:NUM_IMAGES], given.images.y_test[:NUM_IMAGES]
    model = open_network(given.finished(SIMPLE)[0])
    gradients, states = state_gradients(model, images, labels), states_of(model, images)
    recurrent = np.asarray(recurrent_layer(model).cell.recurrent_kernel.value, np.float64)
    product = (gradients[:, 1:] * (1 - np.square(states[:, 1:].astype(np.float64)))) @ recurrent.T
    deviation = np.abs(product - gradients[:, :-1]).max() / np.abs(gradients).max()
    return Statement(
        "Without gates ∂L/∂h_t = W diag(1 − h²_{t+1}) ∂L/∂h_{t+1}: on its way back the gradient meets W at every step",
        deviation < 1e-4,
        f"automatic differentiation of a trained network deviates by at most {deviation:.1e} (relative) on "
        f"{len(images)} test images",
    )


def _arrives(shares: dict[str, np.ndarray]) -> tuple[Statement, ...]:
    """What the first row gets of the gradient by the last state, before and after training."""
    before, after = ({name: of_name[:, time, 0] for name, of_name in shares.items()} for time in range(len(TIMES)))
    return (
        Statement(
            f"Before training, without gates, less than {VANISHED:.4f} of the gradient arrives at the first row",
            bool(before[SIMPLE].max() < VANISHED),
            f"‖∂L/∂h₁‖ is {_between(before[SIMPLE])} of ‖∂L/∂h_T‖",
        ),
        Statement(
            "Before training more of it arrives at the first row with gates than without",
            _more_with_gates(before),
            _listed(before),
        ),
        Statement(
            "After training more of it arrives at the first row with gates than without",
            _more_with_gates(after),
            _listed(after),
        ),
        Statement(
            "Training brings the gradient back: after it more than a tenth arrives at the first row in every network",
            min(float(of_name.min()) for of_name in after.values()) > 0.1,
            f"before training {_listed(before)}; after it {_listed(after)}",
        ),
    )


def _more_with_gates(first: dict[str, np.ndarray]) -> bool:
    return all(first[name].min() > first[SIMPLE].max() for name in (GRU, LSTM) if name in first)


def _listed(first: dict[str, np.ndarray]) -> str:
    return ", ".join(f"{name} {_between(of_name)}" for name, of_name in first.items())


def _between(values: np.ndarray) -> str:
    low, high = f"{values.min():.2g}", f"{values.max():.2g}"
    return low if low == high else f"{low} to {high}"


def _frame(given: DemonstrationInput, shares: dict[str, np.ndarray]) -> pandas.DataFrame:
    rows = [
        {"time": TIMES[time], "cell": name, "row": step, "seed": run.seed, "share": float(share)}
        for time in range(len(TIMES))
        for name, of_name in shares.items()
        for run, of_run in zip(given.finished(name), of_name, strict=True)
        for step, share in enumerate(of_run[time], 1)
    ]
    return over_seeds(rows, "share")


def _draw(frame: pandas.DataFrame, given: DemonstrationInput) -> altair.TopLevelMixin:
    return curves(
        frame,
        x=("row", "t, row of the image"),
        y=("mean", "‖∂L/∂sₜ‖ / ‖∂L/∂s‖ of the last row"),
        by="cell",
        facet="time",
        log=True,
        size=(380, 280),
        title="How much of the gradient arrives at each time step",
        notes=[
            "s: the state, with the LSTM's cell state. Each share is the geometric mean over "
            f"{NUM_IMAGES} test images.",
            seeds_in_words(given.seeds),
        ],
    )
