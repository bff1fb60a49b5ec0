"""`netgain predict`: the answers of a trained network to images."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netgain.cli.options import Json, print_json, say
from netgain.cli.targets import check_target
from netgain.errors import OutputError
from netgain.runs.execute import live_line

if TYPE_CHECKING:
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

    An image is prepared as the training images of the network were. If an answer may be wrong (several objects, a
    digit that touches the border, a low contrast), standard error says why. Images that cannot be answered are named
    there too; the others are answered, and the exit code is 1.
    """
    from netgain.engine.setup import prepare_jax

    if show:
        _check_sheet(show, images)
    live_line.announce("opening the network")
    prepare_jax()
    from netgain.engine.saving import parts_in
    from netgain.tasks.classification.predict import Unanswered, predict_files

    parts = parts_in(own_layers) if own_layers else None
    live_line.announce("reading the images")
    predictions = predict_files(model, images, prepared_as.value if prepared_as else None, parts=parts, trusted=trust)
    live_line.clear()
    for prediction in predictions:
        if isinstance(prediction, Unanswered):
            say(f"netgain: {prediction.reason}")
        elif prediction.doubts:
            say(f"{prediction.path}: the answer may be wrong: {'; '.join(prediction.doubts)}")
    if as_json:
        print_json([_as_dict(prediction) for prediction in predictions])
    else:
        sys.stdout.writelines(f"{p.path}: {_in_words(p)}\n" for p in predictions if not isinstance(p, Unanswered))
    if show:
        _write_sheet(show, predictions)
    if any(isinstance(prediction, Unanswered) for prediction in predictions):
        raise typer.Exit(1)


def _check_sheet(path: Path, images: Sequence[Path]) -> None:
    """Refuse a file for the sheet that cannot be written, or that would overwrite a picture."""
    check_target(path, ".png")
    if any(path.absolute() == image.absolute() or (path.exists() and image.exists() and path.samefile(image))
           for image in images):  # fmt: skip
        raise OutputError(f"--show {str(path)!r} is one of the images and would be overwritten: give another name")


def _write_sheet(path: Path, predictions: Sequence[Prediction | Unanswered]) -> None:
    from netgain.report.sheet import Tile, write_sheet
    from netgain.tasks.classification.predict import Prediction

    answered = [prediction for prediction in predictions if isinstance(prediction, Prediction)]
    if not answered:
        say(f"No image was answered, so {path} was not written.")
        return
    write_sheet(path, [Tile(p.image, (p.path.name, f"{p.best}  ({p.scores[p.best]:.3f})")) for p in answered])
    say(f"What the network saw is in {path}.")


def _as_dict(prediction: Prediction | Unanswered) -> dict[str, Any]:
    from netgain.tasks.classification.predict import Unanswered

    if isinstance(prediction, Unanswered):
        return {"image": str(prediction.path), "error": prediction.reason}
    return {
        "image": str(prediction.path),
        "class": prediction.best,
        "scores": prediction.scores,
        "scores_sum_to_one": prediction.are_probabilities,
        "doubts": list(prediction.doubts),
    }


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
