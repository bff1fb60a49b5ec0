"""From the fields of the form to a study, with every refusal at the field it is about."""

from __future__ import annotations

from typing import NamedTuple

from netgain.data import load_dataset
from netgain.errors import DataError, NetgainError, RecipeError
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.experiment.techniques import TECHNIQUES
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.network import Network
from netgain.tasks.classification.recipe import Recipe

MOST_SEEDS = 50


class Form(NamedTuple):
    """What the form's fields hold, as they were typed; the names are the fields'."""

    dataset: str
    family: str
    layers: str
    activation: str
    output: str
    loss: str
    optimizer: str
    rate: float | None
    images: float | None
    epochs: float | None
    batch: float | None
    technique: str
    strength: float | None
    seeds: float | None


class FormError(RecipeError):
    """A study that cannot be.

    Attributes:
        fields: message by field of :class:`Form`; "" for what belongs to none.
    """

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("study", fields.items())
        self.fields = fields


# The start of a refused field's dotted path -> the field of the form, the longest first.
_FIELDS = {
    "optimizer.learning_rate": "rate", "learning_rate": "rate", "optimizer": "optimizer", "name": "optimizer",
    "network.output": "output", "network.activation": "activation", "network": "layers", "hidden": "layers",
    "filters": "layers", "kernel_size": "layers", "pool_size": "layers", "activation": "activation",
    "output": "output", "loss": "loss", "train_size": "images", "epochs": "epochs", "batch_size": "batch",
    "dataset": "dataset", "seeds": "seeds",
}  # fmt: skip


def built_study(form: Form, name: str) -> tuple[Study, int]:
    """The study that a form describes, and its number of seeds.

    Raises:
        FormError: with a message for each field that is refused.
    """
    seeds = checked_seeds(form.seeds)
    try:
        baseline = _baseline(form)
        dataset = load_dataset(baseline.dataset)
        baseline.network.check(dataset.image_shape, dataset.num_classes)
    except RecipeError as error:
        raise FormError(_by_field(error)) from None
    except DataError as error:
        raise FormError({"dataset": str(error)}) from None
    arm = _arm(form, baseline)
    for recipe, field in ((baseline, "images"), (arm, "strength")):
        try:
            recipe.parts_of(dataset)
        except DataError as error:
            raise FormError({field: str(error)}) from None
    label = f"{form.technique} {form.strength:g}"
    question = f"Does {form.technique} ({TECHNIQUES[form.technique].strength}: {form.strength:g}) help?"
    try:
        return Study(name, question=question, baseline=baseline, arms={label: arm}), seeds
    except RecipeError as error:
        raise FormError({"strength": _text(error)}) from None


def checked_seeds(value: float | None) -> int:
    """A number of seeds.

    Raises:
        FormError: for anything else.
    """
    if value is None or value != int(value) or not 1 <= value <= MOST_SEEDS:
        message = f"must be a whole number from 1 to {MOST_SEEDS}, a verdict needs 5; received {value}"
        raise FormError({"seeds": message})
    return int(value)


def _baseline(form: Form) -> Recipe:
    numbers = {"train_size": form.images or None, "epochs": form.epochs, "batch_size": form.batch}
    whole = {name: int(value) if value == int(value) else value for name, value in numbers.items() if value is not None}
    return Recipe(
        dataset=form.dataset,
        network=_network(form),
        loss=form.loss,
        optimizer=Optimizer(form.optimizer, form.rate),  # pyright: ignore[reportArgumentType] - checked there
        **whole,
    )


def _network(form: Form) -> Network:
    try:
        sizes = tuple(int(part) for part in form.layers.replace(";", ",").split(",") if part.strip())
    except ValueError:
        message = f"must be whole numbers with commas, such as 30 or 512, 512; received {form.layers!r}"
        raise RecipeError("network", [("hidden", message)]) from None
    if form.family == "convnet":
        return ConvNet(filters=sizes, activation=form.activation, output=form.output)
    return MLP(hidden=sizes, activation=form.activation, output=form.output)


def _arm(form: Form, baseline: Recipe) -> Recipe:
    if form.strength is None:
        raise FormError({"strength": "must be a number"})
    try:
        return TECHNIQUES[form.technique].apply(baseline, form.strength)
    except RecipeError as error:
        raise FormError({"strength": _text(error)}) from None
    except NetgainError as error:
        raise FormError({"strength": str(error)}) from None


def _by_field(error: RecipeError) -> dict[str, str]:
    fields: dict[str, str] = {}
    for path, message in error.problems:
        start, _, said = message.partition(": ")  # a rule about two fields names the one at fault in its message
        place = path or (start if start in _FIELDS else "")
        text = said if not path and start in _FIELDS else message
        field = next((name for begin, name in _FIELDS.items() if place.startswith(begin)), "")
        fields[field] = f"{fields[field]}; {text}" if field in fields else text
    return fields


def _text(error: RecipeError) -> str:
    return "; ".join(message for _, message in error.problems)
