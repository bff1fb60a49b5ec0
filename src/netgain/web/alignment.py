"""Where a reader sees each character: drawn below the line of writing as the network takes it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np

from netgain.tasks.reading.answer import Seen
from netgain.web import look

STEPS_HEIGHT = 100
LARGEST = 7
"""Pixels of the screen that a pixel of the image takes at most: a single digit would fill the window otherwise."""

MARGIN = 8
"""Columns that are shown beyond the last ink; what follows is black."""

SURE = 0.9
NOTE = (
    "What the network answers at each time step, below the strokes. Blue: the probability of the most probable "
    "character. Grey: that of the blank, which says “no new character here”. Each character stands where the network "
    "sees it, with its largest probability there in percent."
)


def line_html(image: np.ndarray, seen: Sequence[Seen], log_probs: np.ndarray) -> str:
    """The line of writing, the probabilities of its time steps and the characters below it, as HTML.

    Args:
        image: what the network takes, uint8 `[H, W]`.
        seen: the characters, left to right, with their columns in this image.
        log_probs: of every time step, `[T, K + 1]`; number 0 is the blank.
    """
    per_step = image.shape[1] / len(log_probs)
    shown = min(len(log_probs), math.ceil((_last_ink(image) + MARGIN) / per_step))
    image, log_probs = image[:, : round(shown * per_step)], log_probs[:shown]
    marks = "".join(_mark(each, image.shape[1]) for each in seen)
    words = ", ".join(f"{each.character} with {100 * each.probability:.0f} %" for each in seen)
    label = escape(f"The characters from left to right: {words}." if seen else "No character is seen.")
    size = f"max-width:{LARGEST * image.shape[1]}px"
    return f"""<div class="line aligned" role="group" aria-label="{label}" style="{size}">
{line_picture(image)}{_steps(np.exp(log_probs))}<div class="characters" aria-hidden="true">{marks}</div></div>
<p class="soft">{NOTE}</p>"""


def line_picture(image: np.ndarray) -> str:
    """The line of writing alone, uint8 `[H, W]`, at up to the size of :func:`line_html`."""
    return look.image(image, "the line of writing as the network sees it", LARGEST * image.shape[1])


def _last_ink(image: np.ndarray) -> int:
    columns = np.flatnonzero(image.any(axis=0))
    return int(columns[-1]) + 1 if len(columns) else 0


def _mark(each: Seen, width: int) -> str:
    """One character at its place, which is a share of the width."""
    place, sure = 50 * (each.start + each.end) / width, 100 * each.probability
    unsure = "" if each.probability >= SURE else ' class="unsure"'
    return f'<span{unsure} style="left:{place:.2f}%"><b>{escape(each.character)}</b><i>{sure:.0f}</i></span>'


def _steps(probabilities: np.ndarray) -> str:
    """The probabilities `[T, K + 1]` of the time steps: an area for the blank, a bar for the best character."""
    blank, best = 100 * probabilities[:, 0], 100 * probabilities[:, 1:].max(axis=1)
    area = "".join(f"H{place}V{STEPS_HEIGHT - high:.1f}" for place, high in enumerate(blank))
    bars = "".join(
        f'<rect x="{place + 0.1:.1f}" y="{STEPS_HEIGHT - high:.1f}" width="0.8" height="{high:.1f}"></rect>'
        for place, high in enumerate(best)
        if high >= 1
    )
    return (
        f'<svg class="steps" viewBox="0 0 {len(blank)} {STEPS_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="M0 {STEPS_HEIGHT}{area}H{len(blank)}V{STEPS_HEIGHT}"></path>{bars}</svg>'
    )
