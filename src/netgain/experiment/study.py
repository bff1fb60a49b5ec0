"""Studies: a question, a baseline and arms, declared before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, final

from pydantic import Field, ValidationInfo, field_validator, model_validator

from netgain.data import Dataset, StringDataset
from netgain.data.shifts import Shift, as_shifts
from netgain.errors import RecipeError
from netgain.experiment.measurement import Measurement
from netgain.experiment.question import Named, change_each
from netgain.experiment.recipe import AnyRecipe
from netgain.experiment.shown import changes_html, field_tables
from netgain.experiment.sizes import fitting_fractions, with_images
from netgain.markup import box, folded, paragraph, table

BASELINE = "baseline"
"""The baseline's name among the arms, wherever a table or a chart lists them together."""


Claim = Literal["better", "worse", "as good", "smaller gap"]
Picture = Literal["learning-curves", "loss-curves", "accuracies"]


@final
class Study(Named):
    """A question, a baseline and one or more arms, judged on the same test images.

    Attributes:
        declared: the study before it was changed by one of its methods; None where it was not. A report marks what
            was changed.
        name: short, with dashes.
        question: what the study is to answer.
        baseline: the recipe that the arms are compared with.
        same_updates: arm -> the arm, or the baseline, whose number of updates it gets, even if fields change later: a
            step-matched control. Its epochs are those of :meth:`netgain.Recipe.same_updates_as`.
        arms: name -> recipe; empty for a study that only measures its baseline.
        against: arm -> the arm that it is compared with, where that is not the baseline: a ladder compares each
            step with the step before it.
        alpha: the probability of a false claim among all arms together.
        delta: the smallest difference of accuracies that matters (0.002 is 0.2 percentage points), declared
            before running: an arm is equivalent when its interval lies inside ±delta.
        lecture: the lecture's accuracy for the baseline or an arm, by name, to be shown beside ours.
        claims: what the lecture says of an arm against its other: "better", "worse" or "as good" on the test images, or
            a "smaller gap" between training and test images, which a change inside ±delta refutes as well. Where it
            gives figures for both, they say it.
        picture: the chart that answers the question as the lecture's slide does: "learning-curves", "loss-curves"
            or "accuracies".
        remarks: from the :class:`StudyResult`, sentences that only this study has to say.
        examine: from the :class:`StudyResult`, whose runs then come with their trained networks, statements and
            figures that only this study has to show.
        measurement: what `examine` needs of each network and what is slow to compute.
        shifts: how the test images differ from those of the dataset, see :meth:`shifted`; none by default.

    >>> from netgain.tasks.recipes import load_recipe
    >>> small = load_recipe("small-sample")
    >>> study = Study("my-study", baseline=small, arms={"dropout": small.change("network.dropout", 0.2)})
    >>> list(study.recipes)
    ['baseline', 'dropout']
    """

    called: ClassVar[str] = "study"

    baseline: AnyRecipe
    same_updates: dict[str, str] = {}  # stands before the arms, which are made with it
    arms: dict[str, AnyRecipe] = {}
    against: dict[str, str] = {}
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    delta: Annotated[float, Field(gt=0, lt=1)] = 0.002
    lecture: dict[str, float] = {}
    claims: dict[str, Claim] = {}
    picture: Picture = "learning-curves"
    remarks: Callable[[Any], Sequence[str]] | None = Field(default=None, exclude=True, repr=False)
    examine: Callable[[Any], Any] | None = Field(default=None, exclude=True, repr=False)
    measurement: Measurement | None = Field(default=None, exclude=True, repr=False)
    shifts: tuple[Shift, ...] = ()

    def __init__(self, name: str, **fields: Any) -> None:
        super().__init__(name=name, **fields)

    @field_validator("shifts", mode="before")
    @classmethod
    def _each_shift_once(cls, shifts: Any) -> tuple[Shift, ...]:
        return as_shifts(shifts)

    @field_validator("arms")
    @classmethod
    def _arm_names(cls, arms: dict[str, AnyRecipe]) -> dict[str, AnyRecipe]:
        for name in arms:
            if not name.strip() or name == BASELINE:
                raise ValueError(f"an arm needs a name other than {BASELINE!r}; received {name!r}")
        return arms

    @field_validator("arms")
    @classmethod
    def _arms_with_the_same_updates(cls, arms: dict[str, AnyRecipe], others: ValidationInfo) -> dict[str, AnyRecipe]:
        if BASELINE not in others.data:  # refused for itself
            return arms
        given, matched = {BASELINE: others.data[BASELINE], **arms}, dict(arms)
        for name, other in others.data.get("same_updates", {}).items():
            if name not in arms or other not in given or name == other:
                names = ", ".join([BASELINE, *arms])
                raise ValueError(
                    f"same_updates.{name}: must match an arm with another; received {other!r}, arms: {names}"
                )
            matched[name] = arms[name].same_updates_as(given[other])
        return matched

    @model_validator(mode="after")
    def _arms_can_be_compared(self) -> Self:
        seen: dict[str, str] = {}
        for name, recipe in self.recipes.items():
            if recipe.judged_on != self.baseline.judged_on:
                raise ValueError(
                    f"arms.{name}.dataset: every arm must be judged on the test images of the baseline, "
                    f"{_shown(self.baseline.judged_on)}; received {_shown(recipe.judged_on)}"
                )
            if recipe.digest in seen:
                raise ValueError(f"arms.{name}: is the same recipe as {seen[recipe.digest]!r}; nothing to compare")
            seen[recipe.digest] = name
        return self

    @model_validator(mode="after")
    def _shifted_images_have_no_figures_of_the_lecture(self) -> Self:
        if self.shifts and (self.lecture or self.claims or self.examine or self.measurement):
            message = "lecture, claims and examine are about the test images as they are; use study.shifted(...)"
            raise ValueError(f"shifts: {message}, which leaves them out")
        return self

    @model_validator(mode="after")
    def _lecture_names_arms(self) -> Self:
        for field, names in (("lecture", {*self.lecture} - {BASELINE}), ("claims", {*self.claims})):
            for name in sorted(names - {*self.arms}):
                raise ValueError(f"{field}.{name}: is not an arm of this study; arms: {', '.join(self.recipes)}")
        return self

    @model_validator(mode="after")
    def _arms_are_compared_with_others(self) -> Self:
        for name, other in self.against.items():
            if name not in self.arms or other not in self.recipes or name == other:
                raise ValueError(
                    f"against.{name}: must compare an arm with the baseline or another arm; received {other!r}, "
                    f"arms: {', '.join(self.recipes)}"
                )
        return self

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [(None, self.name), ("question", self.question), ("arms", list(self.arms))]

    def _repr_html_(self) -> str:
        rows = [
            [escape(name), escape(self.other(name)), changes_html(self.recipes[self.other(name)].changes(recipe))]
            for name, recipe in self.arms.items()
        ]
        errors = f"α = {self.alpha:g} for all arms together, δ = {100 * self.delta:g} percentage points"
        return box(
            paragraph(self.question or self.name, "title"),
            paragraph(f"Study {self.name}: {errors}.", "soft"),
            table(["arm", "compared with", "what it changes"], rows, "words") if rows else "",
            folded("The baseline's fields", "".join(field_tables(self.baseline.shown_fields()))),
        )

    @property
    def recipes(self) -> dict[str, AnyRecipe]:
        """The baseline and the arms by name, the baseline first."""
        return {BASELINE: self.baseline, **self.arms}

    def other(self, arm: str) -> str:
        """The name of what an arm is compared with: the baseline, or another arm."""
        return self.against.get(arm, BASELINE)

    def label(self, arm: str) -> str:
        """What to call an arm: a recipe that nothing is compared with is not a baseline and has the study's name."""
        return arm if self.arms else self.name

    def claim(self, arm: str) -> Claim | None:
        """What the lecture says of an arm against its other, in words or by its figures; None where it says nothing."""
        ours, others = self.lecture.get(arm), self.lecture.get(self.other(arm))
        if arm in self.claims or ours is None or others is None:
            return self.claims.get(arm)
        return "better" if ours > others else "worse"

    def with_arms(self, arms: dict[str, AnyRecipe]) -> Study:
        """The same study with other arms; the lecture's figures of arms that are gone go with them."""
        lecture = {name: figure for name, figure in self.lecture.items() if name in {BASELINE, *arms}}
        against = {name: other for name, other in self.against.items() if name in arms}
        claims = {name: claim for name, claim in self.claims.items() if name in arms}
        # An arm whose counterpart is gone keeps the epochs that it has been given.
        same = {name: other for name, other in self.same_updates.items() if {name, other} <= {BASELINE, *arms}}
        return Study(
            **{
                **self._values(),
                "arms": arms,
                "against": against,
                "same_updates": same,
                "lecture": lecture,
                "claims": claims,
            }
        )

    def change_recipes(self, path: str, value: Any) -> Study:
        """A copy in which the field at a dotted path is set to `value` in every recipe that has it."""
        return self._with(change_each(self.recipes, path, value))

    def each_recipe(self, change: Callable[[AnyRecipe], AnyRecipe]) -> Study:
        """A copy in which *every* recipe is what `change` makes of it."""
        return self._with({name: change(recipe) for name, recipe in self.recipes.items()})

    def _with(self, recipes: dict[str, AnyRecipe]) -> Study:
        arms = {name: recipe for name, recipe in recipes.items() if name != BASELINE}
        return Study(**{**self._values(), "baseline": recipes[BASELINE], "arms": arms})

    def fitted_to(self, num_images: int, num_validation: int = 0) -> Study:
        """The same study for fewer training images: recipes that want more take fewer in proportion.

        `num_validation` is the size of the dataset's own validation part, 0 where it has none.

        >>> from netgain.tasks.recipes import load_recipe
        >>> small = load_recipe("small-sample")
        >>> study = Study("s", baseline=small, arms={"twice": small.change("train_size", 20_000)}).fitted_to(1000)
        >>> [recipe.train_size for recipe in study.recipes.values()]
        [500, 1000]
        """
        fractions = fitting_fractions(self.recipes.values(), num_images, num_validation)
        return self.each_recipe(lambda recipe: with_images(recipe, fractions)) if fractions else self

    def quick(self, num_images: int) -> Study:
        """A rehearsal: a quarter of the epochs, a third of the `num_images` training images.

        Its verdicts are on shorter training, not on the study's own recipes, and its question says so.
        """
        shorter = self.each_recipe(lambda recipe: recipe.quick(num_images))
        question = f"{self.question} (quick: a quarter of the epochs, a third of the images)"
        return Study(**{**shorter._values(), "question": question})

    def shifted(self, *shifts: Shift | str) -> Study:
        """The same study judged on shifted test images: does a gain survive where images differ from the dataset's?

        Each test image is changed by amounts of its own, drawn from the priors, the same for all networks. The networks
        are trained as before, on unshifted images, and are found in the store. The result has the verdicts on the
        shifted images; those on the images as they are stand beside them. The lecture's figures, and what the study
        examines, are about the images as they are, so they are left out.

        Raises:
            UnknownNameError, DataError: for an invalid shift.
            RecipeError: without shifts.

        >>> from netgain.tasks.recipes import load_recipe
        >>> study = Study("s", baseline=load_recipe("small-sample")).shifted("rotation=N(0,10)", "blur=U(0,1)")
        >>> study.shift_in_words
        'rotation=N(0,10), blur=U(0,1)'
        """
        chosen = as_shifts(shifts)
        if not chosen:
            raise RecipeError(self.called, [("shifts", "must have at least one shift, such as rotation=N(0,10)")])
        plain = {"lecture": {}, "claims": {}, "examine": None, "measurement": None}
        return Study(**{**self._values(), **plain, "shifts": chosen})

    @property
    def shift_in_words(self) -> str:
        """The shifts as they are written, "rotation=N(0,10), blur=U(0,1)"; empty where there are none."""
        return ", ".join(map(str, self.shifts))

    def on(self, dataset: str | Path | Dataset | StringDataset) -> Study:
        """The same study on other images, without the lecture's figures, which are for its own images."""
        study = Study(**{**self._values(), "lecture": {}, "claims": {}})
        return study.change_recipes("dataset", dataset)


def _shown(dataset: Any) -> str:
    return repr(dataset) if isinstance(dataset, Dataset | StringDataset) else repr(str(dataset))
