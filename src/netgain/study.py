"""Studies: a question, a baseline and arms, declared before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, final

from pydantic import Field, field_validator, model_validator

from netgain.data import Dataset
from netgain.declaration import Declaration
from netgain.findings import Findings
from netgain.recipe import Recipe

BASELINE = "baseline"
"""The baseline's name among the arms, wherever a table or a chart lists them together."""


Picture = Literal["learning-curves", "loss-curves", "accuracies"]

QUICK_EPOCHS, QUICK_IMAGES = 4, 3
"""A quick study takes this fraction, 1/4, of the epochs and this one, 1/3, of the images."""


@final
class Study(Declaration):
    """A question put to a baseline and one or more arms, judged on the same test images.

    Attributes:
        name: short, with dashes.
        question: what the study is to answer.
        baseline: the recipe that the arms are compared with.
        arms: name -> recipe; empty for a study that only measures its baseline.
        against: arm -> the arm that it is compared with, where that is not the baseline: a ladder compares each
            step with the one before.
        alpha: the probability of a false claim among all arms together.
        delta: the smallest difference of accuracies that matters (0.002 is 0.2 percentage points), declared
            before running: an arm is equivalent when its interval lies inside ±delta.
        lecture: the lecture's accuracy for the baseline or an arm, by name, to stand beside ours.
        picture: the chart that answers the question as the lecture's slide does: "learning-curves", "loss-curves"
            or "accuracies".
        remarks: from the :class:`StudyResult`, sentences that only this study has to say.
        examine: from the :class:`StudyResult`, whose runs then come with their trained networks, statements and
            figures that only this study has to show.

    >>> from netgain.recipe import load_recipe
    >>> small = load_recipe("small-sample")
    >>> study = Study("my-study", baseline=small, arms={"dropout": small.change("network.dropout", 0.2)})
    >>> list(study.recipes)
    ['baseline', 'dropout']
    """

    called: ClassVar[str] = "study"

    name: Annotated[str, Field(min_length=1, pattern=r"^[\w.-]+$")]
    question: str = ""
    baseline: Recipe
    arms: dict[str, Recipe] = {}
    against: dict[str, str] = {}
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    delta: Annotated[float, Field(gt=0, lt=1)] = 0.002
    lecture: dict[str, float] = {}
    picture: Picture = "learning-curves"
    remarks: Callable[[Any], Sequence[str]] | None = Field(default=None, exclude=True, repr=False)
    examine: Callable[[Any], Findings] | None = Field(default=None, exclude=True, repr=False)

    def __init__(self, name: str, **fields: Any) -> None:
        super().__init__(name=name, **fields)

    @field_validator("arms")
    @classmethod
    def _arm_names(cls, arms: dict[str, Recipe]) -> dict[str, Recipe]:
        for name in arms:
            if not name.strip() or name == BASELINE:
                raise ValueError(f"an arm needs a name of its own, other than {BASELINE!r}; received {name!r}")
        return arms

    @model_validator(mode="after")
    def _arms_can_be_compared(self) -> Self:
        seen: dict[str, str] = {}
        for name, recipe in self.recipes.items():
            if recipe.dataset != self.baseline.dataset:
                raise ValueError(
                    f"arms.{name}.dataset: every arm must be judged on the test images of the baseline, "
                    f"{_shown(self.baseline.dataset)}; received {_shown(recipe.dataset)}"
                )
            if recipe.digest in seen:
                raise ValueError(f"arms.{name}: is the same recipe as {seen[recipe.digest]!r}; nothing to compare")
            seen[recipe.digest] = name
        return self

    @model_validator(mode="after")
    def _lecture_names_arms(self) -> Self:
        for name in self.lecture:
            if name not in self.recipes:
                raise ValueError(f"lecture.{name}: is no arm of this study; arms: {', '.join(self.recipes)}")
        return self

    @model_validator(mode="after")
    def _arms_are_compared_with_others(self) -> Self:
        for name, other in self.against.items():
            if name not in self.arms or other not in self.recipes or name == other:
                raise ValueError(
                    f"against.{name}: compares an arm with the baseline or another arm; received {other!r}, "
                    f"arms: {', '.join(self.recipes)}"
                )
        return self

    @property
    def recipes(self) -> dict[str, Recipe]:
        """The baseline and the arms by name, the baseline first."""
        return {BASELINE: self.baseline, **self.arms}

    def other(self, arm: str) -> str:
        """The name of what an arm is compared with: the baseline, or another arm."""
        return self.against.get(arm, BASELINE)

    def with_arms(self, arms: dict[str, Recipe]) -> Study:
        """The same study with other arms; the lecture's figures of arms that are gone go with them."""
        lecture = {name: figure for name, figure in self.lecture.items() if name in {BASELINE, *arms}}
        against = {name: other for name, other in self.against.items() if name in arms}
        return Study(**{**self._values(), "arms": arms, "against": against, "lecture": lecture})

    def change_recipes(self, path: str, value: Any) -> Study:
        """A copy in which the field at a dotted path of *every* recipe is set to `value`."""
        return self.each_recipe(lambda recipe: recipe.change(path, value))

    def each_recipe(self, change: Callable[[Recipe], Recipe]) -> Study:
        """A copy in which *every* recipe is what `change` makes of it."""
        changed = {name: change(recipe) for name, recipe in self.recipes.items()}
        return Study(**{**self._values(), "baseline": changed.pop(BASELINE), "arms": changed})

    def fitted_to(self, num_images: int) -> Study:
        """The same study where there are so few training images: recipes that want more take fewer in proportion.

        >>> from netgain.recipe import load_recipe
        >>> small = load_recipe("small-sample")
        >>> study = Study("s", baseline=small, arms={"twice": small.change("train_size", 20_000)}).fitted_to(1000)
        >>> [recipe.train_size for recipe in study.recipes.values()]
        [500, 1000]
        """
        recipes = self.recipes.values()
        validation = max(recipe.validation_size for recipe in recipes)
        wanted = max(recipe.train_size or 0 for recipe in recipes)
        if wanted + validation <= num_images:
            return self
        if wanted and 2 * validation <= num_images:  # room enough for it: only the training parts shrink
            return self.each_recipe(lambda r: _with_images(r, (num_images - validation) / wanted, 1.0))
        fraction = num_images / (wanted + validation)
        return self.each_recipe(lambda recipe: _with_images(recipe, fraction, fraction))

    def quick(self, num_images: int) -> Study:
        """A rehearsal: a quarter of the epochs, a third of the `num_images` training images.

        Its verdicts are on shorter training, not on the study's own recipes, and its question says so.
        """

        def shorter(recipe: Recipe) -> Recipe:
            size = recipe.train_size or num_images - recipe.validation_size
            fewer = _with_images(recipe.change("train_size", size), 1 / QUICK_IMAGES, 1 / QUICK_IMAGES)
            return fewer.change("epochs", max(1, recipe.epochs // QUICK_EPOCHS))

        question = f"{self.question} (quick: a quarter of the epochs, a third of the images)"
        return Study(**{**self.each_recipe(shorter)._values(), "question": question})

    def on(self, dataset: str | Path | Dataset) -> Study:
        """The same study on other images; the lecture's figures, which hold for its own, are left out."""
        study = Study(**{**self._values(), "lecture": {}})
        return study.change_recipes("dataset", dataset)


def _with_images(recipe: Recipe, train: float, validation: float) -> Recipe:
    """The recipe with these fractions of its training and validation images."""
    sizes = {"train_size": (recipe.train_size, train), "validation_size": (recipe.validation_size, validation)}
    fewer = {field: size and max(1, int(size * part + 1e-9)) for field, (size, part) in sizes.items()}
    return Recipe(**{**recipe._values(), **fewer})


def _shown(dataset: str | Path | Dataset) -> str:
    return repr(dataset) if isinstance(dataset, Dataset) else repr(str(dataset))
