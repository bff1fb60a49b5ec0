"""The challenge of the tab Draw: a digit that fools one network but not the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any, NamedTuple

import gradio as gr

from netgain.data import prepare_image
from netgain.errors import NetgainError
from netgain.web import look
from netgain.web.picture import bytes_of
from netgain.web.shelf import Answering, Shelf

DIGITS = [str(digit) for digit in range(10)]
TOO_FEW = "The challenge needs two different networks for digits"
ADVICE = "Train some: start a study in the tab <b>Run</b>, or <code>netgain study dropout --seeds 5</code>."


class Answer(NamedTuple):
    """What the networks of one recipe say together: the digit with the largest mean score."""

    name: str
    digit: int
    score: float

    def __str__(self) -> str:
        return f"{self.name} says {self.digit} ({100 * self.score:.0f} %)"


def challenge(shelf: Shelf, page: gr.Blocks, pad: gr.HTML, angle: gr.Slider) -> None:
    """Put the challenge's components into the tab that is being made.

    Args:
        shelf: where the networks are.
        page: that is being made.
        pad: where the drawing comes from.
        angle: by which it is turned.
    """
    with gr.Accordion("Challenge", open=False, elem_id="challenge") as title:
        asked = gr.HTML(elem_id="challenge-asked")
        digit = gr.Dropdown(DIGITS, value=None, label="The digit that I draw", elem_id="challenge-digit")
        fooled = gr.Dropdown([], label="The networks to be fooled", elem_id="fooled")
        not_fooled = gr.Dropdown([], label="The networks not to be fooled", elem_id="not-fooled")
        said = gr.HTML(elem_id="challenge-said")
    inputs = [pad, angle, digit, fooled, not_fooled]
    page.load(partial(_offered, shelf), None, [title, asked, fooled, not_fooled], show_progress="hidden")
    for event in (pad.input, angle.input, digit.input):
        event(partial(judged, shelf), inputs, said, show_progress="hidden", trigger_mode="always_last")
    for field in (fooled, not_fooled):
        field.input(_title, [fooled, not_fooled], title, show_progress="hidden")
        field.input(partial(judged, shelf), inputs, said, show_progress="hidden", trigger_mode="always_last")


def pair_to_begin_with(names: Sequence[str]) -> tuple[str, str] | None:
    """The network to be fooled and the one not to be: dropout and a baseline where the store has them.

    >>> pair_to_begin_with(["baseline", "dropout: baseline", "dropout: dropout 0.2"])
    ('dropout: dropout 0.2', 'baseline')
    >>> pair_to_begin_with(["convnet"]) is None
    True
    """
    if len(names) < 2:
        return None
    fooled = next((name for name in names if "dropout" in name.split(": ")[-1]), names[-1])
    others = [name for name in names if name != fooled]
    return fooled, next((name for name in others if name.split(": ")[-1] == "baseline"), others[0])


def judged(
    shelf: Shelf, content: str | None, degrees: float, digit: str | None, fooled: str | None, not_fooled: str | None
) -> str:
    """Whether a drawing fools the one network but not the other, as HTML.

    Args:
        shelf: where the networks are.
        content: the drawing as a data URL; empty for a blank field.
        degrees: by which it is turned.
        digit: what the visitor says to have drawn; None if not said.
        fooled: the name of the network that is to be wrong.
        not_fooled: the name of the network that is to be right.
    """
    if not content:
        return ""
    if not fooled or not not_fooled or fooled == not_fooled:
        return look.problem(f"{TOO_FEW}; chosen: {fooled or 'none'} and {not_fooled or 'none'}.")
    try:
        answers = [
            _answer(answering, content, degrees)
            for answering in map(shelf.answering, (fooled, not_fooled))
            if answering
        ]
    except NetgainError as error:
        return look.problem(str(error))
    if len(answers) < 2:
        return look.problem("The store no longer has one of these networks; reload the page and choose again.")
    return _said(answers[0], answers[1], None if digit is None else int(digit))


def _answer(answering: Answering, content: str, degrees: float) -> Answer:
    image = prepare_image(bytes_of(content), answering.form, degrees).image
    mean = answering.panel.answer(image).mean(axis=0)
    return Answer(answering.name, int(mean.argmax()), float(mean.max()))


def _said(fooled: Answer, other: Answer, digit: int | None) -> str:
    both = f"{escape(str(fooled))}, {escape(str(other))}"
    if digit is None:
        if fooled.digit == other.digit:
            return _status(f"Not yet: both say {other.digit}.", both)
        return _status("They disagree. Which digit did you draw? Choose it above.", both)
    if digit == other.digit != fooled.digit:
        return _status(f"Done: your {digit} fools {escape(fooled.name)} but not {escape(other.name)}.", both, won=True)
    if digit == fooled.digit == other.digit:
        return _status(f"Not yet: both see your {digit}.", both)
    if digit == fooled.digit:
        return _status("The other way round: it fools only the network that should be right.", both)
    return _status(f"Not yet: your {digit} fools both.", both)


def _status(words: str, answers: str, won: bool = False) -> str:
    kind = "won" if won else "not-yet"
    return f'<div class="challenge {kind}" role="status"><b>{words}</b><br><span class="soft">{answers}.</span></div>'


def _offered(shelf: Shelf) -> list[Any]:
    try:
        names = list(shelf.networks())
    except NetgainError as error:
        return [gr.update(), look.problem(str(error)), gr.update(choices=[]), gr.update(choices=[])]
    pair = pair_to_begin_with(names)
    if pair is None:
        has = f"the store has one, {names[0]}" if names else "the store has none"
        hidden = gr.update(visible=False)
        return [_title(None, None), look.empty(f"{TOO_FEW}; {has}.", ADVICE), hidden, hidden]
    fields = [gr.update(choices=names, value=name) for name in pair]
    return [
        _title(*pair),
        "Draw a digit that fools the first networks but not the second. Say which digit you draw.",
        *fields,
    ]


def _title(fooled: str | None, not_fooled: str | None) -> dict[str, Any]:
    if not fooled or not not_fooled:
        return gr.update(label="Challenge: a digit that fools one network but not another")
    return gr.update(label=f"Challenge: draw a digit that fools {fooled} but not {not_fooled}")
