"""Keras' own optimizers and losses in a recipe, by class name and arguments. Declarations only."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, final, get_args

from pydantic import Field

from netgain.errors import RecipeError, near_or_all
from netgain.experiment.base import Declaration
from netgain.experiment.keras_arguments import Kind, classes_of, described, made, refuse_other_classes
from netgain.experiment.optimizer import Optimizer, OptimizerName

if TYPE_CHECKING:
    import keras

OPTIMIZERS = Kind(
    "optimizer",
    "optimizers",
    "Optimizer",
    MappingProxyType(
        {
            "LossScaleOptimizer": "wraps another one for float16, which netgain does not use; give the inner one",
            "MultiOptimizer": "wraps several, each for layers of one model, but each seed has a new one",
            "Optimizer": "is the base of all; give one of them",
        }
    ),
)
LOSSES = Kind(
    "loss",
    "losses",
    "Loss",
    MappingProxyType(
        {
            "CTC": "is of sequences; ng.Reader trains with it",
            "Circle": "compares embeddings, but a classifier gives a score for each class",
            "Loss": "is the base of all; give one of them",
        }
    ),
)


class KerasPart(Declaration):
    """A class of Keras' own and its arguments, however they were given.

    Two parts that Keras would make equal are equal: `config` holds the arguments that differ from Keras' default, and
    always the learning rate.
    """

    kind: ClassVar[Kind]

    class_name: str
    config: dict[str, Any] = Field(default_factory=dict)

    def __init__(self, part: Any = None, config: Mapping[str, Any] | None = None, **fields: Any) -> None:
        part = fields.pop("class_name", None) if part is None else part
        written = {name: fields.pop(name) for name in ("module", "registered_name") if name in fields}
        refuse_other_classes(self.kind, {"class_name": part, **written})
        if config is not None and not isinstance(config, Mapping):
            raise RecipeError(self.called, [("config", f"must be a table of arguments; received {config!r:.80}")])
        name, arguments = described(self.kind, part, deepcopy(dict(config or {})))
        super().__init__(class_name=name, config=arguments, **fields)

    def made(self) -> Any:
        """A new object of Keras."""
        return made(self.kind, self.class_name, deepcopy(self.config))

    def change(self, path: str, value: Any) -> Self:
        """As for every declaration; a path may also lead to an argument, such as `config.learning_rate`."""
        field, _, argument = path.partition(".")
        if field == "config" and argument:
            field, value = "config", _with(self.config, argument.split("."), value)
            return super().change(field, value)
        return super().change(path, value)


@final
class KerasOptimizer(KerasPart):
    """Any optimizer of Keras, with its schedule, clipping, weight decay, running means or gradient accumulation.

    It trains as Keras' own loop does. Its numbers of steps count updates: an epoch has images / batch_size of them.
    With `use_ema`, the running means of the weights are what is evaluated, judged and saved.

    Args:
        part: a name that Keras knows, or an object of `keras.optimizers`. Own subclasses are refused.
        config: the arguments, for a name; a schedule is `{"class_name": ..., "config": {...}}`.

    Raises:
        RecipeError: for what Keras does not have, arguments that it does not take, and what no text can describe.

    >>> KerasOptimizer("lion", {"learning_rate": 1e-4})
    KerasOptimizer(class_name='Lion', config={'learning_rate': 0.0001})
    """

    called: ClassVar[str] = "optimizer"
    kind: ClassVar[Kind] = OPTIMIZERS

    def __init__(self, part: Any = None, config: Mapping[str, Any] | None = None, **fields: Any) -> None:
        super().__init__(part, config, **fields)  # here again, as type checkers else expect the fields alone

    def made(self) -> keras.Optimizer:
        return super().made()


@final
class KerasLoss(KerasPart):
    """Any loss of Keras that trains a classifier, the mean over the images of a batch.

    Args:
        part: a name that Keras knows ("huber", "CategoricalFocalCrossentropy"), a function or an object of
            `keras.losses`. Own losses are refused.
        config: the arguments, for a name.

    Raises:
        RecipeError: as :class:`KerasOptimizer`, for `from_logits`, as networks of netgain give probabilities, and for
            a `reduction` that is not the mean over the batch.

    >>> KerasLoss("CategoricalFocalCrossentropy", {"gamma": 3.0})
    KerasLoss(class_name='CategoricalFocalCrossentropy', config={'gamma': 3.0})
    """

    called: ClassVar[str] = "loss"
    kind: ClassVar[Kind] = LOSSES

    def __init__(self, part: Any = None, config: Mapping[str, Any] | None = None, **fields: Any) -> None:
        super().__init__(part, config, **fields)
        if self.config.get("from_logits"):
            advice = "end the network with a softmax and leave from_logits out"
            raise RecipeError("loss", [("config.from_logits", f"netgain's scores are probabilities; {advice}")])
        if (reduction := self.config.get("reduction", "mean")) not in {"mean", "sum_over_batch_size"}:
            message = f"the loss of a recipe is the mean over a batch; leave reduction out. Received {reduction!r}"
            raise RecipeError("loss", [("config.reduction", message)])

    def made(self) -> keras.Loss:
        return super().made()


LossName = Literal["mean_squared_error", "binary_crossentropy", "categorical_crossentropy"]
"""The losses that a recipe knows by name, without Keras."""


class LossFacts(NamedTuple):
    """What a loss expects.

    Attributes:
        scores: what the scores of a network must be: "sum to one", each from "0 to 1", or "any".
        integers: whether its targets are class numbers instead of a fraction for each class.
        soft: whether targets may be any fractions, from label smoothing or mixup.
        by_image: whether it is a mean of losses of single images, so that each may have a weight.
    """

    scores: Literal["sum to one", "0 to 1", "any"] = "any"
    integers: bool = False
    soft: bool = True
    by_image: bool = True


_FACTS: Mapping[str, LossFacts] = MappingProxyType(
    {
        "categorical_crossentropy": LossFacts("sum to one"),
        "binary_crossentropy": LossFacts("0 to 1"),
        "CategoricalCrossentropy": LossFacts("sum to one"),
        "CategoricalFocalCrossentropy": LossFacts("sum to one"),
        "KLDivergence": LossFacts("sum to one"),
        "SparseCategoricalCrossentropy": LossFacts("sum to one", integers=True, soft=False),
        "CategoricalGeneralizedCrossEntropy": LossFacts("sum to one", integers=True, soft=False),
        "BinaryCrossentropy": LossFacts("0 to 1"),
        "BinaryFocalCrossentropy": LossFacts("0 to 1"),
        "Hinge": LossFacts(soft=False),
        "SquaredHinge": LossFacts(soft=False),
        "CategoricalHinge": LossFacts(soft=False),
        "Dice": LossFacts(by_image=False),
        "Tversky": LossFacts(by_image=False),
    }
)


def name_of_loss(loss: str | KerasLoss) -> str:
    """A loss as messages call it.

    >>> name_of_loss("mean_squared_error"), name_of_loss(KerasLoss("huber"))
    ('mean_squared_error', 'Huber')
    """
    return loss.class_name if isinstance(loss, KerasLoss) else loss


def facts_of(loss: str | KerasLoss) -> LossFacts:
    """What a recipe's loss expects.

    >>> facts_of("categorical_crossentropy").scores, facts_of(KerasLoss("sparse_categorical_crossentropy")).integers
    ('sum to one', True)
    """
    return _FACTS.get(name_of_loss(loss), LossFacts())


def optimizer_of(value: Any) -> Optimizer | KerasOptimizer:
    """The optimizer that a name, a table of fields, a declaration or an object of Keras stands for.

    Raises:
        RecipeError: for anything else.
    """
    if isinstance(value, Optimizer | KerasOptimizer):
        return value
    names = get_args(OptimizerName)
    if isinstance(value, Mapping):
        return KerasOptimizer(**value) if "class_name" in value else Optimizer(**value)
    if not isinstance(value, str):
        return KerasOptimizer(value)
    if value in names:
        return Optimizer(value)  # pyright: ignore[reportArgumentType] - one of the names
    known = {name.lower() for name in classes_of(OPTIMIZERS)}
    if value.lower() not in known:
        allowed = [*names, *sorted(known - {name.lower() for name in OPTIMIZERS.left_out} - set(names))]
        raise RecipeError("optimizer", [("name", f"there is no {value!r}{near_or_all(value, allowed)}")])
    return KerasOptimizer(value)


def loss_of(value: Any) -> str | KerasLoss:
    """The loss that a name, a table, a declaration, a function or an object of Keras stands for.

    What netgain's own names say is said by them, whichever way it was given.

    Raises:
        RecipeError: for anything else.
    """
    if isinstance(value, str) and value in {"mse", *_SHORT.values()}:  # without Keras, which takes seconds to import
        return "mean_squared_error" if value == "mse" else value
    loss = (
        value
        if isinstance(value, KerasLoss)
        else KerasLoss(**value)
        if isinstance(value, Mapping)
        else KerasLoss(value)
    )
    return loss if loss.config else _SHORT.get(loss.class_name, loss)


_SHORT: Mapping[str, LossName] = MappingProxyType(
    {
        "MeanSquaredError": "mean_squared_error",
        "BinaryCrossentropy": "binary_crossentropy",
        "CategoricalCrossentropy": "categorical_crossentropy",
    }
)
"""Keras' classes that netgain's own names stand for."""


def _with(config: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """The arguments with the one at a path set to a value."""
    name, *rest = path
    inner = config.get(name)
    return {**config, name: _with(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}
