"""Serves the page: on this computer only, unless a host and a password are given."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from netgain.errors import ServerError
from netgain.results.stored import open_existing
from netgain.runs.store import Store

if TYPE_CHECKING:
    from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"
SHORTEST_PASSWORD = 8


def serve(
    store: str,
    host: str = LOOPBACK,
    port: int = 7860,
    password: str | None = None,
    *,
    read_only: bool = False,
) -> None:
    """Serve the page until it is stopped; its address is printed on standard error.

    Args:
        store: the file or database URL with the finished runs.
        host: the address to listen on.
        port: 0 for any that is free.
        password: asked for with any user name; needed if other computers can connect, unless the page is read-only.
        read_only: for a public demonstration: the page shows what the store has; it starts and stores nothing.

    Raises:
        ServerError: where the address is not safe or not free, or Gradio is not installed.
        StoreError: where the store cannot be opened, or has nothing that a read-only page could show.
    """
    check_host(host, password, read_only=read_only)
    _check_installed()
    if read_only:
        open_existing(store)  # also brings an older file up to date, which the page itself may not do
        Store(store, read_only=True)
    else:
        Store(store)
    with listening(host, port) as listener:
        make_app = _imported_page()
        import uvicorn

        bound = listener.getsockname()[1]
        hosts = frozenset({"127.0.0.1", "localhost", "::1"}) if is_loopback(host) else None
        app = make_app(store, password=password, hosts=hosts, read_only=read_only)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        shown = f"[{host}]" if ":" in host else host
        sys.stderr.write(f"netgain's page is at http://{shown}:{bound} (Ctrl-C ends it)\n")
        sys.stderr.flush()
        uvicorn.Server(config).run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_host(host: str, password: str | None, *, read_only: bool = False) -> None:
    """Refuse to be reachable from other computers without a password, unless strangers can only look.

    Raises:
        ServerError: if there is no password, or one that is too easy to guess.
    """
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise ServerError(f"the password has {len(password)} characters, expected {SHORTEST_PASSWORD} or more")
    if password is None and not read_only and not is_loopback(host):
        raise ServerError(
            f"anyone who can reach {host} could start studies on this computer: also give a password, with "
            f"NETGAIN_PASSWORD or --password, add --read-only for a page that starts nothing, or remove --host to "
            f"serve only this computer ({LOOPBACK})"
        )


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address.

    Raises:
        ServerError: if the port is in use or the address does not belong to this computer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            advice = "another program uses it, perhaps another netgain serve"
            raise ServerError(f"port {port} is in use: {advice}; choose another, such as --port {port + 1}") from error
        reason = getattr(error, "strerror", None) or error
        raise ServerError(
            f"cannot listen on {host}, port {port} ({reason}); choose another --host or --port"
        ) from error
    return listener


def _check_installed() -> None:
    """Refuse at once where Gradio is missing: importing it takes seconds, before which everything else is checked."""
    if find_spec("gradio") is None:
        raise _without_gradio("no module named 'gradio'")


def _imported_page() -> Callable[..., ASGIApp]:
    """What makes the page."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before it is imported: it asks its maker's host otherwise
    try:
        from netgain.web.page import make_app
    except ImportError as error:
        raise _without_gradio(str(error)) from error
    return make_app


def _without_gradio(why: str) -> ServerError:
    advice = "install it with: pip install 'netgain[web]'"
    return ServerError(f"the page needs Gradio, which is not installed ({why}); {advice}")
