"""Stands before the whole page and lets through only what the page itself needs."""

from __future__ import annotations

import base64
import binascii
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST_BYTES = 40_000_000
"""Of one request; a photo comes as text, a third larger than its file."""

# What Gradio answers besides (files of this disk, uploads, proxies to other hosts, functions by name) the page
# has no use for, so nobody else has either.
ALLOWED_PATHS = {"/", "/config", "/config/", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json"}
ALLOWED_PATHS |= {"/gradio_api/run/predict"}  # a function by its number, as in the queue
ALLOWED_FOLDERS = (
    "/assets/",
    "/static/",
    "/svelte/",
    "/netgain/",
    "/gradio_api/queue/",
    "/gradio_api/heartbeat/",
    "/gradio_api/startup-events",
    "/gradio_api/app_id",
    "/gradio_api/cancel",
)


class Guard:
    """ASGI middleware: the password, the address asked for, the origin, the path and the size of every request.

    Args:
        app: the application that is guarded.
        password: what must be given (with any user name), or None if only this computer can connect.
        hosts: the names under which the page may be asked for, so that no other site's name can be made to point
            here; None for any.
    """

    def __init__(self, app: ASGIApp, password: str | None, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._password = password
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = self._refusal(str(scope["path"]), Headers(scope=scope))
            await (refusal or self._app)(scope, receive, send)

    def _refusal(self, path: str, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if self._hosts is not None and urlsplit(f"//{host}").hostname not in self._hosts:
            return PlainTextResponse("the page is not available under this host name", 403)
        if "origin" in headers and urlsplit(headers["origin"]).netloc != host:
            return PlainTextResponse("other sites must not use this page", 403)
        if self._password is not None and not self._knows_password(headers.get("authorization", "")):
            return PlainTextResponse("a password is needed", 401, {"WWW-Authenticate": 'Basic realm="netgain"'})
        if path not in ALLOWED_PATHS and not (path.startswith(ALLOWED_FOLDERS) and ".." not in path.split("/")):
            return PlainTextResponse("there is nothing here", 403)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return PlainTextResponse("this is too large", 413)
        return None

    def _knows_password(self, header: str) -> bool:
        assert self._password is not None
        kind, _, value = header.partition(" ")
        try:
            given = base64.b64decode(value, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return False
        return kind.lower() == "basic" and secrets.compare_digest(given, self._password.encode())
