"""`netgain generate`: images of a trained generator, as a picture, a dataset or files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netgain.cli import completing
from netgain.cli.options import say
from netgain.runs.execute import live_line

if TYPE_CHECKING:
    from netgain.api.generating import Generated


Model = Annotated[
    Path, typer.Argument(help="A generator's .keras file, such as one that netgain train generator --save wrote.")
]
Number = Annotated[int, typer.Option("--number", "-n", help="How many images.")]
Digit = Annotated[
    str | None, typer.Option(help="The class of all images, such as 7.", show_default="equal shares of all")
]
Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        help="Where to write them: a .png file for one picture, an .npz file for a dataset that --data takes, or a "
        "name without an ending for a folder with one PNG file each.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Of the random numbers: the same seed gives the same images.")]
Test = Annotated[
    str | None,
    typer.Option(
        help="For a dataset: take the test images of this one, such as mnist, to train on generated images and test on "
        "real ones.",
        show_default="a fifth of the generated images",
        autocompletion=completing.images,
    ),
]


def generate_command(
    *,
    model: Model,
    number: Number = 100,
    digit: Digit = None,
    output: Output = Path("generated.png"),
    seed: Seed = 0,
    test: Test = None,
) -> None:
    """Let a trained generator write images: digits that nobody wrote."""
    from netgain.api.generating import check_place

    output = output.expanduser()
    check_place(output, with_test=test is not None)
    live_line.announce("opening the generator")
    from netgain.engine.setup import prepare_jax

    prepare_jax()
    from netgain.api.generating import generate

    made = generate(model, number, digit, seed)
    live_line.clear()
    made.save(output, test)
    say(f"{made.in_words}: they are in {output}{_as_what(made, output)}.")


def _as_what(made: Generated, output: Path) -> str:
    """What the file or folder is good for."""
    if output.suffix != ".npz":
        return ", one PNG file each" if not output.suffix else ""
    if made.num_classes > 1:
        return f", a dataset: --data {output}"
    return ", a sample that netgain fractions takes; a dataset for --data needs several classes"
