"""From the fields of the form to a study, with every refusal at the field it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from netgain.data import load_dataset
from netgain.errors import DataError, NetgainError, RecipeError
from netgain.networks.convnet import ConvNet
from netgain.networks.mlp import MLP
from netgain.networks.network import Network
from netgain.recipe import EarlyStopping, Optimizer, Recipe, Schedule
from netgain.study import Study

MOST_SEEDS = 50


class Technique(NamedTuple):
    """A change of a recipe with one number.

    Attributes:
        strength: what the number is, and its unit.
        default: a value to begin with.
        apply: (baseline, number) -> the arm's recipe.
    """

    strength: str
    default: float
    apply: Callable[[Recipe, float], Recipe]


def _stop_early(recipe: Recipe, patience: float) -> Recipe:
    validation = max(1, load_dataset(recipe.dataset).num_train // 6)
    return recipe.change("validation_size", validation).change("early_stopping", EarlyStopping(patience=int(patience)))


def _at(path: str) -> Callable[[Recipe, float], Recipe]:
    return lambda recipe, number: recipe.change(path, number)


def _whole_at(path: str) -> Callable[[Recipe, float], Recipe]:
    return lambda recipe, number: recipe.change(path, int(number) if number == int(number) else number)


def _decay(recipe: Recipe, rate: float) -> Recipe:
    return recipe.change("optimizer.schedule", Schedule(kind="inverse_time", rate=rate))


TECHNIQUES: dict[str, Technique] = {
    "dropout": Technique("fraction dropped, of inputs and hidden neurons", 0.2, _at("network.dropout")),
    "rotation": Technique(
        "degrees that images are turned by at most, anew each time", 15.0, _at("augmentation.rotation")
    ),
    "L2 penalty": Technique("λ on the output layer's weights", 0.001, _at("network.l2.output")),
    "L1 penalty": Technique("λ on the output layer's weights", 0.0001, _at("network.l1.output")),
    "early stopping": Technique("patience, epochs", 3, _stop_early),
    "momentum": Technique("fraction of the last step that is kept", 0.9, _at("optimizer.momentum")),
    "learning-rate decay": Technique("rate of η/(1 + rate·epoch)", 0.05, _decay),
    "learning rate": Technique("η of the arm", 0.1, _at("optimizer.learning_rate")),
    "batch size": Technique("images per update", 100, _whole_at("batch_size")),
    "more images": Technique("training images of the arm", 10_000, _whole_at("train_size")),
}


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
