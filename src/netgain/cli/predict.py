"""`netgain predict`: what a trained network says of images."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.options import Json, print_json


def predict_command(
    model: Annotated[Path, typer.Argument(help="A .keras file, such as netgain train --save wrote.")],
    images: Annotated[list[Path], typer.Argument(help="Images: PNG, JPEG and what else Pillow reads.")],
    as_json: Json = False,
) -> None:
    """Print the class of each image and the network's scores for the likeliest three.

    An image is turned grey and scaled to the size that the network takes.
    """
    from netgain.engine.setup import prepare_jax

    prepare_jax()
    from netgain.engine.predict import predict_files

    predictions = predict_files(model, images)
    if as_json:
        print_json([{"image": str(p.path), "class": p.best, "scores": p.scores} for p in predictions])
        return
    for prediction in predictions:
        likeliest = sorted(prediction.scores.items(), key=lambda item: -item[1])[:3]
        scores = ", ".join(f"{name} {score:.3f}" for name, score in likeliest)
        sys.stdout.write(f"{prediction.path}: {prediction.best}  ({scores})\n")
