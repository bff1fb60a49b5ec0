"""The optimizer and the loss that a user compiled a Keras model with."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from netgain.errors import RecipeError
from netgain.experiment.base import Declaration
from netgain.experiment.keras_parts import KerasLoss, KerasOptimizer, loss_of, optimizer_of
from netgain.experiment.optimizer import Optimizer

if TYPE_CHECKING:
    import keras


@final
class Compiled(Declaration):
    """How a model was compiled, as far as a recipe can say it.

    Attributes:
        optimizer, loss: None where the model has none, or one that a recipe does not take.
        problems: for each of the latter its field and why.
    """

    optimizer: Optimizer | KerasOptimizer | None = None
    loss: str | KerasLoss | None = None
    problems: tuple[tuple[str, str], ...] = ()


def compiled_of(model: keras.Model) -> Compiled | None:
    """How a model was compiled; None where it was not."""
    trainer: Any = model
    if not trainer.compiled:
        return None
    weights = getattr(trainer._compile_loss, "_user_loss_weights", None) if trainer._compile_loss else None
    return _compiled(trainer.optimizer, trainer.loss, weights)


def compiled_in(path: Path) -> Compiled | None:
    """How the model in a `.keras` file was compiled; None where it was not, or where the file is another one."""
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json")).get("compile_config")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    return _compiled(config.get("optimizer"), config.get("loss"), config.get("loss_weights")) if config else None


def _compiled(optimizer: Any, loss: Any, loss_weights: Any) -> Compiled:
    found: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    while isinstance(loss, list | tuple) and len(loss) == 1:
        loss = loss[0]  # of a model's only output
    for name, given, declared in (("optimizer", optimizer, optimizer_of), ("loss", loss, loss_of)):
        try:
            found[name] = None if given is None else declared(given)
        except RecipeError as error:
            problems += [(name, text) for _, text in error.problems]
    if loss_weights is not None:
        problems.append(("loss", f"has loss_weights={loss_weights!r}, which a recipe does not take"))
    return Compiled(**found, problems=tuple(problems))
