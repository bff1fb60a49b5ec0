"""The tab Draw: a digit or a number, drawn or photographed, and what the networks of the store say of it."""

from __future__ import annotations

from html import escape
from itertools import starmap

import gradio as gr
import numpy as np

from netgain.data import ImageForm, Prepared, prepare_image
from netgain.errors import NetgainError
from netgain.web import look
from netgain.web.address import Kept, kept_fields, number_in, one_of
from netgain.web.challenge import challenge
from netgain.web.examples import DIGIT_FIELD, pad_html
from netgain.web.feature_maps import feature_maps
from netgain.web.number import number_part
from netgain.web.picture import bytes_of
from netgain.web.shelf import CONFORMAL_ALPHA, Answering, Shelf
from netgain.web.static_files import static_text

DIGIT, NUMBER = "digit", "number"
MOST_RECIPES = 4
BLANK = look.empty(
    "Nothing is drawn yet.", "Draw a digit from 0 to 9 with the mouse or a finger, or choose an example or a photo."
)
NO_NETWORKS = look.empty(
    "The store has no network for digits.",
    "Train some: start a study in the tab <b>Run</b>, or <code>netgain study convnet --seeds 5</code>.",
)


def draw_tab(shelf: Shelf, page: gr.Blocks) -> Kept:
    """Put the tab's components into the page that is being made."""
    what = gr.Radio(
        [("A digit", DIGIT), ("A number", NUMBER)],
        value=DIGIT,
        label="What you draw",
        show_label=False,
        container=False,
        elem_id="what",
    )
    # The style sheet hides the field that is not chosen, which keeps its drawing.
    with gr.Column(elem_id="draw-digit"):
        angle = _digit_part(shelf, page)
    with gr.Column(elem_id="draw-number"):
        number_part(shelf, page)
    angles = number_in("angle", angle.minimum, angle.maximum)
    return kept_fields({"what": (what, one_of("drawing", [DIGIT, NUMBER])), "angle": (angle, angles)})


def _digit_part(shelf: Shelf, page: gr.Blocks) -> gr.Slider:
    """The field for a digit and what classifiers say of it; gives the slider that turns the drawing."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=290):
            pad = gr.HTML("", html_template=pad_html(DIGIT_FIELD), js_on_load=static_text("pad.js"), elem_id="pad")
            angle = gr.Slider(
                -90, 90, 0, step=1, label="Turn the drawing, degrees (counter-clockwise)", elem_id="angle"
            )
            chosen = gr.Dropdown(
                [], multiselect=True, max_choices=MOST_RECIPES, label="Networks that answer", elem_id="networks"
            )
            challenge(shelf, page, pad, angle)
        with gr.Column(scale=3, min_width=290):
            answer = gr.HTML(BLANK, js_on_load=static_text("feature_maps.js"), elem_id="answer")

    def said(content: str | None, degrees: float, names: list[str] | None) -> str:
        return answer_to(shelf, content or "", degrees, names or [])

    def offered() -> tuple[dict[str, object], str]:
        try:
            names, favourite = list(shelf.networks()), shelf.favourite()
        except NetgainError as error:
            return gr.update(choices=[]), look.problem(str(error))
        if favourite is None:
            return gr.update(choices=[], value=[]), NO_NETWORKS
        return gr.update(choices=names, value=[favourite]), BLANK

    for event in (pad.input, angle.change, chosen.input):
        event(said, [pad, angle, chosen], answer, show_progress="hidden", trigger_mode="always_last")
    page.load(offered, None, [chosen, answer], show_progress="hidden")
    return angle


def answer_to(shelf: Shelf, content: str, degrees: float, names: list[str]) -> str:
    """What the networks say of a picture, as HTML; or what is wrong with it, in words.

    Args:
        shelf: where the networks are.
        content: the picture as a data URL; empty for a blank field.
        degrees: by which it is turned.
        names: the networks asked.
    """
    if not content:
        return BLANK
    try:
        answering = [found for name in names[:MOST_RECIPES] if (found := shelf.answering(name))]
        picture = bytes_of(content)
        seen = {each.form: prepare_image(picture, each.form, degrees) for each in answering}
    except NetgainError as error:
        return look.problem(str(error))
    if not answering:
        none_chosen = look.empty("No network is chosen.", "Choose one or more below the drawing.")
        return none_chosen if names or shelf.networks() else NO_NETWORKS
    parts = [_answer(each, seen[each.form].image, place) for place, each in enumerate(answering)]
    return "".join([*starmap(_seen, seen.items()), _doubts(seen), *parts, feature_maps(answering, seen)])


def _seen(form: ImageForm, prepared: Prepared) -> str:
    """The picture as the networks of one form take it."""
    height, width, _ = form.image_shape
    shown = look.image(prepared.image[..., 0], "the drawing, scaled and centred as the training images are", 84)
    words = f"What the networks see: {height} × {width} pixels, scaled and centred like their training images."
    return f'<div class="answer">{shown}<p class="soft">{words}</p></div>'


def _doubts(seen: dict[ImageForm, Prepared]) -> str:
    """Why the answers may be wrong; an empty text where nothing speaks against them."""
    doubts = dict.fromkeys(doubt for prepared in seen.values() for doubt in prepared.doubts)
    return look.problem(f"The answer may be wrong: {'; '.join(doubts)}.") if doubts else ""


def _answer(answering: Answering, digit: np.ndarray, place: int) -> str:
    """One recipe's answer to an image `[H, W, C]`: the digit, how sure its networks are and how far they agree."""
    scores = answering.panel.answer(digit)
    mean, low, high = scores.mean(axis=0), scores.min(axis=0), scores.max(axis=0)
    best, num_networks = int(mean.argmax()), len(scores)
    agree = int((scores.argmax(axis=1) == best).sum())
    spread = f" (networks from {100 * low[best]:.1f} to {100 * high[best]:.1f} %); {agree} of {num_networks} say {best}"
    spread = spread if num_networks > 1 else " (one network)"
    possible = np.flatnonzero(1 - mean <= answering.threshold)
    conformal = ", ".join(map(str, possible)) or "empty: this does not look like any digit"
    colour = look.arm_colour(place)
    return f"""<section data-answer="{best}"><div class="answer"><div class="digit" style="color:{colour}">{best}</div>
<p><span class="key" style="background:{colour}"></span><b>{escape(answering.name)}</b><br>
{100 * mean[best]:.1f} %{spread}<br>
Conformal set, contains the right digit for {100 * (1 - CONFORMAL_ALPHA):g} % of such digits: <b>{conformal}</b>
<span class="soft">(calibrated on {answering.num_calibration:,} images that no network was trained on)</span></p></div>
{_bars(mean, low, high, colour)}</section>"""


def _bars(mean: np.ndarray, low: np.ndarray, high: np.ndarray, colour: str) -> str:
    lines = []
    for number, (value, least, most) in enumerate(zip(100 * mean, 100 * low, 100 * high, strict=True)):
        spread = f'<i class="spread" style="left:{least:.1f}%;width:{most - least:.1f}%"></i>' if most >= 0.5 else ""
        field = f'<div class="place"><i class="mean" style="width:{value:.1f}%;background:{colour}"></i>{spread}</div>'
        lines.append(f"<b>{number}</b>{field}<span>{value:.1f} %</span>")
    axis = '<b></b><div class="axis"><i>0</i><i>50</i><i>100 %</i></div><span></span>'
    note = '<p class="soft">Bars: mean score of each digit, %; thin line: lowest to highest network.</p>'
    return f'<div class="bars">{"".join(lines)}{axis}</div>{note}'
