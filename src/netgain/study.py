"""Studies: a question, a baseline and arms, declared before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, final

from pydantic import Field, ValidationInfo, field_validator, model_validator

from netgain.data import Dataset
from netgain.declaration import Declaration
from netgain.findings import Findings
from netgain.recipe import Recipe

BASELINE = "baseline"
"""The baseline's name among the arms, wherever a table or a chart lists them together."""


@final
class Study(Declaration):
    """A question put to a baseline and one or more arms, judged on the same test images.

    Attributes:
        name: short, with dashes.
        question: what the study is to answer.
        baseline: the recipe that the arms are compared with.
        same_updates: arm -> the arm, or the baseline, whose number of updates it gets, whatever is changed later: a
            step-matched control. Its epochs are those of :meth:`netgain.Recipe.same_updates_as`.
        arms: name -> recipe; empty for a study that only measures its baseline.
        alpha: the probability of a false claim among all arms together.
        delta: the smallest difference of accuracies that matters (0.002 is 0.2 percentage points), declared
            before running: an arm is equivalent when its interval lies inside ±delta.
        lecture: the lecture's accuracy for the baseline or an arm, by name, to stand beside ours.
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
    same_updates: dict[str, str] = {}  # stands before the arms, which are made with it
    arms: dict[str, Recipe] = {}
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    delta: Annotated[float, Field(gt=0, lt=1)] = 0.002
    lecture: dict[str, float] = {}
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

    @field_validator("arms")
    @classmethod
    def _arms_with_the_same_updates(cls, arms: dict[str, Recipe], others: ValidationInfo) -> dict[str, Recipe]:
        if BASELINE not in others.data:  # refused for itself
            return arms
        given, matched = {BASELINE: others.data[BASELINE], **arms}, dict(arms)
        for name, other in others.data.get("same_updates", {}).items():
            if name not in arms or other not in given or name == other:
                names = ", ".join([BASELINE, *arms])
                raise ValueError(f"same_updates.{name}: matches an arm with another; received {other!r}, arms: {names}")
            matched[name] = arms[name].same_updates_as(given[other])
        return matched

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

    @property
    def recipes(self) -> dict[str, Recipe]:
        """The baseline and the arms by name, the baseline first."""
        return {BASELINE: self.baseline, **self.arms}

    def with_arms(self, arms: dict[str, Recipe]) -> Study:
        """The same study with other arms; the lecture's figures of arms that are gone go with them."""
        lecture = {name: figure for name, figure in self.lecture.items() if name in {BASELINE, *arms}}
        # An arm whose counterpart is gone keeps the epochs that it has been given.
        same = {name: other for name, other in self.same_updates.items() if {name, other} <= {BASELINE, *arms}}
        return Study(**{**self._values(), "arms": arms, "same_updates": same, "lecture": lecture})

    def change_recipes(self, path: str, value: Any) -> Study:
        """A copy in which the field at a dotted path of *every* recipe is set to `value`."""
        changed = {name: recipe.change(path, value) for name, recipe in self.recipes.items()}
        return Study(**{**self._values(), "baseline": changed.pop(BASELINE), "arms": changed})

    def on(self, dataset: str | Path | Dataset) -> Study:
        """The same study on other images; the lecture's figures, which hold for its own, are left out."""
        study = Study(**{**self._values(), "lecture": {}})
        return study.change_recipes("dataset", dataset)


def _shown(dataset: str | Path | Dataset) -> str:
    return repr(dataset) if isinstance(dataset, Dataset) else repr(str(dataset))
