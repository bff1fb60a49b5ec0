"""Recipes of readers: everything that decides how one network learns to read strings. Nothing here trains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, final

from pydantic import Field, SerializeAsAny, field_serializer, field_validator, model_validator

from netgain.data import StringDataset
from netgain.errors import RecipeError
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.keras_parts import KerasOptimizer, optimizer_of
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.recipe import AbstractRecipe, Count
from netgain.experiment.sizes import QUICK_EPOCHS, quick_images
from netgain.networks import StringNetwork, network_of


@final
class Reader(AbstractRecipe):
    """Everything that decides how one reader of strings is trained.

    Attributes:
        dataset: "digit-strings", a folder of images with one CSV of their texts, an `.npz` file, or a
            :class:`netgain.StringDataset`.
        train_size: number of training strings, from the start; None for all that are not in the validation part.
        validation_size: number of validation strings, from the end of the training strings.
        longest: train on strings of at most so many characters only; None for all lengths. Strings that are too long
            are passed over before `train_size` counts.
        network: an :class:`RNN` or :class:`FixedSlots`.
        optimizer: see :class:`Optimizer`; a name alone is enough.
        batch_size: strings per update.
        epochs: passes over the training strings, at most.
        early_stopping: None trains all epochs.
        augmentation: random changes of the training images, drawn again in every step; None leaves them as they are.
        decoding: how the answers of a trained network become text: "greedy" takes the most likely character at each
            step; "beam" looks for the text that is most likely, over all ways to write it. While it trains, and on
            training strings, a network is always read greedily.

    >>> from netgain.networks.families.rnn import RNN
    >>> Reader(network=RNN(cell="gru", bidirectional=True)).change("network.units", 64).network.units
    64
    """

    task: ClassVar[str] = "reading"
    trained_by: ClassVar[str] = "netgain.tasks.reading.task:Reading"

    dataset: str | Path | StringDataset = "digit-strings"
    train_size: Count | None = None
    validation_size: Annotated[int, Field(ge=0)] = 0
    longest: Count | None = None
    network: SerializeAsAny[StringNetwork]
    optimizer: Optimizer | KerasOptimizer = Optimizer("adam")
    batch_size: Count = 32
    epochs: Annotated[int, Field(gt=0, le=100_000)] = 5
    early_stopping: EarlyStopping | None = None
    augmentation: Augmentation | None = None
    decoding: Literal["greedy", "beam"] = "greedy"

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @field_validator("dataset", mode="before")
    @classmethod
    def _dataset_by_name_or_strings(cls, value: Any) -> Any:
        if not isinstance(value, str | Path | StringDataset) or not str(value).strip():
            raise ValueError(f"must be a name, a path or a StringDataset; received {value!r}")
        return value

    @field_validator("network", mode="before")
    @classmethod
    def _network_from_fields(cls, value: Any) -> Any:
        network = network_of(StringNetwork, value) if isinstance(value, dict) else value
        if not isinstance(network, StringNetwork):
            raise ValueError(f"must be a network that reads strings, an RNN or FixedSlots; received {network!r}")
        return network

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer_from_name_or_object(cls, value: Any) -> Any:
        return optimizer_of(value)

    @model_validator(mode="after")
    def _decoding_fits_network(self) -> Self:
        if self.decoding == "beam" and self.network.reads_by != "ctc":
            raise ValueError("decoding: the answers of fixed slots leave nothing to search; use decoding='greedy'")
        return self

    @model_validator(mode="after")
    def _early_stopping_has_strings(self) -> Self:
        if self.early_stopping and not self.validation_size:
            raise ValueError("validation_size: early stopping needs a validation part; set it, for example to 2000")
        return self

    @field_validator("augmentation")
    @classmethod
    def _augmentation_is_drawn_in_every_step(cls, augmentation: Augmentation | None) -> Augmentation | None:
        if augmentation and augmentation.copies:
            raise ValueError("copies: strings have no rotated copies; give rotation, shift, zoom or shear instead")
        if augmentation and augmentation.mixup:
            raise ValueError("mixup: two strings have no text in common to mix; mixup is for recipes that classify")
        return augmentation

    @field_serializer("dataset")
    def _dataset_name(self, dataset: str | Path | StringDataset) -> str:
        return dataset.name if isinstance(dataset, StringDataset) else str(dataset)

    @property
    def num_epochs(self) -> int:
        return self.epochs

    @property
    def stops_early(self) -> EarlyStopping | None:
        return self.early_stopping

    @property
    def judged_on(self) -> str | Path | StringDataset:
        return self.dataset

    def items_of(self, part: str) -> tuple[Any, ...]:
        return (self.train_size, self.longest, self.validation_size) if part == "train" else (self.validation_size,)

    def identity(self) -> dict[str, Any]:
        """As for every recipe, without the dataset, whose own digest stands beside the recipe's."""
        fields = self.model_dump(mode="json", exclude_defaults=True, exclude={"dataset", "network"})
        return {"task": self.task, **fields, "network": self.network.identity()}

    def fields(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json", exclude={"network"}), "network": self.network.fields()}

    def quick(self, num_items: int) -> Self:
        """A rehearsal: a quarter of the epochs, a third of the strings."""
        return quick_images(self, num_items).change("epochs", max(1, self.epochs // QUICK_EPOCHS))

    def to_toml(self) -> str:
        if isinstance(self.dataset, StringDataset):
            advice = "save it with StringDataset.save('my.npz') and give the path"
            raise RecipeError("recipe", [("dataset", f"a dataset in memory cannot be written as text; {advice}")])
        return super().to_toml()
