"""The plateau at the start of CTC training: the blank at every step, long before the first character."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgain.experiment.measurement import Measurement
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.studies.examine.drawing import curves, over_seeds, seeds_in_words

if TYPE_CHECKING:
    import altair
    import pandas

    from netgain.data import StringDataset
    from netgain.runs.record import RunResult
    from netgain.tasks.reading.recipe import Reader

READER = "reader"
ALL_BLANK, LEARNT = 0.99, 0.1
"""Share of blanks from which an answer has nothing else, and the label error that counts as learnt."""


class Epochs(NamedTuple):
    """What a reader answers on the validation strings before training and after every epoch, float64 `[E + 1]` each.

    Attributes:
        blanks: share of the time steps whose most probable answer is the blank.
        loss: mean CTC loss per string.
        label_error: edits per character.
    """

    blanks: np.ndarray
    loss: np.ndarray
    label_error: np.ndarray


def examine(given: DemonstrationInput) -> Findings:
    """Where the plateau begins and ends in each network, and what comes after it."""
    epochs = [Epochs(*MEASUREMENT.of(run)) for run in given.finished(READER)]
    recipe = given.demonstration.recipes[READER]
    updates = math.ceil((recipe.train_size or 1) / recipe.batch_size)
    frame = _frame(given, epochs, updates)
    is_loss = frame["measured"] == "loss"
    return Findings(
        (_blanks_first(epochs, updates), _then_all(epochs, updates), _still_blank(epochs)),
        {
            "blanks-and-errors": Figure(frame.loc[~is_loss, :], lambda rows: _draw_rates(rows, given), _RATES_IN_WORDS),
            "loss": Figure(frame.loc[is_loss, :], lambda rows: _draw_loss(rows, given), _LOSS_IN_WORDS),
        },
    )


_RATES_IN_WORDS = (
    "Share of time steps answered with the blank, and label error, in percent against the number of updates: "
    "a line for each of both, and a band from the lowest to the highest network."
)
_LOSS_IN_WORDS = (
    "CTC loss per string against the number of updates, with a band from the lowest to the highest network."
)


def through_training(runs: Sequence[tuple[RunResult, Reader]], dataset: StringDataset) -> list[np.ndarray]:
    """The values of :class:`Epochs` for every run, `[3, E + 1]`, which is trained again."""
    del dataset  # the recipe names it
    return [_of_run(recipe, run.seed) for run, recipe in runs]


MEASUREMENT = Measurement("blanks-through-training", through_training)


def _of_run(recipe: Reader, seed: int) -> np.ndarray:
    from netgain.runs.training import train
    from netgain.tasks.reading.decoding import greedy
    from netgain.tasks.reading.edits import edit_distances
    from netgain.tasks.reading.parts import parts_of
    from netgain.tasks.reading.training import Training

    measured = []

    def measure(state: Training) -> None:
        found, strings = state.evaluated("validation"), parts_of(recipe, state.data)["validation"]
        assert found is not None, "the recipe has validation strings"
        log_probs = np.asarray(found.scores)
        edits = edit_distances(greedy(log_probs, merge_repeats=True), strings.labels).sum()
        blanks = (log_probs.argmax(axis=2) == 0).mean()
        measured.append((blanks, found.metrics["loss"], edits / strings.lengths.sum()))

    train(recipe, seed, keep_model=False, on_state=measure)
    return np.array(measured).T


def plateau(epochs: Epochs) -> tuple[int, int] | None:
    """The first epoch whose answers are all blank, and the last one of the same stretch; None where there is none."""
    is_blank = epochs.blanks >= ALL_BLANK
    if not is_blank.any():
        return None
    first = int(is_blank.argmax())
    others = np.flatnonzero(~is_blank[first:])
    return first, (first + int(others[0]) if len(others) else len(is_blank)) - 1


def _blanks_first(epochs: Sequence[Epochs], updates: int) -> Statement:
    stretches = [plateau(one) for one in epochs]
    found = [(one, *stretch) for one, stretch in zip(epochs, stretches, strict=True) if stretch]
    numbers = f"{len(found)} of {len(epochs)} networks"
    if found:
        begins, ends = [first * updates for _, first, _ in found], [last * updates for _, _, last in found]
        before = np.mean([one.loss[0] for one, _, _ in found])
        there = np.mean([one.loss[first : last + 1].mean() for one, first, last in found])
        errors = np.mean([one.label_error[first : last + 1].mean() for one, first, last in found])
        numbers += (
            f": at least {100 * ALL_BLANK:g} % of the steps are blank from update {_range(begins)} to {_range(ends)}; "
            f"the loss is {before:.1f} before training and {there:.2f} there, the label error {100 * errors:.0f} %"
        )
    return Statement("A reader learns the blank first, and then answers nothing else for a while",
                     len(found) == len(epochs), numbers)  # fmt: skip


def _then_all(epochs: Sequence[Epochs], updates: int) -> Statement:
    waits, steps = [], []
    for one in epochs:
        stretch = plateau(one)
        learnt = np.flatnonzero(one.label_error < LEARNT)
        if stretch and len(learnt):
            waits.append((stretch[1] + 1) * updates)
            steps.append((int(learnt[0]) - stretch[1]) * updates)
    ends = [100 * one.label_error[-1] for one in epochs]
    reached = f"{len(steps)} of {len(epochs)} networks" + (
        f": from the end of the plateau (update {_range(waits)}) to a label error below {100 * LEARNT:g} % in "
        f"{_range(steps)} updates" if steps else ""
    )  # fmt: skip
    return Statement(
        "Nothing is broken during the plateau: after it the reader learns the characters",
        len(steps) == len(epochs),
        f"{reached}; label error at the end {min(ends):.1f} to {max(ends):.1f} %",
    )


def _still_blank(epochs: Sequence[Epochs]) -> Statement:
    shares = [100 * one.blanks[-1] for one in epochs]
    return Statement(
        "A trained reader still answers most time steps with the blank: each character is a short peak",
        min(shares) > 50,
        f"{min(shares):.0f} to {max(shares):.0f} % of the steps are blank at the end",
    )


def _range(numbers: Sequence[int]) -> str:
    return f"{min(numbers):,}" if min(numbers) == max(numbers) else f"{min(numbers):,}–{max(numbers):,}"


def _frame(given: DemonstrationInput, epochs: Sequence[Epochs], updates: int) -> pandas.DataFrame:
    names = {"blanks": "blank steps", "label_error": "label error", "loss": "loss"}
    rows = [
        {"measured": words, "update": number * updates, "seed": run.seed, "value": float(value) * scale}
        for name, words in names.items()
        for scale in [1 if name == "loss" else 100]
        for run, one in zip(given.finished(READER), epochs, strict=True)
        for number, value in enumerate(getattr(one, name))
    ]
    return over_seeds(rows, "value")


def _draw_rates(frame: pandas.DataFrame, given: DemonstrationInput) -> altair.TopLevelMixin:
    notes = ["On strings that were not trained on. A blank step says “no new character here”.", _seeds(given)]
    title = "Blanks and label error while a reader learns"
    return curves(frame, x=("update", "updates"), y=("mean", "%"), by="measured", title=title, notes=notes)


def _draw_loss(frame: pandas.DataFrame, given: DemonstrationInput) -> altair.TopLevelMixin:
    return curves(frame, x=("update", "updates"), y=("mean", "CTC loss per string"), by="measured", log=True,
                  title="The loss while a reader learns", notes=[_seeds(given)])  # fmt: skip


def _seeds(given: DemonstrationInput) -> str:
    return seeds_in_words(given.seeds)
