"""Slow learning: the lecture's chain of two sigmoid neurons, with its weights set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.studies.examine.drawing import curves, over_seeds, seeds_in_words

if TYPE_CHECKING:
    from netgain.engine.numbers import NumbersHistory

Start = Sequence[tuple[float, float]]

EPOCHS, BATCH_SIZE, NUM_INPUTS, LEARNING_RATE = 100, 100, 1000, 1.0
BY_HAND: Start = ((2.0, 3.0), (4.0, 5.0))
BETTER: Start = ((0.5, 0.5), (0.5, 0.5))
BY_HAND_FOR_LOSSES: Start = ((2.1, 3.1), (4.1, 5.1))
LOSS_NAMES: dict[Literal["mse", "bce"], str] = {"mse": "mean squared error", "bce": "binary cross-entropy"}


def examine_starts(given: DemonstrationInput) -> Findings:
    """Loss against epoch from the weights set by hand and from a better start, with mean squared error."""
    starts = {"weights 2, 4, biases 3, 5": BY_HAND, "better start: all 0.5": BETTER}
    found = {name: [train_chain(start, "mse", seed) for seed in given.seeds] for name, start in starts.items()}
    rows = [
        {"start": name, "epoch": epoch, "seed": seed, "loss": loss}
        for name, runs in found.items()
        for seed, run in zip(given.seeds, runs, strict=True)
        for epoch, loss in enumerate(run.loss, 1)
    ]
    figure = Figure(
        over_seeds(rows, "loss"),
        lambda frame: curves(
            frame,
            x=("epoch", "epoch"),
            y=("mean", "mean squared error"),
            by="start",
            title="Learning from a bad start is slow at first",
            notes=[_setting(), seeds_in_words(given.seeds)],
        ),
        "Loss against epoch: with the weights set by hand a long plateau and then a descent, with the better start an "
        "immediate descent.",
    )
    return Findings(_on_starts(*found.values()), {"loss-against-epoch": figure})


def _on_starts(by_hand: list[NumbersHistory], better: list[NumbersHistory]) -> tuple[Statement, ...]:
    fallen = max(1 - run.loss[9] / run.loss[0] for run in by_hand)
    end = max(run.loss[-1] for run in by_hand)
    first = min(until(run.loss, run.loss[0] / 2) for run in by_hand)
    last = max(until(run.loss, run.loss[0] / 2) for run in better)
    return (
        Statement(
            "With weights far from good ones the loss stays high for many epochs",
            fallen < 0.1,
            f"in the first ten epochs it falls by at most {100 * fallen:.2f} % of its start",
        ),
        Statement(
            "Then the loss falls",
            end < 0.1,
            f"the loss ends at {end:.3f} or less after {EPOCHS} epochs",
        ),
        Statement(
            "With better initial values it learns sooner",
            last < first,
            f"half the first loss is reached by epoch {last}; with the weights set by hand, not before epoch {first}",
        ),
    )


def examine_losses(given: DemonstrationInput) -> Findings:
    """The same bad start trained with mean squared error and with binary cross-entropy."""
    found = {
        label: [train_chain(BY_HAND_FOR_LOSSES, loss, seed) for seed in given.seeds]
        for loss, label in LOSS_NAMES.items()
    }
    rows: list[dict[str, Any]] = [
        {"panel": panel, "loss": name, "epoch": epoch, "seed": seed, "value": value}
        for panel, quantity in (("loss, each in its own unit", "loss"), ("mean output (target 0)", "output"))
        for name, runs in found.items()
        for seed, run in zip(given.seeds, runs, strict=True)
        for epoch, value in enumerate(getattr(run, quantity), 1)
    ]
    figure = Figure(
        over_seeds(rows, "value"),
        lambda frame: curves(
            frame,
            x=("epoch", "epoch"),
            y=("mean", "mean over the epoch"),
            by="loss",
            facet="panel",
            size=(360, 300),
            title="The same bad start with two losses",
            notes=[_setting(), seeds_in_words(given.seeds)],
        ),
        "Loss and mean output against epoch: binary cross-entropy falls from the first epoch, mean squared error "
        "stays on a plateau.",
    )
    return Findings(_on_losses(*found.values()), {"loss-against-epoch": figure})


def _on_losses(squared: list[NumbersHistory], entropy: list[NumbersHistory]) -> tuple[Statement, ...]:
    lowest = min(run.output[0] for run in [*squared, *entropy])
    first, last = min(until(run.output, 0.5) for run in squared), max(until(run.output, 0.5) for run in entropy)
    return (
        Statement(
            "Both losses start wrong: the output is near 1 where it should be 0",
            lowest > 0.5,
            f"over the first epoch the mean output is {lowest:.3f} or more",
        ),
        Statement(
            "Cross-entropy learns at once, mean squared error only after a plateau",
            3 * last < first,
            f"the mean output falls below ½ in epoch {last} at the latest with cross-entropy, and not before epoch "
            f"{first} with mean squared error",
        ),
    )


def train_chain(start: Start, loss: Literal["mse", "bce"], seed: int) -> NumbersHistory:
    """Train the chain on inputs x ~ N(0, 1) with target 0, as the slide does: SGD(1.0), batches of 100."""
    import keras

    from netgain.engine.ambient import keras_alone
    from netgain.engine.numbers import chain_of_neurons, train_on_numbers

    generator = np.random.default_rng(seed)
    losses = {"mse": keras.losses.MeanSquaredError, "bce": keras.losses.BinaryCrossentropy}
    with keras_alone():
        return train_on_numbers(
            chain_of_neurons(start),
            losses[loss](),
            keras.optimizers.SGD(LEARNING_RATE),
            generator.normal(size=(NUM_INPUTS, 1)),
            np.zeros((NUM_INPUTS, 1)),
            batch_size=BATCH_SIZE,
            epochs=EPOCHS,
            generator=generator,
        )


def until(values: np.ndarray, level: float) -> int:
    """The first epoch, from 1, whose value lies below a level; one more than there are where none does.

    >>> until(np.array([4.0, 3.0, 1.0]), 2.0), until(np.array([4.0, 3.0]), 2.0)
    (3, 3)
    """
    below = np.flatnonzero(values < level)
    return int(below[0]) + 1 if len(below) else len(values) + 1


def _setting() -> str:
    inputs = f"{NUM_INPUTS:,} inputs from N(0, 1), target 0"
    return f"1-1-1 sigmoid neurons, {inputs}, SGD({LEARNING_RATE:g}), batches of {BATCH_SIZE}."
