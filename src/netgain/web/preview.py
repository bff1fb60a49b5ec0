"""What other sites show of a link to a result: its question, its answer, and the verdict card."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netgain.errors import NetgainError
from netgain.experiment.question import title_of
from netgain.report.card import HEIGHT, WIDTH
from netgain.report.headlines import headline
from netgain.report.kinds import AnyResult, card_content
from netgain.results.study_result import StudyResult
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf
from netgain.web.study_view import known_results

OF_GRADIO = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
"""Gradio's page describes Gradio, with a picture from its maker's host."""

Tags = Callable[[str, str], str]
"""From the query of an address, and the page's own address, to the tags that describe it."""


def card_address(page: str, name: str) -> str:
    """Where the page has the card of a study or demonstration, as other sites ask for it.

    >>> card_address("http://127.0.0.1:7860", "dropout")
    'http://127.0.0.1:7860/netgain/card/dropout.png'
    """
    return f"{page}/netgain/card/{quote(name)}.png"


def preview_tags(shelf: Shelf, runner: Runner, query: str, page: str) -> str:
    """The tags of an address: those of a result where it shows one, those of the whole page otherwise.

    The tab Guess shows no verdict before it opens, and neither does the preview of its address.
    """
    asked = {key: values[-1] for key, values in parse_qs(query).items()}
    name = asked.get("study", "") if asked.get("tab", "verdicts") == "verdicts" else ""
    try:
        result = _known(shelf, runner, name)
    except NetgainError:  # the page itself says so
        result = None
    if result is None:
        return _tags("netgain", "Which changes to a network are real improvements?", "")
    arm, answer = asked.get("arm", ""), card_content(result).answer
    if isinstance(result, StudyResult) and arm in result.verdicts:
        answer = headline(result, arm)
    return _tags(title_of(result.asked), answer, card_address(page, name))


def _known(shelf: Shelf, runner: Runner, name: str) -> AnyResult | None:
    """What is known of a study or demonstration without examining networks, which takes seconds."""
    known = {**shelf.examined(), **known_results(shelf, runner)}
    return known.get(name)


def _tags(title: str, description: str, card: str) -> str:
    told = {"og:type": "website", "og:title": title, "og:description": description}
    if card:
        size = {"og:image:width": str(WIDTH), "og:image:height": str(HEIGHT)}
        told |= {"og:image": card, **size, "og:image:alt": f"{title} {description}"}
    tags = "".join(f'<meta property="{name}" content="{escape(text)}">\n' for name, text in told.items())
    return f'{tags}<meta name="twitter:card" content="summary_large_image">\n' if card else tags


class Preview:
    """ASGI middleware: puts the tags of its address into the page, in the place of Gradio's own."""

    def __init__(self, app: ASGIApp, tags: Tags) -> None:
        self._app = app
        self._tags = tags

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        started: list[Message] = []
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send(scope, started[0], bytes(body), send)

        await self._app({**scope, "headers": headers}, receive, keep)

    async def _send(self, scope: Scope, start: Message, body: bytes, send: Send) -> None:
        headers = MutableHeaders(raw=start["headers"])
        if headers.get("content-type", "").startswith("text/html") and scope["method"] == "GET":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            page = f"{scope['scheme']}://{host}{scope.get('root_path', '')}"
            tags = await run_in_threadpool(self._tags, scope["query_string"].decode("latin-1"), page)
            head, script, rest = body.decode().partition("<script")
            body = f"{OF_GRADIO.sub('', head)}{tags}{script}{rest}".encode()
            headers["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})
