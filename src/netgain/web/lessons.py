"""The tab Lessons: each technique explained, with its formula, its picture and what netgain measured."""

from __future__ import annotations

from html import escape

import gradio as gr

from netgain.errors import NetgainError
from netgain.web import look
from netgain.web.address import Kept, kept_fields, one_of
from netgain.web.lesson import Lesson
from netgain.web.lesson_texts import LESSONS
from netgain.web.shelf import Shelf
from netgain.web.shown import brief_of

FORMULAS = [{"left": "$$", "right": "$$", "display": True}]
_BY_TITLE = {lesson.title: lesson for lesson in LESSONS}


def lessons_tab(shelf: Shelf, page: gr.Blocks) -> Kept:
    """Put the tab's components into the page that is being made."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=300):
            chosen = gr.Dropdown(list(_BY_TITLE), value=LESSONS[0].title, label="Lesson", elem_id="lesson")
        with gr.Column(scale=3, min_width=280):
            text = gr.Markdown(latex_delimiters=FORMULAS, elem_id="lesson-text")
            picture = gr.HTML(elem_id="lesson-picture")
            verdict = gr.HTML(elem_id="lesson-verdict")

    def shown(title: str) -> tuple[str, str, str]:
        lesson = _BY_TITLE.get(title, LESSONS[0])
        words = f"## {lesson.title}\n\n{lesson.text}\n\n$${lesson.formula}$$"
        return words, lesson.picture(), measured(shelf, lesson)

    for event in (page.load, chosen.change):
        event(shown, chosen, [text, picture, verdict], show_progress="hidden")
    return kept_fields({"lesson": (chosen, one_of("lesson", list(_BY_TITLE)))})


def measured(shelf: Shelf, lesson: Lesson) -> str:
    """The verdict of the lesson's study from the store, or how to get it."""
    try:
        result = shelf.result(lesson.study)
    except NetgainError as error:
        return look.problem(str(error))
    if result is None:
        command = f"<code>netgain study {escape(lesson.study)}</code>"
        return look.empty("Not measured yet.", f"Measure it: {command}, or start it in the tab <b>Run</b>.")
    return f"<h3>What netgain measured</h3>{brief_of(result)}"
