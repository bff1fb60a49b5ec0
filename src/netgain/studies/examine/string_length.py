"""Strings longer than any that a reader was trained on: how many it reads, beside p^L of digits read one by one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgain.data import StringDataset
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import OPEN, Figure, Findings, Statement
from netgain.stats import Estimate, mean_accuracy
from netgain.stats.estimate import combine
from netgain.stats.rounding import signed
from netgain.studies.examine.drawing import seeds_in_words
from netgain.studies.examine.string_length_chart import draw

if TYPE_CHECKING:
    import pandas

CTC_SHORT, SLOTS_SHORT, CTC_ALL = "CTC, up to 5 digits", "fixed slots, up to 5 digits", "CTC, all lengths"
"""The names of the recipes, which say what they were trained on."""

LONGEST_TRAINED = 5
MARGIN = 0.02
"""Of accuracy: less than this is not a loss on longer strings."""

LEVEL = 0.05
"""A p-value below this speaks against independent digits."""


def examine(given: DemonstrationInput) -> Findings:
    """Accuracy by length, against p^L and between the ways to read."""
    data = given.data
    assert isinstance(data, StringDataset), "the recipes read strings"
    lengths = data.lengths_test
    right = {name: np.stack([run.right for run in given.finished(name)]) for name in given.runs if given.finished(name)}
    edits = np.stack([run.arrays["test_edits"] for run in given.finished(CTC_SHORT)]).astype(np.float64)
    statements = (
        _slots_cannot(right[SLOTS_SHORT], lengths),
        _ctc_can(right[CTC_SHORT], edits, lengths),
        _digits_are_independent(data),
    )
    frame = _frame(right, digit_accuracy(edits, lengths), lengths)
    note = seeds_in_words(given.seeds).replace("Line", "Point").partition(";")[0].rstrip(".")
    return Findings(statements, {"accuracy-by-length": Figure(frame, lambda rows: draw(rows, note), _IN_WORDS)})


_IN_WORDS = (
    "Accuracy on test strings of 1 to 8 digits, a line for each network with 95 % intervals, and the line p^L of "
    "digits that are read independently. A dashed line stands after the longest strings that were trained on."
)


def digit_accuracy(edits: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """p, one minus the label error on strings as long as those that were trained on, for each seed; at least 0."""
    short = lengths <= LONGEST_TRAINED
    return np.maximum(0.0, 1 - edits[:, short].sum(axis=1) / lengths[short].sum())


def difference_to_independent(right: np.ndarray, edits: np.ndarray, lengths: np.ndarray) -> Estimate:
    """Accuracy on strings longer than those trained on, minus the mean of p^L over them.

    Both samples of strings, short and long, count in the error of the test sample: to first order the difference is a
    sum of a mean over each, and p^L changes by L p^(L-1) where p changes by one (delta method).

    Args:
        right: bool `[S, n]`.
        edits: float64 `[S, n]`.
        lengths: of the strings, int `[n]`.
    """
    short, long = lengths <= LONGEST_TRAINED, lengths > LONGEST_TRAINED
    p, many = digit_accuracy(edits, lengths)[:, np.newaxis], lengths[long].astype(np.float64)
    expected, slope = p**many, (many * p ** (many - 1)).mean(axis=1, keepdims=True)
    influence = slope * (edits[:, short] - (1 - p) * lengths[short]) / lengths[short].mean()
    of_seeds = right[:, long].mean(axis=1) - expected.mean(axis=1)
    return combine(of_seeds, [right[:, long] - expected, influence])


def _slots_cannot(right: np.ndarray, lengths: np.ndarray) -> Statement:
    short, long = lengths <= LONGEST_TRAINED, lengths > LONGEST_TRAINED
    of_long = mean_accuracy(right[:, long])
    return Statement(
        "Fixed slots read no string that is longer than those they were trained on",
        of_long.interval().high < 0.01,
        f"{mean_accuracy(right[:, long])} of the {long.sum():,} test strings of 6 to 8 digits are right, "
        f"{mean_accuracy(right[:, short])} of the {short.sum():,} shorter ones",
    )


def _ctc_can(right: np.ndarray, edits: np.ndarray, lengths: np.ndarray) -> Statement:
    long = lengths > LONGEST_TRAINED
    difference, p = difference_to_independent(right, edits, lengths), digit_accuracy(edits, lengths).mean()
    ends = difference.interval()
    is_open = ends.low <= -MARGIN <= ends.high
    return Statement(
        f"CTC reads longer strings as if it read each digit alone: at most {100 * MARGIN:g} points below p^L",
        ends.low > -MARGIN,
        f"{mean_accuracy(right[:, long])} of the test strings of 6 to 8 digits are right; p^L, with p = {100 * p:.2f} "
        f"% of the digits of shorter strings, would give {100 * (right[:, long].mean() - difference.value):.2f} %: a "
        f"difference of {signed(100 * difference.value)} points (95 %: {signed(100 * ends.low)} to "
        f"{signed(100 * ends.high)}){OPEN if is_open else ''}",
    )


def _digits_are_independent(data: StringDataset) -> Statement:
    """The control: no digit says anything of the next one, so there is no language that a reader could learn."""
    from scipy.stats import chi2_contingency

    places = {character: place for place, character in enumerate(data.alphabet)}
    pairs = np.zeros((data.num_characters,) * 2)
    for text in data.texts_train:
        for first, second in pairwise(text):
            pairs[places[first], places[second]] += 1
    found = chi2_contingency(pairs[pairs.any(axis=1)][:, pairs.any(axis=0)])
    return Statement(
        "The digits of a string tell nothing of each other, so that no language model helps the reader",
        bool(found.pvalue > LEVEL),  # pyright: ignore[reportAttributeAccessIssue]
        f"χ² of the {int(pairs.sum()):,} neighbouring pairs of the training strings is "
        f"{found.statistic:.1f} for {found.dof} degrees of freedom, p = {found.pvalue:.2f}",  # pyright: ignore[reportAttributeAccessIssue]
    )


def _frame(right: dict[str, np.ndarray], p: np.ndarray, lengths: np.ndarray) -> pandas.DataFrame:
    import pandas

    rows = []
    for name, of_name in right.items():
        for length in np.unique(lengths):
            of_length = mean_accuracy(of_name[:, lengths == length])
            ends = of_length.interval()
            rows.append((name, int(length), 100 * of_length.value, 100 * ends.low, 100 * ends.high))
    rows += [("p^L, digits read one by one", int(length), 100 * float((p**length).mean()), None, None)
             for length in np.unique(lengths)]  # fmt: skip
    columns = ["network", "length", "accuracy", "low", "high"]
    return pandas.DataFrame(rows, columns=pandas.Index(columns))
