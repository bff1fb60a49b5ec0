"""A visitor's score in the game "real or generated?", which the visitor's browser keeps and the server does not."""

from __future__ import annotations

import math
from typing import NamedTuple

from netgain.stats.intervals import clopper_pearson
from netgain.tasks.task import Figure

Scores = dict[str, list[int]]
"""By the generator's key the four counts of :class:`Score`, as a browser keeps them."""


class Score(NamedTuple):
    """Answers to images of one generator and to real ones.

    Attributes:
        real_right, num_real: real images that were told to be real, and all that were shown.
        generated_right, num_generated: the same of generated ones.
    """

    real_right: int
    num_real: int
    generated_right: int
    num_generated: int

    @property
    def right(self) -> int:
        """Right answers."""
        return self.real_right + self.generated_right

    @property
    def answered(self) -> int:
        """Answers."""
        return self.num_real + self.num_generated


def scores_in(kept: object) -> Scores:
    """The scores that a browser kept. What netgain did not write there is left out.

    >>> scores_in({"a:0": [1, 2, 0, 3], "b:0": [5, 2, 0, 0], "c": "rubbish"})
    {'a:0': [1, 2, 0, 3]}
    """
    found: Scores = {}
    for key, value in kept.items() if isinstance(kept, dict) else ():
        if not (isinstance(value, list) and len(value) == 4 and all(type(one) is int for one in value)):
            continue
        if 0 <= value[0] <= value[1] and 0 <= value[2] <= value[3]:
            found[str(key)] = value
    return found


def with_answer(scores: Scores, key: str, *, is_real: bool, says_real: bool) -> Scores:
    """The scores with one more answer.

    >>> with_answer({}, "a:0", is_real=False, says_real=True)
    {'a:0': [0, 0, 0, 1]}
    """
    counts, first = list(scores.get(key, [0, 0, 0, 0])), 0 if is_real else 2
    counts[first] += is_real == says_real
    counts[first + 1] += 1
    return {**scores, key: counts}


def tally(counts: list[int] | None, told_apart: Figure | None) -> str:
    """The score in words, as HTML, with its Clopper-Pearson interval, beside that of a classifier.

    >>> tally([6, 10, 7, 10], None).partition(".")[0]
    '<p>13 of 20 right (65 %; 95 % interval 41 to 85 %)'
    """
    lines = [*(_in_words(Score(*counts)) if counts else ["No image is answered yet in this browser."])]
    if told_apart is not None:
        floor = "" if told_apart.floor is None else f"; real against real images: {told_apart.floor:.3f}"
        error = math.hypot(told_apart.error, told_apart.own_error)
        lines.append(
            f"A classifier that was trained for this: AUC {told_apart.value:.3f} ± {error:.3f}{floor}. "
            "The AUC is the share of pairs, one real and one generated image, that it puts in the right order; "
            "guessing gives 0.5."
        )
    return "".join(f"<p>{line}</p>" for line in lines)


def _in_words(score: Score) -> list[str]:
    interval = clopper_pearson(score.right, score.answered)
    low, high = round(100 * interval.low), round(100 * interval.high)
    share = f"{100 * score.right / score.answered:.0f} %; 95 % interval {low} to {high} %"
    beyond = not interval.low <= 0.5 <= interval.high
    better = "better" if interval.low > 0.5 else "worse"
    said = f"This is {better} than guessing (50 %)." if beyond else "Guessing (50 %) is not excluded."
    taken = score.num_generated - score.generated_right
    lines = [f"{score.right} of {score.answered} right ({share}). {said}"]
    if score.num_generated:
        lines.append(f"You took {taken} of {score.num_generated} generated images for real ones.")
    return lines
