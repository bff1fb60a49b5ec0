"""Recipes: everything that decides how one network is trained. Declarations only; nothing here trains."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, final, get_args

from pydantic import Field, SerializeAsAny, field_serializer, field_validator, model_validator

from netgain.atomic import write_atomically
from netgain.augmentation import Augmentation
from netgain.data import Dataset, Split, SplitKind, split
from netgain.declaration import Declaration
from netgain.errors import OutputError, RecipeError, UnknownNameError
from netgain.networks import Network, network_from_fields
from netgain.optimizer import DEFAULT_LEARNING_RATES as DEFAULT_LEARNING_RATES
from netgain.optimizer import Optimizer as Optimizer
from netgain.optimizer import OptimizerName as OptimizerName
from netgain.optimizer import Schedule as Schedule

Loss = Literal["mean_squared_error", "binary_crossentropy", "categorical_crossentropy"]
Count = Annotated[int, Field(gt=0)]


@final
class EarlyStopping(Declaration):
    """Stop when the validation part has not improved for `patience` epochs; the best weights are restored.

    Attributes:
        monitor: "val_loss" (falling is better) or "val_accuracy" (rising is better).
        patience: epochs without improvement before stopping.
        min_delta: the smallest change that counts as an improvement.
    """

    called: ClassVar[str] = "early stopping"

    monitor: Literal["val_loss", "val_accuracy"] = "val_loss"
    patience: Count = 3
    min_delta: Annotated[float, Field(ge=0)] = 0.0


@final
class Recipe(Declaration):
    """Everything that decides how one network is trained.

    Attributes:
        dataset: a known name ("mnist"), a folder of images, an `.npz` file, or a :class:`netgain.Dataset`.
        train_size: number of training images; None for all that the validation part leaves.
        validation_size: number of validation images, from the dataset's own validation part where it has one.
        split: "ordered": the first training images train, the last validate. "stratified": both parts have each class's
            share, drawn with `split_seed`.
        split_seed: of a stratified split; the seeds of the runs have no part in it.
        network: an :class:`MLP`, :class:`ConvNet`, :class:`KerasNetwork` or another family.
        loss: "mean_squared_error" (or "mse"), "binary_crossentropy" or "categorical_crossentropy".
        optimizer: see :class:`Optimizer`; a name alone will do.
        batch_size: images per update.
        epochs: passes over the training images, at most.
        early_stopping: None trains all epochs.
        augmentation: random changes of the training images; None leaves them as they are.

    >>> from netgain.networks.mlp import MLP
    >>> recipe = Recipe(network=MLP(hidden=(30,)), optimizer=Optimizer("sgd", 1.0), epochs=5)
    >>> recipe.change("network.dropout", 0.2).network.dropout.input
    0.2
    """

    called: ClassVar[str] = "recipe"

    dataset: str | Path | Dataset = "mnist"
    train_size: Count | None = None
    validation_size: Annotated[int, Field(ge=0)] = 0
    split: SplitKind = "ordered"
    split_seed: Annotated[int, Field(ge=0)] = 0
    network: SerializeAsAny[Network]
    loss: Loss = "categorical_crossentropy"
    optimizer: Optimizer = Optimizer("sgd")
    batch_size: Count = 30
    epochs: Annotated[int, Field(gt=0, le=100_000)] = 20
    early_stopping: EarlyStopping | None = None
    augmentation: Augmentation | None = None

    def __init__(self, **fields: Any) -> None:  # short forms are accepted that the fields' types do not name
        super().__init__(**fields)

    @field_validator("dataset", mode="before")
    @classmethod
    def _dataset_by_name_or_images(cls, value: Any) -> Any:
        if not isinstance(value, str | Path | Dataset) or not str(value).strip():
            raise ValueError(f"must be a name, a path or a Dataset; received {value!r}")
        return value

    @field_validator("network", mode="before")
    @classmethod
    def _network_from_fields(cls, value: Any) -> Any:
        return network_from_fields(value) if isinstance(value, dict) else value

    @field_validator("optimizer", mode="before")
    @classmethod
    def _optimizer_from_name(cls, value: Any) -> Any:
        if type(value).__module__.partition(".")[0] == "keras":
            name = type(value).__name__.lower()
            raise ValueError(
                f"takes netgain's own optimizers, received Keras' {type(value).__name__}: give "
                f"ng.Optimizer({name!r}, learning_rate) with one of {', '.join(get_args(OptimizerName))}"
            )
        return {"name": value} if isinstance(value, str) else value

    @field_validator("loss", mode="before")
    @classmethod
    def _loss_by_short_name(cls, value: Any) -> Any:
        return "mean_squared_error" if value == "mse" else value

    @model_validator(mode="after")
    def _output_fits_loss(self) -> Self:
        output = self.network.output_activation
        if self.loss == "categorical_crossentropy" and output == "sigmoid":
            advice = "use output='softmax', or loss='binary_crossentropy' for one yes/no question a class"
            raise ValueError(f"loss: categorical_crossentropy needs scores that sum to one, sigmoid's do not; {advice}")
        if self.loss != "mean_squared_error" and output == "linear":
            advice = "end the network with a softmax activation"
            raise ValueError(f"loss: {self.loss} needs probabilities, the last layer is linear; {advice}")
        return self

    @model_validator(mode="after")
    def _early_stopping_has_images(self) -> Self:
        if self.early_stopping and not self.validation_size:
            raise ValueError("validation_size: early stopping watches a validation part; set it, say to 10000")
        return self

    @model_validator(mode="after")
    def _seed_belongs_to_a_stratified_split(self) -> Self:
        if self.split_seed and self.split == "ordered":
            raise ValueError("split_seed: an ordered split draws nothing; set split='stratified' or leave it out")
        return self

    @field_serializer("dataset")
    def _dataset_name(self, dataset: str | Path | Dataset) -> str:
        return dataset.name if isinstance(dataset, Dataset) else str(dataset)

    @property
    def digest(self) -> str:
        """SHA-256 of everything but the dataset, whose own digest stands beside it wherever runs are looked up.

        Fields at their default do not enter: a field added later leaves the digest of older recipes alone, as
        long as its default means "as before". Whoever changes a default raises the engine's version.
        """
        fields = self.model_dump(mode="json", exclude_defaults=True, exclude={"dataset", "network"})
        canonical = json.dumps({**fields, "network": self.network.identity()}, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def parts_of(self, dataset: Dataset) -> Split:
        """The images of a dataset that this recipe trains and validates on, as :func:`netgain.data.split` gives them.

        Raises:
            DataError: as :func:`netgain.data.split` does.
        """
        return split(dataset, self.train_size, self.validation_size, self.split, self.split_seed)

    def differences(self, other: Recipe) -> dict[str, tuple[Any, Any]]:
        """What changed, field by field: dotted path -> (here, there)."""
        here, there = (_flatten(recipe._plain(exclude_none=False)) for recipe in (self, other))
        paths = dict.fromkeys([*here, *there])
        return {path: (here.get(path), there.get(path)) for path in paths if here.get(path) != there.get(path)}

    def same_updates_as(self, other: Recipe) -> Recipe:
        """A step-matched control: this recipe with as many updates as `other`, to the nearest whole epoch.

        Raises:
            RecipeError: where the updates cannot be counted, because only one of the two states its `train_size`.
        """
        unknown = [recipe.validation_size for recipe in (self, other) if recipe.train_size is None]
        if len(unknown) == 1 or len(set(unknown)) == 2:
            message = "counting updates takes one in both recipes, or none in both and the same validation_size"
            raise RecipeError("recipe", [("train_size", message)])
        return self.change("epochs", max(1, round(other.epochs * _updates_an_epoch(other) / _updates_an_epoch(self))))

    def to_toml(self) -> str:
        """This recipe as TOML that :meth:`from_toml` reads back.

        Raises:
            RecipeError: where the dataset or the network lives in memory only and no text can name it.
        """
        import tomli_w

        if isinstance(self.dataset, Dataset):
            advice = "save it with Dataset.save('my.npz') and give the path"
            raise RecipeError("recipe", [("dataset", f"a dataset in memory cannot be written as text; {advice}")])
        if self.network.in_memory:
            advice = "save it with model.save('my.keras') and use KerasNetwork('my.keras')"
            raise RecipeError("recipe", [("network", f"a model in memory cannot be written as text; {advice}")])
        return tomli_w.dumps(self._plain(exclude_none=True))

    def _plain(self, exclude_none: bool) -> dict[str, Any]:
        fields = self.model_dump(mode="json", exclude_none=exclude_none, exclude={"network"})
        return {**fields, "network": self.network.fields()}

    @classmethod
    def from_toml(cls, text: str) -> Recipe:
        """The recipe that a TOML text declares.

        Raises:
            RecipeError: where the text is no TOML or a field cannot be.
        """
        try:
            fields = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError("recipe", [("", f"it is no TOML: {error}")]) from error
        return cls(**fields)

    def save(self, path: str | Path) -> None:
        """Write this recipe to a TOML file."""
        try:
            with write_atomically(Path(path)) as file:
                file.write(self.to_toml().encode())
        except OSError as error:
            raise OutputError(f"the recipe cannot be written to {str(path)!r}: {error.strerror}") from error


def load_recipe(name: str | Path) -> Recipe:
    """A recipe by name ("baseline", one of :func:`recipe_names`) or from a TOML file.

    Raises:
        UnknownNameError: for a name that is neither known nor a file.
        RecipeError: for a file that declares no recipe.

    >>> load_recipe("baseline").batch_size
    30
    """
    if str(name) in recipe_names():
        return Recipe.from_toml((resources.files("netgain.recipes") / f"{name}.toml").read_text(encoding="utf-8"))
    path = Path(name)
    if not path.is_file():
        raise UnknownNameError("recipe", str(name), recipe_names(), "A TOML file will do too.")
    try:
        return Recipe.from_toml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError("recipe", [("", f"the file {str(path)!r} cannot be read: {error}")]) from error


def recipe_names() -> list[str]:
    """The recipes that netgain brings along: one TOML file each in `netgain/recipes`."""
    files = resources.files("netgain.recipes").iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


def _updates_an_epoch(recipe: Recipe) -> int:
    copies = recipe.augmentation.num_copies if recipe.augmentation else 1
    return math.ceil((recipe.train_size or 10**9) * copies / recipe.batch_size)  # a file nobody counted: in proportion


def _flatten(fields: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        flat |= _flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
