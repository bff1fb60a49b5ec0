"""`netgain serve`: the page in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from netgain.cli.options import DEFAULT_STORE, Store


def serve_command(
    store: Store = DEFAULT_STORE,
    host: Annotated[
        str, typer.Option(help="The address to listen on; other computers can only reach it with a password.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any free port.")] = 7860,
    password: Annotated[
        str | None,
        typer.Option(help="The password that a browser must give, with any user name.", envvar="NETGAIN_PASSWORD"),
    ] = None,
    read_only: Annotated[
        bool,
        typer.Option(
            "--read-only", help="For a public demonstration: show what the store has, and start and store nothing."
        ),
    ] = False,
) -> None:
    """Serve a page to see verdicts, run studies, draw digits, move a neuron's weights and read the lessons.

    Needs the extra `netgain[web]`. Only this computer can open the page, unless --host is given with a password or with
    --read-only.
    """
    from netgain.web.server import serve

    serve(store, host, port, password, read_only=read_only)
