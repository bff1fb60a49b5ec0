"""`netgain serve`: the page in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from netgain.cli.options import DEFAULT_STORE, Store


def serve_command(
    store: Store = DEFAULT_STORE,
    host: Annotated[
        str, typer.Option(help="The address to listen on; any but this machine's own needs a password.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")] = 7860,
    password: Annotated[
        str | None,
        typer.Option(help="What a browser must give, with any user name.", envvar="NETGAIN_PASSWORD"),
    ] = None,
) -> None:
    """Serve a page with the verdicts, studies to run, digits to draw, a neuron to drag and the lessons.

    Needs the extra `netgain[web]`. Only this machine can open the page, unless --host and a password are given.
    """
    from netgain.web.server import serve

    serve(store, host, port, password)
