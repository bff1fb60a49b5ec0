"""The tab Run: choose or build a study, start it, watch it, stop it."""

from __future__ import annotations

import itertools
from html import escape
from typing import Any

import gradio as gr

from netgain.data import list_sources
from netgain.errors import NetgainError
from netgain.experiment.optimizer import DEFAULT_LEARNING_RATES
from netgain.experiment.question import Question
from netgain.experiment.techniques import TECHNIQUES
from netgain.web import look
from netgain.web.address import Kept, kept_fields, one_of
from netgain.web.builder import MOST_SEEDS, Form, FormError, built_study, checked_seeds
from netgain.web.live import live_view
from netgain.web.runner import JobState, Runner
from netgain.web.shelf import Shelf

AS_DECLARED = "study default"
SECONDS_BETWEEN_LOOKS = 0.6
NOTHING_STARTS = look.empty(
    "This page is read-only.",
    "It shows what can be run; nothing starts here. On a computer of your own: <code>netgain serve</code>, or a "
    "command such as <code>netgain study dropout --seeds 5</code>.",
)
SEEDS_OF_A_ROW = 5
"""Of a study that a row of the catalogue starts: as many as a verdict needs."""

ON_PRESS = """
let presses = 0;
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-start]");
  if (!row || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  props.value = `${row.dataset.start} ${++presses}`;
  trigger("input");
});
"""
LOSSES = ["mean_squared_error", "binary_crossentropy", "categorical_crossentropy"]


def run_tab(shelf: Shelf, runner: Runner, page: gr.Blocks, message: gr.HTML) -> Kept:
    """Put the tab's components into the page that is being made; `message` is where a start that waits or fails says
    so.
    """
    if runner.read_only:
        gr.HTML(NOTHING_STARTS)
    with gr.Tabs():
        with gr.Tab("Catalogue", id="catalogue"):
            study = _catalogue_form(shelf, runner, message)
        with gr.Tab("Your own recipe", id="own"):
            _own_form(runner, message)
    message.render()
    if not runner.read_only:
        _watch(runner, message, page)
    return kept_fields({"study": (study, one_of("study", list(shelf.entries)))})


def start_from_catalogue(shelf: Shelf, runner: Runner, message: gr.HTML) -> None:
    """Let a press on a row of the catalogue start its study; the row's link leads to the tab Run, which shows it."""
    pressed = gr.HTML("", html_template="", js_on_load=ON_PRESS, elem_id="start-pressed")
    pressed.input(lambda row: started_by_row(shelf, runner, row), pressed, message, show_progress="hidden")


def started_by_row(shelf: Shelf, runner: Runner, row: str) -> str:
    """Start what a row of the catalogue names, once; says so where it has to wait, or is not started."""
    name = row.partition(" ")[0]  # then the number of the press, without which a second one would change nothing
    if any(job.asked.name == name and not job.is_over for job in runner.jobs()):
        return look.empty("It has been started already.", "It is shown below when its turn comes.")
    try:
        runner.check_may_start()
        return _start(runner, shelf.entries[one_of("study", list(shelf.entries))(name)].study, SEEDS_OF_A_ROW)
    except NetgainError as error:
        return look.problem(str(error))


def _watch(runner: Runner, message: gr.HTML, page: gr.Blocks) -> None:
    """The study that runs, as it grows, and the button that stops it."""
    with gr.Row():
        stop = gr.Button("Stop", variant="stop", size="md", elem_id="stop", scale=0, min_width=120, interactive=False)
    live = gr.HTML(elem_id="live")
    seen = gr.State(-1)

    def tick(version: int) -> tuple[Any, Any, Any]:
        now = runner.version
        if version == now:
            return gr.skip(), gr.skip(), gr.skip()
        job = runner.shown()
        running = job is not None and job.state is JobState.RUNNING
        return live_view(runner), gr.update(interactive=running), now

    timer = gr.Timer(SECONDS_BETWEEN_LOOKS)
    for event in (timer.tick, page.load):
        event(tick, seen, [live, stop, seen], show_progress="hidden")
    stop.click(lambda: _stop(runner), None, message, show_progress="hidden")


def _stop(runner: Runner) -> str:
    job = runner.shown()
    if job is not None:
        runner.stop(job.number)
    return ""


def _start(runner: Runner, asked: Question, seeds: int) -> str:
    """Start a study or demonstration; says so where it has to wait."""
    before = [job for job in runner.jobs() if not job.is_over]
    runner.start(asked, seeds)
    return look.empty("It waits in the queue.", f"{len(before)} before it.") if before else ""


def _catalogue_form(shelf: Shelf, runner: Runner, message: gr.HTML) -> gr.Dropdown:
    """The form for a study of the catalogue; gives the field with its name."""
    names = list(shelf.entries)
    first = "dropout" if "dropout" in names else next(iter(names), None)
    with gr.Row():
        name = gr.Dropdown(names, value=first, label="Study", elem_id="study", min_width=220)
        seeds = gr.Number(
            5, label="Seeds per arm (a verdict needs 5)", precision=0, minimum=1, maximum=MOST_SEEDS, min_width=150
        )
        dataset = gr.Dropdown(
            [AS_DECLARED, *(s.name for s in list_sources())], value=AS_DECLARED, label="Images", min_width=180
        )
        epochs = gr.Number(0, label="Epochs (0: study default)", precision=0, minimum=0, min_width=150)
    about = gr.HTML(_about(shelf, first))
    start = _start_button(runner, "start-study")
    name.change(lambda chosen: _about(shelf, chosen), name, about, show_progress="hidden")

    def begin(chosen: str, num_seeds: float | None, images: str, num_epochs: float | None) -> str:
        try:
            runner.check_may_start()
            study = shelf.entries[chosen].study
            if images != AS_DECLARED:
                study = study.on(images).change_recipes("train_size", None)
            if num_epochs:
                study = study.change_recipes("epochs", int(num_epochs))
            if images != AS_DECLARED or num_epochs:
                study = study.change("name", f"{chosen}-{next(_NUMBERS)}")
            return _start(runner, study, checked_seeds(num_seeds))
        except KeyError:
            return look.problem("choose a study first")
        except NetgainError as error:
            return look.problem(str(error))

    start.click(begin, [name, seeds, dataset, epochs], message, show_progress="hidden")
    return name


_NUMBERS = itertools.count(1)


def _start_button(runner: Runner, name: str) -> gr.Button:
    # Disabled for the eye only: the runner refuses what a stranger sends without the button.
    return gr.Button("Start", variant="primary", size="md", elem_id=name, interactive=not runner.read_only)


def _about(shelf: Shelf, name: str | None) -> str:
    entry = shelf.entries.get(name or "")
    if entry is None:
        return look.empty("No study is chosen.", "Choose one above.")
    arms = f'<p class="soft">Trains: {escape(", ".join(entry.study.recipes))}.</p>' if entry.study.recipes else ""
    return f"<p>{escape(entry.study.question or entry.headline)}</p>{arms}"


def _own_form(runner: Runner, message: gr.HTML) -> None:
    fields, problems = _own_fields()
    start = _start_button(runner, "start-own")

    def begin(*values: Any) -> list[Any]:
        try:
            runner.check_may_start()
            study, seeds = built_study(Form(*values), f"own-{next(_NUMBERS)}")
            said, refused = _start(runner, study, seeds), {}
        except FormError as error:
            said, refused = look.problem(error.fields[""]) if "" in error.fields else "", error.fields
        except NetgainError as error:
            said, refused = look.problem(str(error)), {}
        return [said, *(_beside(refused.get(name, "")) for name in Form._fields)]

    start.click(begin, fields, [message, *problems], show_progress="hidden")
    optimizer, rate = fields[Form._fields.index("optimizer")], fields[Form._fields.index("rate")]
    optimizer.change(lambda name: DEFAULT_LEARNING_RATES[name], optimizer, rate, show_progress="hidden")
    technique, strength = fields[Form._fields.index("technique")], fields[Form._fields.index("strength")]

    def fit(name: str) -> Any:
        return gr.update(label=f"Strength: {TECHNIQUES[name].strength}", value=TECHNIQUES[name].default)

    technique.change(fit, technique, strength, show_progress="hidden")


def _beside(message: str) -> Any:
    shown = f'<p class="field-problem" role="alert">{escape(message)}</p>'
    return gr.update(value=shown if message else "", visible=bool(message))


def _own_fields() -> tuple[list[Any], list[gr.HTML]]:
    """The fields in the order of :class:`Form`, each with a place for its refusal right below."""
    first = TECHNIQUES["dropout"]
    makers: dict[str, Any] = {
        "dataset": lambda: gr.Dropdown([source.name for source in list_sources()], value="mnist", label="Dataset"),
        "family": lambda: gr.Dropdown(["mlp", "convnet"], value="mlp", label="Network"),
        "layers": lambda: gr.Textbox("30", label="Neurons (maps) per layer", elem_id="layers"),
        "activation": lambda: gr.Dropdown(["sigmoid", "tanh", "relu"], value="sigmoid", label="Activation"),
        "output": lambda: gr.Dropdown(["softmax", "sigmoid"], value="softmax", label="Output", elem_id="output"),
        "loss": lambda: gr.Dropdown(LOSSES, value=LOSSES[2], label="Loss", elem_id="loss"),
        "optimizer": lambda: gr.Dropdown(list(DEFAULT_LEARNING_RATES), value="sgd", label="Optimizer"),
        "rate": lambda: gr.Number(1.0, label="Learning rate η", elem_id="rate"),
        "images": lambda: gr.Number(10_000, label="Images (0: all)", precision=0, elem_id="images"),
        "epochs": lambda: gr.Number(30, label="Epochs", precision=0, elem_id="epochs"),
        "batch": lambda: gr.Number(30, label="Images per update", precision=0),
        "technique": lambda: gr.Dropdown(list(TECHNIQUES), value="dropout", label="Technique"),
        "strength": lambda: gr.Number(first.default, label=f"Strength: {first.strength}", elem_id="strength"),
        "seeds": lambda: gr.Number(5, label="Seeds (a verdict needs 5)", precision=0, elem_id="seeds"),
    }
    fields, problems = [], []
    for names in (Form._fields[:5], Form._fields[5:8], Form._fields[8:11], Form._fields[11:]):
        with gr.Row():
            for name in names:
                with gr.Column(min_width=150, elem_classes="field"):
                    fields.append(makers[name]())
                    problems.append(gr.HTML("", elem_id=f"{name}-problem", visible=False))
    return fields, problems
