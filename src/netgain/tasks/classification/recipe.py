"""Recipes of classifiers: everything that decides how one network is trained. Nothing here trains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, final

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from netgain.errors import RecipeError
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.keras_parts import (
    KerasLoss,
    KerasOptimizer,
    LossName,
    facts_of,
    loss_of,
    name_of_loss,
    optimizer_of,
)
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.recipe import AbstractRecipe, Count, DatasetRecipe
from netgain.experiment.sizes import QUICK_EPOCHS, quick_images
from netgain.experiment.test_time import TestTime
from netgain.networks import Network, network_of
from netgain.networks.network import Fraction
from netgain.tasks.classification.compiled_parts import shown_part, with_compiled_parts

ClassWeights = Literal["balanced"] | dict[Annotated[int, Field(ge=0)], Annotated[float, Field(ge=0)]]


@final
class Recipe(DatasetRecipe):
    """Everything that decides how one classifier is trained.

    Attributes:
        dataset, train_size, validation_size, split, split_seed: see
            :class:`netgain.experiment.recipe.DatasetRecipe`.
        network: an :class:`MLP`, :class:`ConvNet`, :class:`KerasNetwork` or another family.
        loss: "mean_squared_error" (or "mse"), "binary_crossentropy" or "categorical_crossentropy"; or any other loss of
            Keras that trains a classifier: an object, a name, or class_name and config (:class:`KerasLoss`).
        optimizer: see :class:`Optimizer`; a name alone is enough. Or any optimizer of Keras: an object, a name, or
            class_name and config (:class:`KerasOptimizer`). If neither loss nor optimizer is given, a compiled Keras
            model keeps its own; so it does with one of them.
        label_smoothing: ε of the targets y (1 − ε) + ε/K with K classes (Szegedy et al. 2016, section 7), as in Keras'
            CategoricalCrossentropy; the losses that are shown, of test images too, are of these targets.
        class_weights: how much an image of each class counts in the training loss, as Keras' `class_weight`: a table
            from the class's number to its weight, 1 for those not in it; "balanced" for N / (K N_k) with N training
            images, N_k of them of class k. None counts all the same.
        batch_size: images per update.
        epochs: passes over the training images, at most.
        early_stopping: None trains all epochs.
        augmentation: random changes of the training images; None leaves them as they are.
        ensemble: that many networks, each trained on its own from its own seed, whose scores are averaged: one run is
            one ensemble. Early stopping watches the ensemble, and stops all networks at once.
        test_time: copies of an image that are scored beside it, at evaluation only; None scores the image alone.

    >>> from netgain.networks.families.mlp import MLP
    >>> recipe = Recipe(network=MLP(hidden=(30,)), optimizer=Optimizer("sgd", 1.0), epochs=5)
    >>> recipe.change("network.dropout", 0.2).network.dropout.input
    0.2
    """

    task: ClassVar[str] = "classification"
    trained_by: ClassVar[str] = "netgain.tasks.classification.task:Classification"

    network: SerializeAsAny[Network]
    loss: LossName | KerasLoss = "categorical_crossentropy"
    optimizer: Optimizer | KerasOptimizer = Optimizer("sgd")
    batch_size: Count = 30
    epochs: Annotated[int, Field(gt=0, le=100_000)] = 20
    early_stopping: EarlyStopping | None = None
    augmentation: Augmentation | None = None
    label_smoothing: Fraction = 0.0
    class_weights: ClassWeights | None = None
    ensemble: Annotated[int, Field(ge=1, le=1000)] = 1
    test_time: TestTime | None = None

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**with_compiled_parts(fields))

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [(name, shown_part(self.network, str(name), value)) for name, value in super().__repr_args__()]

    @field_validator("network", mode="before")
    @classmethod
    def _network_from_fields(cls, value: Any) -> Any:
        is_svm = isinstance(value, AbstractRecipe) or (isinstance(value, dict) and value.get("family") == "svm")
        if is_svm:
            raise ValueError(
                "a support vector machine is a separate recipe, not a network: ng.SVM(dataset=..., c=5, gamma=0.02)"
            )
        return network_of(Network, value) if isinstance(value, dict) else value

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer_from_name_or_object(cls, value: Any) -> Any:
        return optimizer_of(value)

    @field_validator("loss", mode="before")
    @classmethod
    def _loss_from_name_or_object(cls, value: Any) -> Any:
        return loss_of(value)

    @field_validator("class_weights", mode="before")
    @classmethod
    def _class_weights_are_a_word_or_a_table(cls, value: Any) -> Any:
        if value is None or value == "balanced" or isinstance(value, Mapping):
            return value
        raise ValueError(
            f"must be 'balanced' or a table of a weight for each class number, such as {{0: 1.0, 1: 2.5}}; received "
            f"{value!r:.80}"
        )

    @model_validator(mode="after")
    def _output_fits_loss(self) -> Self:
        output, loss, needs = self.network.output_activation, name_of_loss(self.loss), facts_of(self.loss).scores
        if needs == "sum to one" and output == "sigmoid":
            advice = "use output='softmax', or loss='binary_crossentropy' for one yes/no question per class"
            raise ValueError(f"loss: {loss} needs scores that sum to one, sigmoid's do not; {advice}")
        if needs != "any" and output == "linear":
            advice = "end the network with a softmax activation"
            raise ValueError(f"loss: {loss} needs probabilities, the last layer is linear; {advice}")
        return self

    @model_validator(mode="after")
    def _targets_fit_loss(self) -> Self:
        loss, facts = name_of_loss(self.loss), facts_of(self.loss)
        mixup = "augmentation.mixup" if self.augmentation and self.augmentation.mixup else ""
        if (field := "label_smoothing" if self.label_smoothing else mixup) and not facts.soft:
            takes = "class numbers" if facts.integers else "targets of 0 and 1"
            advice = "use loss='categorical_crossentropy'"
            raise ValueError(f"{field}: {loss} takes {takes} only, and no fractions of a class; {advice}")
        if self.label_smoothing and isinstance(self.loss, KerasLoss) and self.loss.config.get("label_smoothing"):
            raise ValueError(f"label_smoothing: {loss} smooths on its own already; leave it out in one of the two")
        if self.class_weights and not facts.by_image:
            advice = "which no image has alone; use another loss"
            raise ValueError(f"class_weights: {loss} compares all images of a batch at once, {advice}")
        return self

    @model_validator(mode="after")
    def _early_stopping_has_images(self) -> Self:
        if self.early_stopping and not self.validation_size:
            raise ValueError("validation_size: early stopping needs a validation part; set it, for example to 10000")
        return self

    def same_updates_as(self, other: AbstractRecipe) -> Self:
        """A step-matched control: this recipe with as many updates as `other`, to the nearest whole epoch.

        Raises:
            RecipeError: where the updates cannot be counted, because only one of the two states its `train_size`.
        """
        if not isinstance(other, Recipe):
            return super().same_updates_as(other)
        unknown = [recipe.validation_size for recipe in (self, other) if recipe.train_size is None]
        if len(unknown) == 1 or len(set(unknown)) == 2:
            message = "to count updates, give train_size in both recipes, or in neither, with the same validation_size"
            raise RecipeError("recipe", [("train_size", message)])
        return self.change("epochs", max(1, round(other.epochs * _updates_an_epoch(other) / _updates_an_epoch(self))))

    @property
    def num_epochs(self) -> int:
        return self.epochs

    @property
    def stops_early(self) -> EarlyStopping | None:
        return self.early_stopping

    def identity(self) -> dict[str, Any]:
        """As for every recipe; without the task's name, so that runs of older versions are found."""
        fields = self.model_dump(mode="json", exclude_defaults=True, exclude={"dataset", "network"})
        return {**fields, "network": self.network.identity()}

    def fields(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json", exclude={"network"}), "network": self.network.fields()}

    def record(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json", exclude={"network"}), "network": self.network.identity()}

    def quick(self, num_items: int) -> Self:
        """A rehearsal: a quarter of the epochs, a third of the images; a warm-up becomes shorter with the epochs."""
        quick = quick_images(self, num_items).change("epochs", max(1, self.epochs // QUICK_EPOCHS))
        if isinstance(self.optimizer, KerasOptimizer) or not self.optimizer.warm_up:
            return quick
        return quick.change("optimizer.warm_up", self.optimizer.warm_up * quick.epochs / self.epochs)

    def to_toml(self) -> str:
        if self.network.in_memory:
            advice = "save it with model.save('my.keras') and use KerasNetwork('my.keras')"
            raise RecipeError("recipe", [("network", f"a model in memory cannot be written as text; {advice}")])
        return super().to_toml()


def _updates_an_epoch(recipe: Recipe) -> int:
    copies = recipe.augmentation.num_copies if recipe.augmentation else 1
    return math.ceil((recipe.train_size or 10**9) * copies / recipe.batch_size)  # a file nobody counted: in proportion
