"""The tab Generate: a walk through the random vectors of a generator, and the game "real or generated?"."""

from __future__ import annotations

from typing import Any

import gradio as gr

from netgain.errors import NetgainError
from netgain.web import look
from netgain.web.address import Kept, kept_fields, number_in, one_of
from netgain.web.game import game_part
from netgain.web.shelf import Shelf
from netgain.web.walk import NO_GENERATORS, walk_part

WALK, GAME = "walk", "game"


def generate_tab(shelf: Shelf, page: gr.Blocks) -> Kept:
    """Put the tab's components into the page that is being made."""
    with gr.Row(equal_height=False):
        what = gr.Radio(
            [("Walk between random vectors", WALK), ("Real or generated?", GAME)],
            value=WALK,
            label="What you do",
            show_label=False,
            container=False,
            elem_id="generate-what",
        )
        chosen = gr.Dropdown([], label="Generator", elem_id="generators", visible=False)
    nothing = gr.HTML(elem_id="no-generators")
    # The style sheet hides the part that is not chosen, and both where there is no generator.
    with gr.Column(elem_id="generate-walk"):
        sliders = walk_part(shelf, page, chosen)
    with gr.Column(elem_id="generate-game"):
        game_part(shelf, page, chosen)

    def offered() -> tuple[dict[str, Any], str]:
        try:
            names, favourite = list(shelf.generators()), shelf.favourite_generator()
        except NetgainError as error:
            return gr.update(choices=[]), look.problem(str(error))
        if favourite is None:
            return gr.update(choices=[], value=None, visible=False), NO_GENERATORS
        return gr.update(choices=names, value=favourite, visible=True), ""

    page.load(offered, None, [chosen, nothing], show_progress="hidden")
    fields = {"what": (what, one_of("part", [WALK, GAME]))}
    numbers = {name: (each, number_in(name, each.minimum, each.maximum)) for name, each in sliders.items()}
    return kept_fields(fields | numbers)
