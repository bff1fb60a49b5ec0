"""The pictures of the lessons on recurrent networks and strings, made from the formulas or from a few digits."""

from __future__ import annotations

import numpy as np

from netgain.data import load_dataset
from netgain.tasks.reading.answer import Seen
from netgain.web.alignment import line_html
from netgain.web.lesson_pictures import Function, curves, enlarged, example_digit, row_of

TEXT, STEPS_OF_A_DIGIT = "2026", 7


def rows_so_far() -> str:
    """A digit as a recurrent network has seen it after some of its rows."""
    digit = enlarged(example_digit())
    seen = {f"after row {count}": np.where(np.arange(28)[:, np.newaxis] < count, digit, 0) for count in (4, 10, 16, 22)}
    return row_of({**{name: image.astype(np.uint8) for name, image in seen.items()}, "after row 28": digit}, 92)


def path() -> str:
    """A string of four digits, and a path that spells it: a sketch, not the answer of a network."""
    digits = load_dataset("digits")
    shown = [digits.x_test[np.flatnonzero(digits.y_test == int(each))[0], :, :, 0] for each in TEXT]
    line = np.concatenate([np.pad(enlarged(image), ((2, 2), (0, 0))) for image in shown], axis=1)
    probabilities = np.full((STEPS_OF_A_DIGIT * len(TEXT), 11), 0.001)
    probabilities[:, 0] = 0.98
    seen = []
    for place, each in enumerate(TEXT):
        middle = place * STEPS_OF_A_DIGIT + STEPS_OF_A_DIGIT // 2
        for step, probability in ((middle, 0.97), (middle + 1, 0.6)):
            probabilities[step, 0], probabilities[step, 1 + int(each)] = 1 - probability, probability
        width = line.shape[1] / len(probabilities)
        seen.append(Seen(each, round(middle * width), round((middle + 2) * width), 0.97))
    sketch = '<p class="soft">This picture is a sketch, not the answer of a trained network.</p>'
    return line_html(line, seen, np.log(probabilities)) + sketch


def factors() -> str:
    """What is left of a gradient after so many steps back, for some factors per step."""
    functions: dict[str, Function] = {
        "factor 0.8: it vanishes": lambda steps: 0.8**steps,
        "gate of 0.99": lambda steps: 0.99**steps,
        "factor 1.04: it explodes": lambda steps: 1.04**steps,
    }
    words = "With a factor of 0.8 nothing is left after 28 steps, with a gate of 0.99 three quarters; 1.04 triples it."
    return curves(functions, (0, 28), "steps back in time", "what is left of the gradient", words)


def powers() -> str:
    """p^L for some p."""
    functions: dict[str, Function] = {
        "p = 99.8 %": lambda length: 100 * 0.998**length,
        "p = 99 %": lambda length: 100 * 0.99**length,
        "p = 97 %": lambda length: 100 * 0.97**length,
    }
    words = "The longer the string, the rarer it is right: with 99 % of the digits right, 92 % of the strings of 8 are."
    return curves(functions, (1, 10), "L, digits of the string", "strings right, %", words)


def blanks() -> str:
    """The share of blank steps, and of one digit's, over all paths that spell a text of four digits."""

    def blank(steps: np.ndarray) -> np.ndarray:
        return 100 * 5 * (steps - 4) / (9 * steps)

    functions: dict[str, Function] = {
        "blank": blank,
        "each of ten digits": lambda steps: (100 - blank(steps)) / 10,
    }
    words = "Over all paths for four digits the blank takes about half of the steps, each digit about five percent."
    return curves(functions, (8, 64), "T, time steps, for a text of L = 4 digits", "share of the steps, %", words)
