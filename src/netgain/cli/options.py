"""Options that several commands share: each stands here once."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import inspect
import json
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, final, get_type_hints

import typer

from netgain.cli import completing
from netgain.cli.images import Images
from netgain.errors import RecipeError
from netgain.runs.execute import live_line
from netgain.runs.execute.pool import CorePool, core_pool, num_workers

if TYPE_CHECKING:
    from netgain.runs.execute.cluster import ClusterPool
    from netgain.runs.execute.options import RunOptions
    from netgain.runs.execute.progress import Progress

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
        "--until-known", help="Check after 5, 8, 12 and finally 20 seeds, until each arm is decided; not with --seeds."
    ),
]
Store = Annotated[
    str,
    typer.Option(help="The file (or database URL) in which finished networks are kept.", envvar="NETGAIN_STORE"),
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field of every recipe, such as network.hidden=[100]."),
]
Shifts = Annotated[
    list[str] | None,
    typer.Option(
        "--shift",
        metavar="NAME=AMOUNT",
        help="How images at use differ from the test images, such as rotation=N(0,10), blur=U(0,1) or contrast=0.8.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON to standard output.")]
Report = Annotated[
    Path | None,
    typer.Option("--report", "-o", help="The HTML report to write.", show_default="NAME.html"),
]


@final
@dataclasses.dataclass(frozen=True, kw_only=True)
class ImageOptions:
    """Which images to use instead of those that a recipe declares."""

    data: Annotated[
        str | None,
        typer.Option(
            help="Images to use instead: mnist, fashion-mnist, digits, an .npz file, or a folder with one sub-folder "
            "per class; these may be inside folders train, val and test. For a recipe that reads: a folder of images "
            "with one CSV file of their texts, an .npz file of strings, or digit-strings.",
            autocompletion=completing.images,
        ),
    ] = None
    image_size: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE", help="Stretch all images to this size in pixels, such as 28, or HEIGHTxWIDTH such as 48x64."
        ),
    ] = None
    color_mode: Annotated[
        str | None,
        typer.Option(metavar="MODE", help="Convert all images: grayscale or rgb.", show_default="as they are"),
    ] = None

    def images(self) -> Images:
        """The images that these options ask for.

        Raises:
            RecipeError: for an invalid size.
        """
        return Images(self.data, self.image_size, self.color_mode)


@final
@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainOptions:
    """How networks are trained and kept, and how the result is printed."""

    store: Store = DEFAULT_STORE
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Networks trained at once, one thread each.", show_default="one per core"),
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Train on a Dask cluster: the address of its scheduler (tcp://host:8786), local:4, slurm:20 or "
            "htcondor:20.",
            envvar="NETGAIN_CLUSTER",
        ),
    ] = None
    cluster_options: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A TOML file of what jobs of slurm or htcondor ask for, such as memory."),
    ] = None
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Train failed runs of the store again.")] = False
    as_json: Json = False

    @contextlib.contextmanager
    def started(self, words: str) -> Iterator[CorePool | ClusterPool]:
        """The workers, one of which starts at once; `words` say what this command does, before anything else does.

        A worker takes as long to import what it needs as this process takes to read what is to be trained. Where the
        store has every network it starts in vain, which costs less than the first network would wait for it.

        Raises:
            RecipeError, ClusterError: where the cluster cannot be used.
        """
        live_line.doing(words)
        if self.cluster is not None:
            from netgain.runs.execute.open_cluster import cluster_pool

            if self.workers is not None:
                message = "has its own workers: remove --workers, or write their number as in --cluster local:4"
                raise RecipeError("command", [("--cluster", message)])
            with cluster_pool(self.cluster, self.cluster_options) as cluster:
                yield cluster
            return
        if self.cluster_options is not None:
            raise RecipeError("command", [("--cluster-options", "needs --cluster slurm or --cluster htcondor")])
        with core_pool(num_workers(self.workers)) as workers:
            workers.start_first()
            yield workers

    def run_options(self, progress: Progress | None, workers: Executor | ClusterPool | None) -> RunOptions:
        """What :func:`netgain.results.run.run` takes: what to show meanwhile, and the workers that train."""
        from netgain.runs.execute.options import RunOptions

        return RunOptions(
            store=self.store,
            workers=self.workers,
            executor=workers,
            retry_failed=self.retry_failed,
            progress=progress,
        )


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose parameters that are dataclasses of options appear to typer as the options in their fields.

    The command itself is called with the dataclasses, filled.

    >>> @with_options
    ... def show(images: ImageOptions) -> None:
    ...     print(images.data, images.color_mode)
    >>> list(inspect.signature(show).parameters)
    ['data', 'image_size', 'color_mode']
    >>> show(data="photos")
    photos None
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if dataclasses.is_dataclass(hint)}
    names = {name: [field.name for field in dataclasses.fields(group)] for name, group in groups.items()}

    @functools.wraps(command)
    def called(**given: Any) -> None:
        filled = {
            name: group(**{field: given.pop(field) for field in names[name] if field in given})
            for name, group in groups.items()
        }
        command(**given, **filled)

    signature = inspect.signature(command)
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        own = [parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)]
        parameters += _fields_of(groups[name]) if name in groups else own
    vars(called)["__signature__"] = signature.replace(parameters=parameters)
    return called


def _fields_of(group: Any) -> list[inspect.Parameter]:
    """The fields of a dataclass as parameters, each with its default and what typer is to know of it."""
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in dataclasses.fields(group)
    ]


def check_until_known(until_known: bool, seeds: str | None, shifts: list[str] | None) -> None:
    """Refuse beside --until-known what does not go with it.

    Raises:
        RecipeError: for --seeds, as it chooses the number of seeds itself; for --shift, with which it would have to
            decide by two sets of test images.
    """
    if until_known and seeds is not None:
        raise RecipeError("command", [("--until-known", "chooses the number of seeds itself; remove --seeds")])
    if until_known and shifts:
        message = "decides by one set of test images, and --shift gives two; give --seeds, such as --seeds 8"
        raise RecipeError("command", [("--until-known", message)])


def parse_seeds(text: str) -> int | list[int]:
    """`5` as a number of seeds, `0,3,7` and `5-9` as a list of seeds.

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


def command_again(
    name: str,
    seeds: Iterable[int],
    until_known: bool,
    images: Images,
    changes: list[str] | None,
    shifts: list[str] | None = None,
) -> str:
    """The command that runs a study with these seeds and options.

    >>> command_again("l2", [0, 1, 2], False, Images("photos", "28"), ["epochs=3", "network.hidden=[100]"])
    "netgain study l2 --seeds 3 --data photos --image-size 28 --set epochs=3 --set 'network.hidden=[100]'"
    """
    which = sorted(set(seeds))
    counted = str(len(which)) if which == list(range(len(which))) else ",".join(map(str, which))
    how_many = ["--until-known"] if until_known else ["--seeds", counted] if which else []
    changed = [word for change in changes or () for word in ("--set", change)]
    shifted = [word for shift in shifts or () for word in ("--shift", shift)]
    words = ["netgain", "study", name, *how_many, *images.words, *changed, *shifted]
    return shlex.join(words)


def say(message: str) -> None:
    """A line for the user: on standard error, so that the output of `--json` is only JSON."""
    live_line.clear()
    sys.stderr.write(f"{message}\n")


def print_json(value: Any) -> None:
    """Plain values as JSON on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
