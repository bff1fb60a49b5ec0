"""The latent walk of the tab Generate: a square between four random vectors, and the digits of each place in it."""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr
import numpy as np

from netgain.data.samples import data_url
from netgain.errors import NetgainError
from netgain.web import look
from netgain.web.generators import GeneratorPanel, between
from netgain.web.shelf import Shelf
from netgain.web.static_files import static_text

MAP_SIDE = 9
"""Images of the map in a row and in a column."""

LARGEST_SEED = 9999
WITHOUT_CLASSES = "–"
"""Instead of a class, where the generator knows none."""

PAD = """<div class="walk-pad" tabindex="0" role="application"
aria-label="square of random vectors: move over it, or use the arrow keys; the digits of the place are shown beside it">
<i class="mark"></i></div>"""
MOVED = "(x, y) => { window.netgainWalk?.place(x, y); }"
RESTED = "(place) => place.split(' ').map(Number)"
NO_GENERATORS = look.empty(
    "The store has no generator.",
    "Train one: <code>netgain train generator</code>, or start the study <b>generate-digits</b> in the tab <b>Run</b>.",
)
GONE = look.problem("The store no longer has this generator: reload the page and choose another.")


def walk_part(shelf: Shelf, page: gr.Blocks, chosen: gr.Dropdown) -> dict[str, Any]:
    """Put the square and the digits into the tab that is being made; gives the components that the address keeps."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=290):
            with gr.Column(elem_id="walk-place"):
                picture = gr.HTML(elem_id="walk-map")
                pad = gr.HTML(
                    "", html_template=PAD, js_on_load=static_text("walk.js"), elem_id="walk-pad", padding=False
                )
            x, y = (
                gr.Slider(0, 1, 0.5, label=label, elem_id=f"walk-{name}", elem_classes="walk-hidden")
                for name, label in (("x", "Across"), ("y", "Down"))
            )
        with gr.Column(scale=3, min_width=290):
            digits = gr.HTML(elem_id="walk-digits")
            of_class, corners, another = _controls()

    def drawn(name: str | None, seed: float, x: float, y: float) -> str:
        return digits_at(shelf, name or "", int(seed), x, y)

    def moved(name: str | None, seed: float, place: str) -> str:
        return digits_at(shelf, name or "", int(seed), *place_in(place))

    def mapped(name: str | None, seed: float, label: str | None) -> str:
        return map_of(shelf, name or "", int(seed), label or "")

    quietly: dict[str, Any] = {"show_progress": "hidden", "trigger_mode": "always_last"}
    pad.input(moved, [chosen, corners, pad], digits, **quietly)
    pad.submit(None, pad, [x, y], js=RESTED)
    gr.on([x.change, y.change], None, [x, y], None, js=MOVED)
    gr.on([x.change, y.change, corners.change, chosen.change], drawn, [chosen, corners, x, y], digits, **quietly)
    gr.on([corners.change, of_class.change, chosen.change], mapped, [chosen, corners, of_class], picture, **quietly)
    another.click(None, None, corners, js=f"() => Math.floor(Math.random() * {LARGEST_SEED + 1})")
    chosen.change(lambda name: _classes(shelf, name), chosen, of_class, show_progress="hidden")
    return {"x": x, "y": y, "corners": corners}


def _controls() -> tuple[gr.Dropdown, gr.Number, gr.Button]:
    """Which class the map shows, and which vectors its corners are."""
    with gr.Row(equal_height=True):
        of_class = gr.Dropdown([], label="The map shows", elem_id="walk-class", min_width=110)
        corners = gr.Number(
            0,
            precision=0,
            minimum=0,
            maximum=LARGEST_SEED,
            label="Seed of the corners",
            elem_id="walk-corners",
            min_width=110,
        )
        another = gr.Button("Four other corners", size="md", elem_id="walk-again", min_width=110)
    return of_class, corners, another


def place_in(text: str) -> tuple[float, float]:
    """The place that the browser sends, "0.25 0.5"; the middle for anything else.

    >>> place_in("0.25 2"), place_in("rubbish")
    ((0.25, 1.0), (0.5, 0.5))
    """
    try:
        x, y = (float(np.clip(float(number), 0, 1)) for number in text.split())
    except ValueError:
        return 0.5, 0.5
    return x, y


def digits_at(shelf: Shelf, name: str, corners: int, x: float, y: float) -> str:
    """What a generator makes of the vector at a place, as HTML: an image of each class.

    Args:
        shelf: where the generators are.
        name: of the generator.
        corners: the seed of the four vectors.
        x: the place, from 0 to 1 across.
        y: the same from the top down.
    """
    try:
        panel = shelf.generating(name)
    except NetgainError as error:
        return look.problem(str(error))
    if panel is None:
        return GONE if name else NO_GENERATORS
    names = panel.class_names or (WITHOUT_CLASSES,)
    z = between(panel.corners(corners), np.array([x]), np.array([y])).repeat(len(names), axis=0)
    images = panel.images(z, np.arange(len(names)))
    shown = "".join(
        f'<figure><img class="pixels" src="{data_url(image)}" alt="generated image, class {escape(each)}">'
        f"<figcaption>{escape(each)}</figcaption></figure>"
        for image, each in zip(images, names, strict=True)
    )
    several = "The same vector for every class: what they share is the hand that writes. " if panel.class_names else ""
    words = f"{panel.latent} random numbers at this place. {several}Seed {panel.seed} of {escape(name)}."
    return f'<div class="digits" data-at="{x:.3f} {y:.3f}">{shown}</div><p class="soft">{words}</p>'


def map_of(shelf: Shelf, name: str, corners: int, label: str) -> str:
    """A picture of one class at many places of the square, as HTML; empty where there is no such generator."""
    try:
        panel = shelf.generating(name)
    except NetgainError:  # which is told beside it
        panel = None
    if panel is None:
        return ""
    number = panel.class_names.index(label) if label in panel.class_names else 0
    return f'<img src="{data_url(_map(panel, corners, number))}" alt="generated images at places of the square">'


def _map(panel: GeneratorPanel, corners: int, label: int) -> np.ndarray:
    """The images at the middles of the cells of the square, as one `[H, W, C]`."""
    middles = (np.arange(MAP_SIDE) + 0.5) / MAP_SIDE
    y, x = (each.ravel() for each in np.meshgrid(middles, middles, indexing="ij"))
    images = panel.images(between(panel.corners(corners), x, y), np.full(MAP_SIDE**2, label))
    _, height, width, channels = images.shape
    rows = images.reshape(MAP_SIDE, MAP_SIDE, height, width, channels).swapaxes(1, 2)
    return rows.reshape(MAP_SIDE * height, MAP_SIDE * width, channels)


def _classes(shelf: Shelf, name: str | None) -> dict[str, Any]:
    """The classes that the map can show: those of the generator; hidden where it knows none."""
    try:
        panel = shelf.generating(name or "")
    except NetgainError:
        panel = None
    names = list(panel.class_names) if panel else []
    return gr.update(choices=names, value=names[3 % len(names)] if names else None, visible=bool(names))
