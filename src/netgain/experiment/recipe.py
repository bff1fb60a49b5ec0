"""What all recipes share, whatever is learnt. The recipe of each task stands in the task's own folder or file."""

from __future__ import annotations

import hashlib
import json
import tomllib
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, InstanceOf, field_serializer, field_validator, model_validator

from netgain.data import Dataset, Split, SplitKind, split
from netgain.errors import OutputError, RecipeError
from netgain.experiment.base import Declaration
from netgain.experiment.early_stopping import EarlyStopping
from netgain.files import write_atomically

Count = Annotated[int, Field(gt=0)]


class AbstractRecipe(Declaration, ABC):
    """Everything that decides how one network, or another learner, is trained.

    Attributes:
        task: what is learnt, by the name that a TOML file gives; see :mod:`netgain.tasks`.
        trained_by: where the :class:`netgain.tasks.task.Task` is that trains it, "module:class": it is imported when it
            is needed, as the engine takes seconds to load.
    """

    called: ClassVar[str] = "recipe"
    task: ClassVar[str]
    trained_by: ClassVar[str]

    @property
    @abstractmethod
    def num_epochs(self) -> int:
        """Passes over what is learnt from, at most."""

    @property
    def stops_early(self) -> EarlyStopping | None:
        """When to stop before the last epoch; None for never."""
        return None

    @property
    def judged_on(self) -> Any:
        """What decides on which items it is judged: recipes of one study must agree. None where nothing is chosen."""
        return None

    def items_of(self, part: str) -> tuple[Any, ...]:
        """What decides which items the part "train" or "validation" has: arms are compared on the same ones only."""
        return ()

    def identity(self) -> dict[str, Any]:
        """What decides the result, as plain values: fields at their default stay out."""
        return {"task": self.task, **self.model_dump(mode="json", exclude_defaults=True)}

    @property
    def digest(self) -> str:
        """SHA-256 of :meth:`identity`; the data's own digest stands beside it wherever runs are looked up.

        Fields at their default do not enter: a field added later leaves the digest of older recipes alone, as
        long as its default means "as before". If you change a default, raise the engine's version.
        """
        return hashlib.sha256(json.dumps(self.identity(), sort_keys=True).encode()).hexdigest()

    def fields(self) -> dict[str, Any]:
        """Every field as plain values, nested as in TOML."""
        return self.model_dump(mode="json")

    def record(self) -> dict[str, Any]:
        """What a store writes down of it, as plain values."""
        return {"task": self.task, **self.fields()}

    def differences(self, other: AbstractRecipe) -> dict[str, tuple[Any, Any]]:
        """What changed, field by field: dotted path -> (here, there)."""
        here, there = (_flatten(recipe.fields()) for recipe in (self, other))
        paths = dict.fromkeys([*here, *there])
        return {path: (here.get(path), there.get(path)) for path in paths if here.get(path) != there.get(path)}

    def changes(self, other: AbstractRecipe) -> dict[str, tuple[Any, Any]]:
        """What another recipe changes, to be read: the task alone where that is another one, as all fields are then."""
        return self.differences(other) if self.task == other.task else {"task": (self.task, other.task)}

    def same_updates_as(self, other: AbstractRecipe) -> Self:
        """A step-matched control: this recipe with as many updates as `other`.

        Raises:
            RecipeError: where a recipe of this kind does not count updates.
        """
        message = f"a recipe of the task {self.task!r} does not count updates, so none can be matched"
        raise RecipeError(self.called, [("same_updates", message)])

    def quick(self, num_items: int) -> Self:
        """A rehearsal of it in a fraction of the time, with `num_items` to learn from where it takes all."""
        return self

    def to_toml(self) -> str:
        """This recipe as TOML that :func:`netgain.load_recipe` reads back.

        Raises:
            RecipeError: where something of it lives in memory only and no text can name it.
        """
        import tomli_w

        fields = _without_none(self.fields())
        return tomli_w.dumps(fields if self.task == "classification" else {"task": self.task, **fields})

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The recipe of this class that a TOML text declares; :func:`netgain.load_recipe` finds the class by the task.

        Raises:
            RecipeError: where the text is not valid TOML or a field is invalid.
        """
        try:
            fields = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(cls.called, [("", f"it is not valid TOML: {error}")]) from error
        task = fields.pop("task", "classification")
        if task != cls.task:
            raise RecipeError(cls.called, [("task", f"must be {cls.task!r} for {cls.__name__}; received {task!r}")])
        return cls(**fields)

    def save(self, path: str | Path) -> None:
        """Write this recipe to a TOML file.

        Raises:
            OutputError: where the file cannot be written.
        """
        try:
            with write_atomically(Path(path)) as file:
                file.write(self.to_toml().encode())
        except OSError as error:
            raise OutputError(f"the recipe cannot be written to {str(path)!r}: {error.strerror}") from error


if TYPE_CHECKING:
    AnyRecipe = Any
    """A recipe of any task. Its own fields, such as `epochs`, are known only to who knows the task."""
else:
    AnyRecipe = InstanceOf[AbstractRecipe]


class DatasetRecipe(AbstractRecipe, ABC):
    """A recipe that learns from the images of a dataset.

    Attributes:
        dataset: a known name ("mnist"), a folder of images, an `.npz` file, or a :class:`netgain.Dataset`.
        train_size: number of training images; None for all that are not in the validation part.
        validation_size: number of validation images, from the dataset's own validation part if it has one.
        split: "ordered": first images for training, last for validation. "stratified": both parts have each class's
            share, drawn with `split_seed`.
        split_seed: of a stratified split; it does not depend on the seeds of the runs.
    """

    dataset: str | Path | Dataset = "mnist"
    train_size: Count | None = None
    validation_size: Annotated[int, Field(ge=0)] = 0
    split: SplitKind = "ordered"
    split_seed: Annotated[int, Field(ge=0)] = 0

    @field_validator("dataset", mode="before")
    @classmethod
    def _dataset_by_name_or_images(cls, value: Any) -> Any:
        if not isinstance(value, str | Path | Dataset) or not str(value).strip():
            raise ValueError(f"must be a name, a path or a Dataset; received {value!r}")
        return value

    @model_validator(mode="after")
    def _seed_belongs_to_a_stratified_split(self) -> Self:
        if self.split_seed and self.split == "ordered":
            raise ValueError("split_seed: an ordered split is not random; set split='stratified' or remove split_seed")
        return self

    @field_serializer("dataset")
    def _dataset_name(self, dataset: str | Path | Dataset) -> str:
        return dataset.name if isinstance(dataset, Dataset) else str(dataset)

    @property
    def judged_on(self) -> str | Path | Dataset:
        return self.dataset

    def identity(self) -> dict[str, Any]:
        """As for every recipe, without the dataset, whose own digest stands beside the recipe's."""
        identity = super().identity()
        identity.pop("dataset", None)
        return identity

    def items_of(self, part: str) -> tuple[Any, ...]:
        cut = self.validation_size, self.split, self.split_seed
        return (self.train_size, *cut) if part == "train" else cut

    def parts_of(self, dataset: Dataset) -> Split:
        """The images of a dataset that this recipe trains and validates on, as :func:`netgain.data.split` gives them.

        Raises:
            DataError: as :func:`netgain.data.split` does.
        """
        return split(dataset, self.train_size, self.validation_size, self.split, self.split_seed)

    def to_toml(self) -> str:
        if isinstance(self.dataset, Dataset):
            advice = "save it with Dataset.save('my.npz') and give the path"
            raise RecipeError("recipe", [("dataset", f"a dataset in memory cannot be written as text; {advice}")])
        return super().to_toml()


def _flatten(fields: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        flat |= _flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_none(value) if isinstance(value, dict) else value
        for name, value in fields.items()
        if value is not None
    }
