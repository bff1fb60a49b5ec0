"""The game "real or generated?": one digit at a time, and how often a visitor tells right."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import gradio as gr
import numpy as np

from netgain.data import load_dataset
from netgain.data.samples import data_url
from netgain.errors import NetgainError
from netgain.web import look
from netgain.web.game_score import Scores, scores_in, tally, with_answer
from netgain.web.generators import GeneratorPanel
from netgain.web.shelf import Shelf

STORAGE = "netgain-real-or-generated"
"""The entry of the browser's local storage."""

ASKED = """<h3>Real or generated?</h3><p>Half of the images are real test images, which somebody wrote. The others are
made by the generator. Both have the same shares of the digits.</p>"""


class Round(NamedTuple):
    """An image that waits for an answer; the server alone knows what it is.

    Attributes:
        generator: the key of the generator that is played against.
        is_real: whether it is a test image.
        picture: as a data URL.
    """

    generator: str
    is_real: bool
    picture: str


def game_part(shelf: Shelf, page: gr.Blocks, chosen: gr.Dropdown) -> None:
    """Put the game's components into the tab that is being made."""
    kept = gr.BrowserState({}, storage_key=STORAGE, secret=STORAGE)  # a fixed word: the next server can read it too
    current = gr.State(None)
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=290):
            image = gr.HTML(elem_id="game-image")
            with gr.Row():
                real = gr.Button("Real", variant="primary", size="md", elem_id="say-real", min_width=110)
                generated = gr.Button("Generated", variant="primary", size="md", elem_id="say-generated", min_width=110)
        with gr.Column(scale=3, min_width=290):
            gr.HTML(ASKED)
            said = gr.HTML(elem_id="game-said")
            score = gr.HTML(elem_id="game-tally")

    def begun(name: str | None, stored: object) -> list[Any]:
        return _begun(shelf, name, stored)

    for event in (chosen.change, kept.change):
        event(begun, [chosen, kept], [current, image, score], show_progress="hidden")
    for button, is_real in ((real, True), (generated, False)):
        button.click(
            partial(_answered, shelf, says_real=is_real),
            [chosen, kept, current],
            [kept, current, image, said, score],
            show_progress="hidden",
        )


def next_round(panel: GeneratorPanel, generator: np.random.Generator) -> Round:
    """A real test image or a generated one, each with probability ½, both with the classes of the test images.

    Raises:
        DataError, FetchError: where the images that the generator learnt from are not there.
    """
    dataset, is_real = load_dataset(panel.dataset), bool(generator.random() < 0.5)
    place = int(generator.integers(dataset.num_test))
    image = dataset.x_test[place] if is_real else panel.drawn(dataset.y_test[place : place + 1], generator)[0]
    return Round(panel.key, is_real, data_url(image))


def _begun(shelf: Shelf, name: str | None, stored: object) -> list[Any]:
    """A first image, what is shown of it, and the score so far."""
    try:
        panel = shelf.generating(name or "")
        if panel is None:
            return [None, "", ""]
        asked = next_round(panel, np.random.default_rng())
    except NetgainError as error:
        return [None, look.problem(str(error)), ""]
    return [asked, _shown(asked), _score(panel, scores_in(stored))]


def _answered(shelf: Shelf, name: str | None, stored: object, asked: Round | None, *, says_real: bool) -> list[Any]:
    """What to keep, the next image, and what became of the answer."""
    if asked is None:
        return [gr.skip(), *_begun(shelf, name, stored)[:2], "", gr.skip()]
    scores = with_answer(scores_in(stored), asked.generator, is_real=asked.is_real, says_real=says_real)
    following, picture, words = _begun(shelf, name, scores)
    return [scores, following, picture, _told(asked, says_real), words]


def _shown(asked: Round) -> str:
    return f'<img class="pixels" src="{asked.picture}" alt="a digit: real or generated?">'


def _told(asked: Round, says_real: bool) -> str:
    what = "real" if asked.is_real else "generated"
    right = "Right" if asked.is_real == says_real else "Wrong"
    picture = f'<img class="pixels" src="{asked.picture}" alt="the image before">'
    return f'<div class="game-last" role="status">{picture}<p class="guessed">{right}: this one was {what}.</p></div>'


def _score(panel: GeneratorPanel, scores: Scores) -> str:
    """The visitor's score against this generator, and the figure of a classifier that was told to do the same."""
    return f'<div class="tally"><h3>Your score</h3>{tally(scores.get(panel.key), panel.told_apart)}</div>'
