"""Where a reader sees each character: drawn below the line of writing as the network takes it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from netgain.web import look

Seen = tuple[str, float, float, float]
"""A character, the columns of the image from and before which it is seen, and its largest probability there."""

STEPS_HEIGHT = 100
NOTE = (
    "Below the line, left to right: what the network answers at each time step. Blue: the probability of the most "
    "probable character. Grey: the probability of the blank, which says “no new character here”. Each character stands "
    "where it is most probable, with its probability in percent."
)


def line_html(image: np.ndarray, seen: Sequence[Seen], log_probs: np.ndarray) -> str:
    """The line of writing, the probabilities of its time steps and the characters below it, as HTML.

    Args:
        image: what the network takes, uint8 `[H, W]`.
        seen: the characters, left to right.
        log_probs: of every time step, `[T, K + 1]`; index 0 is the blank.
    """
    picture = look.image(image, "the line of writing as the network sees it", image.shape[1])
    marks = "".join(_mark(*each, width=image.shape[1]) for each in seen)
    words = ", ".join(f"{character} with {100 * probability:.0f} %" for character, *_, probability in seen)
    label = escape(f"The characters from left to right: {words}." if seen else "No character is seen.")
    steps = _steps(np.exp(log_probs))
    return f"""<div class="line" role="group" aria-label="{label}">{picture}{steps}
<div class="characters" aria-hidden="true">{marks}</div></div><p class="soft">{NOTE}</p>"""


def _mark(character: str, first: float, last: float, probability: float, *, width: int) -> str:
    """One character at its place, which is a share of the width."""
    place, sure = 50 * (first + last) / width, 100 * probability
    unsure = ' class="unsure"' if probability < 0.9 else ""
    return f'<span{unsure} style="left:{place:.2f}%"><b>{escape(character)}</b><i>{sure:.0f}</i></span>'


def _steps(probabilities: np.ndarray) -> str:
    """The probabilities `[T, K + 1]` of the time steps: an area for the blank, a bar for the best character."""
    count = len(probabilities)
    blank, best = 100 * probabilities[:, 0], 100 * probabilities[:, 1:].max(axis=1)
    area = "".join(f"H{place + 1}V{STEPS_HEIGHT - high:.1f}" for place, high in enumerate([*blank[1:], 0]))
    outline = f"M0 {STEPS_HEIGHT}V{STEPS_HEIGHT - blank[0]:.1f}{area}"
    bars = "".join(
        f'<rect x="{place + 0.1:.1f}" y="{STEPS_HEIGHT - high:.1f}" width="0.8" height="{high:.1f}"></rect>'
        for place, high in enumerate(best)
        if high >= 1
    )
    return (
        f'<svg class="steps" viewBox="0 0 {count} {STEPS_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="{outline}"></path>{bars}</svg>'
    )
