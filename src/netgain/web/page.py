"""Puts the page together: the tabs, the look, the guard before them."""

from __future__ import annotations

import contextlib
import inspect
import threading
from collections.abc import Callable, Mapping
from functools import cache, partial
from html import escape

import gradio as gr
from fastapi import FastAPI
from gradio.themes import Base
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from netgain.engine.setup import prepare_jax
from netgain.errors import NetgainError

prepare_jax()

from netgain.report.card import card_png  # noqa: E402
from netgain.report.kinds import AnyResult, card_content  # noqa: E402
from netgain.report.page import Beside, render  # noqa: E402 - Keras' backend comes first
from netgain.report.scheme import chart_rules, dark_colours  # noqa: E402
from netgain.studies import CatalogueEntry, study_entries  # noqa: E402
from netgain.web.address import AddressError, Kept, follow_address  # noqa: E402
from netgain.web.draw import draw_tab  # noqa: E402
from netgain.web.fractions import fractions_tab  # noqa: E402
from netgain.web.generate import generate_tab  # noqa: E402
from netgain.web.guard import Guard  # noqa: E402
from netgain.web.guess import guess_tab  # noqa: E402
from netgain.web.lessons import lessons_tab  # noqa: E402
from netgain.web.neuron import neuron_tab  # noqa: E402
from netgain.web.preview import Preview, card_address, preview_tags  # noqa: E402
from netgain.web.run import run_tab, start_from_catalogue  # noqa: E402
from netgain.web.runner import Runner  # noqa: E402
from netgain.web.shelf import Shelf  # noqa: E402
from netgain.web.static_files import static_text  # noqa: E402
from netgain.web.study_view import result_of  # noqa: E402
from netgain.web.verdicts import verdicts_tab  # noqa: E402

HEAD = '<script src="/netgain/vega.js" async></script><script src="/netgain/page.js" async></script>'
TITLE = """<div class="netgain-head"><h1>netgain</h1>
<span>Which changes to a network are real improvements?</span></div>"""
PNG = "image/png"
FONTS = ["system-ui", "sans-serif"]


def make_app(
    store: str,
    *,
    password: str | None = None,
    hosts: frozenset[str] | None = None,
    entries: Mapping[str, CatalogueEntry] | None = None,
    read_only: bool = False,
) -> ASGIApp:
    """The whole page as an ASGI application.

    Args:
        store: the file or database URL with the finished runs.
        password: see :class:`netgain.web.guard.Guard`.
        hosts: see there too.
        entries: the catalogue of studies; netgain's own by default.
        read_only: whether the page starts and stores nothing.
    """
    shelf = Shelf(store, study_entries() if entries is None else entries, read_only=read_only)
    runner = Runner(store, read_only=read_only)
    threading.Thread(target=_warm_up, args=(shelf,), daemon=True).start()
    return Guard(Preview(unguarded_app(shelf, runner), partial(preview_tags, shelf, runner)), password, hosts)


def unguarded_app(shelf: Shelf, runner: Runner) -> FastAPI:
    """The page and its own addresses, before which the guard belongs."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _add_own_routes(app, shelf, runner)
    blocks = make_page(shelf, runner)
    # Without this Gradio hands out every file of the disk under /gradio_api/file=; the guard refuses it as well.
    blocks.has_launched = True
    theme = Base(font=FONTS, font_mono=["ui-monospace", "monospace"], primary_hue="blue").set(
        button_primary_background_fill="*primary_600",  # the theme's own is too light below white words
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_hover_dark="*primary_700",
    )
    gr.mount_gradio_app(app, blocks, path="/", theme=theme, css=_style(), head=HEAD, footer_links=[], run_history=False)
    return app


def make_page(shelf: Shelf, runner: Runner) -> gr.Blocks:
    """The page with its tabs."""
    with gr.Blocks(analytics_enabled=False, title="netgain") as page:
        gr.HTML(TITLE)
        problem = gr.HTML(elem_id="address-problem")
        started = gr.HTML(render=False, elem_id="run-message")
        places: dict[str, Kept] = {}
        # Tabs that find no room wrap: a menu for them would appear and go while the window is drawn.
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            for name, put in _tabs(shelf, runner, page, started).items():
                with gr.Tab(name.capitalize(), id=name):
                    places[name] = put()
        start_from_catalogue(shelf, runner, started)
        follow_address(page, problem, places)
    _ask_directly(page)
    return page


def _ask_directly(page: gr.Blocks) -> None:
    """Let every event be a request of its own, but for those that show how far they are, which need Gradio's queue.

    Gradio's page (6.31) loses the answer of an event that it puts into the queue while the server closes the stream of
    answers: the page then shows an older answer, or waits for ever.
    """
    for function in page.fns.values():
        function.queue = inspect.isgeneratorfunction(function.fn)


def _tabs(shelf: Shelf, runner: Runner, page: gr.Blocks, started: gr.HTML) -> dict[str, Callable[[], Kept]]:
    """What puts each tab into the page, by the tab's name in the address."""
    return {
        "verdicts": partial(verdicts_tab, shelf, runner, page),
        "guess": partial(guess_tab, shelf, runner, page),
        "run": partial(run_tab, shelf, runner, page, started),
        "draw": partial(draw_tab, shelf, page),
        "generate": partial(generate_tab, shelf, page),
        "fractions": partial(fractions_tab, shelf, page),
        "neuron": partial(neuron_tab, page),
        "lessons": partial(lessons_tab, shelf, page),
    }


def _add_own_routes(app: FastAPI, shelf: Shelf, runner: Runner) -> None:
    @app.get("/netgain/vega.js")
    def vega() -> Response:
        return Response(_vega(), media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})

    @app.get("/netgain/page.js")
    def script() -> Response:
        return Response(static_text("page.js"), media_type="text/javascript")

    @app.get("/netgain/report/{name}")
    def report(name: str, request: Request) -> Response:
        result = _result_or_refusal(shelf, runner, name)
        if isinstance(result, Response):
            return result
        command = f"netgain study {name} --seeds {max(map(len, result.runs.values()), default=1)}"
        beside = Beside(card=card_address(str(request.base_url).rstrip("/"), name))
        return HTMLResponse(render([result], {name: command} if name in shelf.entries else {}, beside=beside))

    @app.get("/netgain/card/{name}.png")
    def card(name: str) -> Response:
        result = _result_or_refusal(shelf, runner, name)
        return result if isinstance(result, Response) else Response(card_png(card_content(result)), media_type=PNG)


def _result_or_refusal(shelf: Shelf, runner: Runner, name: str) -> AnyResult | Response:
    """What is known of a study or demonstration, or the answer that says why there is nothing."""
    try:
        result = result_of(shelf, runner, name)
    except AddressError as error:
        return HTMLResponse(f"<p>{escape(str(error))}</p>", status_code=404)
    except NetgainError as error:
        return HTMLResponse(f"<p>{escape(str(error))}</p>", status_code=503)
    return HTMLResponse("<p>This study is not measured yet.</p>", status_code=404) if result is None else result


@cache
def _vega() -> str:
    import vl_convert

    # In a function of its own: its names must not meet those of Gradio's scripts.
    return f"(() => {{{vl_convert.javascript_bundle()}}})();"  # pyright: ignore[reportCallIssue]


def _style() -> str:
    """The page's style sheet, with what makes its charts follow Gradio's dark mode."""
    return f"{static_text('page.css')}\n{static_text('play.css')}\n{chart_rules()}\n.dark {{ {dark_colours()} }}\n"


def _warm_up(shelf: Shelf) -> None:
    """Do what takes seconds before anybody asks for it: bundle the charts' script, load the first networks."""
    _vega()
    with contextlib.suppress(NetgainError):  # the tabs say so when somebody looks
        favourite = shelf.favourite()
        if favourite is not None:
            shelf.answering(favourite)
        reader = shelf.favourite_reader()
        if reader is not None:
            shelf.reading(reader)
        generator = shelf.favourite_generator()
        if generator is not None:
            shelf.generating(generator)
        for name in shelf.demonstrations():
            shelf.result(name)
