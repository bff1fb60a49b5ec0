"""The wide field of the tab Draw: a number written by hand, and what the readers of the store make of it."""

from __future__ import annotations

from collections import Counter
from html import escape

import gradio as gr
import numpy as np

from netgain.data import LineForm, Prepared, prepare_line
from netgain.errors import NetgainError
from netgain.web import look
from netgain.web.alignment import line_html, line_picture
from netgain.web.examples import NUMBER_FIELD, pad_html
from netgain.web.picture import bytes_of
from netgain.web.readers import ReaderPanel, Reading
from netgain.web.shelf import Shelf
from netgain.web.static_files import static_text

MOST_RECIPES = 3
BLANK = look.empty(
    "Nothing is written yet.", "Write a number with the mouse or a finger, or choose an example or a photo of one."
)
NO_READERS = look.empty(
    "The store has no network that reads numbers.",
    "Train one: <code>netgain train reader</code>, or start the study <b>read-strings</b> in the tab <b>Run</b>.",
)


def number_part(shelf: Shelf, page: gr.Blocks) -> None:
    """Put the field, the choice of readers and their answer into the tab that is being made."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=290):
            pad = gr.HTML(
                "", html_template=pad_html(NUMBER_FIELD), js_on_load=static_text("pad.js"), elem_id="number-pad"
            )
            answer = gr.HTML(BLANK, elem_id="reading")
        with gr.Column(scale=1, min_width=270):
            chosen = gr.Dropdown(
                [], multiselect=True, max_choices=MOST_RECIPES, label="Networks that read it", elem_id="readers"
            )

    def said(content: str | None, names: list[str] | None) -> str:
        return reading_of(shelf, content or "", names or [])

    def offered() -> tuple[dict[str, object], str]:
        try:
            readers, favourite = shelf.readers(), shelf.favourite_reader()
        except NetgainError as error:
            return gr.update(choices=[]), look.problem(str(error))
        if favourite is None:
            return gr.update(choices=[], value=[], visible=False), NO_READERS
        return gr.update(choices=list(readers), value=[favourite], visible=True), BLANK

    for event in (pad.input, chosen.input):
        event(said, [pad, chosen], answer, show_progress="hidden", trigger_mode="always_last")
    page.load(offered, None, [chosen, answer], show_progress="hidden")


def reading_of(shelf: Shelf, content: str, names: list[str]) -> str:
    """What the readers of the store make of a picture, as HTML; or what is wrong with it, in words.

    Args:
        shelf: where the networks are.
        content: the picture as a data URL; empty for a blank field.
        names: the readers asked.
    """
    if not content:
        return BLANK
    try:
        panels = {name: found for name in names[:MOST_RECIPES] if (found := shelf.reading(name))}
        picture = bytes_of(content)
        lines = {panel.form: prepare_line(picture, panel.form) for panel in panels.values()}
        parts = [_answer(name, panel, lines[panel.form], place) for place, (name, panel) in enumerate(panels.items())]
    except NetgainError as error:
        return look.problem(str(error))
    if not panels:
        none_chosen = look.empty("No network is chosen.", "Choose one or more beside the field.")
        return none_chosen if names or shelf.readers() else NO_READERS
    return "".join([_doubts(lines), *parts])


def _doubts(lines: dict[LineForm, Prepared]) -> str:
    """Why the answers may be wrong; an empty text where nothing speaks against them."""
    doubts = dict.fromkeys(doubt for prepared in lines.values() for doubt in prepared.doubts)
    return look.problem(f"The answer may be wrong: {'; '.join(doubts)}.") if doubts else ""


def _answer(name: str, panel: ReaderPanel, line: Prepared, place: int) -> str:
    """The text that most networks of a recipe read, how sure they are of it, and where one of them sees each character.

    Networks need not see a character at the same time step, so their probabilities have no mean: each reads alone.
    """
    image = panel.taken(line.image)
    readings = panel.read(image)
    text = _most_frequent(readings)
    agreeing = [reading for reading in readings if reading.answer.text == text]
    colour = look.arm_colour(place)
    shown = f'<div class="text" style="color:{colour}">{escape(text) or "–"}</div>'
    title = f'<span class="key" style="background:{colour}"></span><b>{escape(name)}</b>'
    words = f"<p>{title}<br>{_how_sure(agreeing, len(readings))}{_others(readings, text)}</p>"
    below = _slots(image)
    if panel.sees_places:
        below = line_html(image[..., 0], agreeing[0].answer.seen, agreeing[0].log_probs)
    return f'<section data-text="{escape(text)}"><div class="answer">{shown}{words}</div>{below}</section>'


def _slots(image: np.ndarray) -> str:
    words = "Fixed slots say which character is the first, the second and so on, but not where it is."
    return f'<div class="line">{line_picture(image[..., 0])}</div><p class="soft">{words}</p>'


def _how_sure(agreeing: list[Reading], count: int) -> str:
    probability = 100 * sum(reading.answer.probability for reading in agreeing) / len(agreeing)
    if count == 1:
        return f"One network; the whole text has a probability of {probability:.1f} %"
    mean = "a mean probability" if len(agreeing) > 1 else "a probability"
    return f"{len(agreeing)} of {count} networks read this, with {mean} of {probability:.1f} % for the whole text"


def _most_frequent(readings: list[Reading]) -> str:
    """The text that most networks read; of several such texts the one with the largest probability."""
    answers = [reading.answer for reading in readings]
    counts = Counter(answer.text for answer in answers)
    return max(answers, key=lambda answer: (counts[answer.text], answer.probability)).text


def _others(readings: list[Reading], text: str) -> str:
    """What the other networks read."""
    others = dict.fromkeys(each.answer.text or "no character" for each in readings if each.answer.text != text)
    return f"<br>Others: {', '.join(map(escape, others))}" if others else ""
