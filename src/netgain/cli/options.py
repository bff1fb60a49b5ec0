"""Options that several commands share."""

from __future__ import annotations

import json
import shlex
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from netgain.cli.images import Images
from netgain.errors import RecipeError

DEFAULT_STORE = "netgain.db"
Seeds = Annotated[
    str,
    typer.Option(help="How many seeds, such as 5 (seeds 0 to 4), or which: 0,3,7 or 5-9. A verdict needs 5."),
]
OptionalSeeds = Annotated[
    str | None,
    typer.Option(
        help="How many seeds, such as 5 (seeds 0 to 4), or which: 0,3,7 or 5-9. A verdict needs 5.", show_default="5"
    ),
]
UntilKnown = Annotated[
    bool,
    typer.Option(
        "--until-known", help="Give each arm 5, 8, 12, at last 20 seeds until it is decided; not with --seeds."
    ),
]
Store = Annotated[
    str,
    typer.Option(help="The file (or database URL) in which finished networks are kept.", envvar="NETGAIN_STORE"),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Networks trained at once, one thread each.", show_default="one a core"),
]
Data = Annotated[
    str | None,
    typer.Option(
        help="Images to use instead: mnist, fashion-mnist, digits, an .npz file, or a folder with one sub-folder per "
        "class, perhaps inside of train, val and test."
    ),
]
ImageSize = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE", help="Stretch all images to this size in pixels, such as 28, or HEIGHTxWIDTH such as 48x64."
    ),
]
ColorMode = Annotated[
    str | None, typer.Option(metavar="MODE", help="Convert all images: grayscale or rgb.", show_default="as they are")
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field of every recipe, such as network.hidden=[100]."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Report = Annotated[
    Path | None,
    typer.Option("--report", "-o", help="The HTML report to write.", show_default="NAME.html"),
]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Train runs again that the store holds as failed.")]


def parse_seeds(text: str) -> int | list[int]:
    """`5` as a number of seeds, `0,3,7` and `5-9` as which.

    Raises:
        RecipeError: for anything else.

    >>> parse_seeds("5"), parse_seeds("0,3,7"), parse_seeds("5-9")
    (5, [0, 3, 7], [5, 6, 7, 8, 9])
    """
    try:
        if text.strip().isdecimal():
            return int(text)
        chosen: list[int] = []
        for part in text.split(","):
            first, _, last = part.partition("-")
            chosen += range(int(first), min(int(last or first), int(first) + 100_000) + 1)
    except (ValueError, OverflowError):
        message = f"must be a number such as 5, or a list such as 0,3,7 or 5-9; received {text!r}"
        raise RecipeError("command", [("--seeds", message)]) from None
    return chosen


def parse_change(text: str) -> tuple[str, Any]:
    """`network.hidden=[100]` as the path and the value; the value is read as TOML, or else as plain text.

    Raises:
        RecipeError: without a path and an equals sign.

    >>> parse_change("epochs=3"), parse_change("loss=mse")
    (('epochs', 3), ('loss', 'mse'))
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise RecipeError("command", [("--set", f"must look like PATH=VALUE, such as epochs=3; received {text!r}")])
    try:
        return path.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return path.strip(), value


def command_again(name: str, seeds: Iterable[int], until_known: bool, images: Images, changes: list[str] | None) -> str:
    """The command that runs a study with these seeds and options.

    >>> command_again("l2", [0, 1, 2], False, Images("photos", "28"), ["epochs=3", "network.hidden=[100]"])
    "netgain study l2 --seeds 3 --data photos --image-size 28 --set epochs=3 --set 'network.hidden=[100]'"
    """
    which = sorted(set(seeds))
    counted = str(len(which)) if which == list(range(len(which))) else ",".join(map(str, which))
    how_many = ["--until-known"] if until_known else ["--seeds", counted] if which else []
    changed = [word for change in changes or () for word in ("--set", change)]
    words = ["netgain", "study", name, *how_many, *images.words, *changed]
    return shlex.join(words)


def say(message: str) -> None:
    """A line for the person at the terminal: on standard error, so that `--json` stays clean."""
    sys.stderr.write(f"{message}\n")


def print_json(value: Any) -> None:
    """Plain values as JSON on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
