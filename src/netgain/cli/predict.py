"""`netgain predict`: the answers of a trained network to images: a class, or for a reader a text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from netgain.cli.options import Json, print_json, say
from netgain.cli.targets import check_target
from netgain.errors import OutputError, RecipeError
from netgain.runs.execute import live_line

if TYPE_CHECKING:
    from netgain.report.sheet import Tile
    from netgain.tasks.classification.predict import Prediction, Unanswered


MOST_CLASSES = 3


class PreparedAs(StrEnum):
    """How a picture is made into what the network takes."""

    DIGIT = "digit"
    PHOTO = "photo"


Model = Annotated[Path, typer.Argument(help="A .keras file, such as one that netgain train --save wrote.")]
Pictures = Annotated[list[Path], typer.Argument(help="Images: PNG, JPEG or any format that Pillow reads.")]
As = Annotated[
    PreparedAs | None,
    typer.Option(
        "--as",
        help="digit: cut a digit out and centre it, white on black, as in MNIST. photo: convert and stretch the "
        "whole picture.",
        show_default="what the .keras file records",
    ),
]
Show = Annotated[Path | None, typer.Option(help="Write all images, as the network saw them, to this .png file.")]
With = Annotated[
    Path | None,
    typer.Option("--with", help="A Python file that defines the model's own layers and functions; it is run."),
]
Trust = Annotated[bool, typer.Option("--trust", help="Open a model with a lambda; the code in the file is run.")]


def predict_command(
    model: Model,
    images: Pictures,
    prepared_as: As = None,
    show: Show = None,
    own_layers: With = None,
    trust: Trust = False,
    as_json: Json = False,
) -> None:
    """Print the class of each image, and the probabilities of the three most likely classes and of the others.

    A reader, which netgain train reader saves, prints the text that it reads in each image, and its probability.

    An image is prepared as the training images of the network were. If an answer may be wrong (several objects, a
    digit that touches the border, a low contrast), standard error says why. Images that cannot be answered are named
    there too; the others are answered, and the exit code is 1.
    """
    from netgain.engine.setup import prepare_jax

    if show:
        _check_sheet(show, images)
    live_line.announce("opening the network")
    prepare_jax()
    from netgain.engine.saving import is_reader, note_of, parts_in

    answers = _read if is_reader(note_of(model)) else _classified
    parts = parts_in(own_layers) if own_layers else None
    live_line.announce("reading the images")
    told = answers(model, images, prepared_as, parts, trust)
    live_line.clear()
    for one in told:
        if one.reason:
            say(f"netgain: {one.reason}")
        elif one.doubts:
            say(f"{one.path}: the answer may be wrong: {'; '.join(one.doubts)}")
    if as_json:
        print_json([one.values for one in told])
    else:
        sys.stdout.writelines(f"{one.path}: {one.words}\n" for one in told if not one.reason)
    if show:
        _write_sheet(show, [one.tile for one in told if one.tile])
    if any(one.reason for one in told):
        raise typer.Exit(1)


class Told(NamedTuple):
    """What is said of one picture.

    Attributes:
        path: the picture's file.
        values: for --json.
        words: the answer in one line; empty where there is none.
        tile: for --show; None where there is no answer.
        doubts: why the answer may be wrong.
        reason: why there is no answer; empty where there is one.
    """

    path: Path
    values: dict[str, Any]
    words: str = ""
    tile: Tile | None = None
    doubts: tuple[str, ...] = ()
    reason: str = ""


def _check_sheet(path: Path, images: Sequence[Path]) -> None:
    """Refuse a file for the sheet that cannot be written, or that would overwrite a picture."""
    check_target(path, ".png")
    if any(path.absolute() == image.absolute() or (path.exists() and image.exists() and path.samefile(image))
           for image in images):  # fmt: skip
        raise OutputError(f"--show {str(path)!r} is one of the images and would be overwritten: give another name")


def _write_sheet(path: Path, tiles: Sequence[Tile]) -> None:
    from netgain.report.sheet import write_sheet

    if not tiles:
        say(f"No image was answered, so {path} was not written.")
        return
    write_sheet(path, tiles)
    say(f"What the network saw is in {path}.")


def _read(
    model: Path, images: list[Path], prepared_as: PreparedAs | None, parts: dict[str, Any] | None, trusted: bool
) -> list[Told]:
    """What a reader says.

    Raises:
        RecipeError: where it is to prepare pictures otherwise than as lines of writing.
    """
    from netgain.report.sheet import Tile
    from netgain.tasks.reading.predict import Read, read_files

    if prepared_as:
        message = f"{str(model)!r} reads strings, whose images are always prepared as lines of writing; remove --as"
        raise RecipeError("command", [("--as", message)])

    def told(read: Read) -> Told:
        values = {
            "image": str(read.path),
            "text": read.text,
            "probability": read.probability,
            "characters": [seen._asdict() for seen in read.seen],
            "doubts": list(read.doubts),
        }
        words = f"{read.text}  (probability {read.probability:.2f})"
        tile = Tile(read.image, (read.path.name, words))
        return Told(read.path, values, words, tile, read.doubts)

    answers = read_files(model, images, parts=parts, trusted=trusted)
    return [told(answer) if isinstance(answer, Read) else _unanswered(answer) for answer in answers]


def _classified(
    model: Path, images: list[Path], prepared_as: PreparedAs | None, parts: dict[str, Any] | None, trusted: bool
) -> list[Told]:
    """What a classifier says."""
    from netgain.report.sheet import Tile
    from netgain.tasks.classification.predict import Prediction, predict_files

    def told(answer: Prediction) -> Told:
        values = {
            "image": str(answer.path),
            "class": answer.best,
            "scores": answer.scores,
            "scores_sum_to_one": answer.are_probabilities,
            "doubts": list(answer.doubts),
        }
        tile = Tile(answer.image, (answer.path.name, f"{answer.best}  ({answer.scores[answer.best]:.3f})"))
        return Told(answer.path, values, _in_words(answer), tile, answer.doubts)

    answers = predict_files(model, images, prepared_as.value if prepared_as else None, parts=parts, trusted=trusted)
    return [told(answer) if isinstance(answer, Prediction) else _unanswered(answer) for answer in answers]


def _unanswered(answer: Unanswered) -> Told:
    return Told(answer.path, {"image": str(answer.path), "error": answer.reason}, reason=answer.reason)


def _in_words(prediction: Prediction) -> str:
    """The class and the three largest scores; probabilities get the rest, so that what is printed sums to one."""
    likeliest = dict(sorted(prediction.scores.items(), key=lambda item: -item[1])[:MOST_CLASSES])
    if not prediction.are_probabilities:
        told = ", ".join(f"{name} {score:.3f}" for name, score in likeliest.items())
        return f"{prediction.best}  (separate yes-or-no scores, which need not sum to one: {told})"
    others = len(prediction.scores) - len(likeliest)
    if others:
        likeliest["others" if others > 1 else "the other"] = 1 - sum(likeliest.values())
    thousandths = summing_to(1000, list(likeliest.values()))
    told = ", ".join(f"{name} {number / 1000:.3f}" for name, number in zip(likeliest, thousandths, strict=True))
    return f"{prediction.best}  ({told})"


def summing_to(total: int, shares: Sequence[float]) -> list[int]:
    """Shares of one as whole numbers that sum to the total: those with the largest remainders are rounded up.

    >>> summing_to(1000, [0.3335, 0.3335, 0.333])
    [334, 333, 333]
    """
    exact = [share / sum(shares) * total for share in shares]
    whole = [int(number) for number in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in by_remainder[: total - sum(whole)]:
        whole[index] += 1
    return whole
