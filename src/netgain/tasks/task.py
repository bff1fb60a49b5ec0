"""The seam for every kind of learner: what is learnt, and what counts as right."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, final

import numpy as np

from netgain.errors import StatisticsError
from netgain.experiment.shown import ShownFields
from netgain.markup import box, paragraph

if TYPE_CHECKING:
    from netgain.data.items import Items
    from netgain.engine.compiled import CompiledFunctions

Metrics = dict[str, float]
"""Measurements of one epoch on one part by name, such as loss and accuracy."""

PARTS = ("train", "validation", "test")


@final
@dataclass(frozen=True, repr=False)
class Measure(ShownFields):
    """What every verdict is about: the fraction of items that are right.

    Attributes:
        name: what the fraction is called; the history has its value per epoch under this name.
        item: what is right or wrong, such as "test image".
        unit: of the values shown.
        higher_is_better: whether a larger fraction is an improvement.
    """

    name: str = "accuracy"
    item: str = "test item"
    unit: str = "%"
    higher_is_better: bool = True

    @property
    def items(self) -> str:
        """The item's plural."""
        return f"{self.item}s"


@final
@dataclass(frozen=True, eq=False)
class Ratio:
    """A figure beside the verdict of one run: a ratio of two sums over the test items, such as a label error.

    Attributes:
        numerator: what is counted of each test item, `[n]`.
        denominator: of how many, `[n]`; the same for every run.
        meaning: what it counts, in words that follow a colon: "characters to correct per 100 characters of text".
        unit: of the values shown.
        higher_is_better: whether a larger ratio is an improvement.
    """

    numerator: np.ndarray
    denominator: np.ndarray
    meaning: str
    unit: str = "%"
    higher_is_better: bool = False


YES_OR_NO = "yes or no"
"""The unit of a figure that is 1 for yes and 0 for no: over the seeds it is counted."""


@final
@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measured number of one run beside its verdict, such as how well real and generated images can be told apart.

    Attributes:
        value: the number; of the unit "%" a fraction, which is shown times 100.
        error: standard error from the choice of the test items, which all runs share.
        own_error: standard error from what this run alone drew at random, such as its generated images. Over the seeds
            it is a part of the spread.
        floor: the value where nothing is wrong, such as real items against other real items; None where unknown.
        floor_error: standard error of the floor.
        num_items: n, how many test items it was measured on.
        meaning: what it is, in words that follow a colon.
        unit: of the values shown: "%", "" for a plain number, or :data:`YES_OR_NO`.
        higher_is_better: None where the best value is the floor.
        remark: what speaks against the number of this run, in words; empty where nothing does.
        above_floor: the name of what is wrong where the value is above its floor, such as memorisation; empty where
            that is no fault.
    """

    value: float
    error: float
    own_error: float = 0.0
    floor: float | None
    floor_error: float | None
    num_items: int
    meaning: str
    unit: str = ""
    higher_is_better: bool | None = None
    remark: str = ""
    above_floor: str = ""


class Evaluation(NamedTuple):
    """A part of the data as it is answered now: measurements, and the answers themselves `[n, ...]`."""

    metrics: Metrics
    scores: Any


class Outcome(NamedTuple):
    """What a trained learner leaves.

    Attributes:
        right: which test items it has right, bool `[n]`.
        arrays: what else is kept, by name (at most 32 characters). "train_right" and "validation_right" are what
            verdicts on those parts use.
        num_parameters: weights and biases.
    """

    right: np.ndarray
    arrays: Mapping[str, np.ndarray] = {}
    num_parameters: int = 0


class Together(ABC):
    """The learners of many seeds of one recipe, trained as one. Each is what its task would train alone, but for
    rounding.
    """

    @abstractmethod
    def epoch(self) -> list[Metrics]:
        """Train all of them for one more epoch: the measurements while training, a learner each."""

    @abstractmethod
    def evaluate(self, part: str) -> list[Evaluation] | None:
        """How each of them answers a part of the data now, as :meth:`Task.evaluate`."""

    @abstractmethod
    def member(self, number: int) -> Any:
        """A copy of one learner's state now, as :meth:`Task.judge` and :meth:`Task.save` take it."""

    @abstractmethod
    def restore(self, number: int, state: Any) -> None:
        """Put one learner back to a state that :meth:`member` gave."""


class Task(ABC):
    """What is learnt, and what counts as right. It holds nothing: all that changes is in the state.

    A task is found by its recipe's `trained_by`. :func:`netgain.runs.training.train` drives it: `load`, `init`, then
    `epoch` and `evaluate` in turn, at the end `evaluate` of every part, `judge` and `save`.

    Attributes:
        measure: what the verdicts are about.
        is_random: whether seeds differ; if not, one run stands for every seed.
        uses_kernels: whether the numbers depend on the set of kernels in use.
    """

    measure: ClassVar[Measure] = Measure()
    is_random: ClassVar[bool] = True
    uses_kernels: ClassVar[bool] = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.measure.name} of {self.measure.items}, {self.measure.unit}>"

    def _repr_html_(self) -> str:
        seeds = "Each seed gives another result." if self.is_random else "One run stands for every seed."
        kernels = " The numbers depend on the kernels of this computer." if self.uses_kernels else ""
        return box(
            paragraph(
                f"{type(self).__name__}: {self.measure.name} of {self.measure.items}, {self.measure.unit}", "title"
            ),
            paragraph((type(self).__doc__ or "").partition("\n")[0]),
            paragraph(f"{seeds}{kernels}", "soft"),
        )

    @abstractmethod
    def load(self, recipe: Any) -> Items:
        """The data that a recipe learns from and is judged on.

        Raises:
            DataError: where it cannot be had.
        """

    def check(self, recipe: Any, data: Any) -> None:  # noqa: B027 - a task need not refuse anything
        """Refuse what cannot be trained, before anything runs; quick, and without the engine.

        Raises:
            RecipeError, DataError: with the reason.
        """

    def try_out(self, recipe: Any, data: Any) -> None:  # noqa: B027 - the same
        """Refuse what turns out wrong only when it is built and given real items, before anything is trained.

        Raises:
            RecipeError: with the reason.
        """

    @abstractmethod
    def init(self, recipe: Any, data: Any, seed: int, compiled: CompiledFunctions) -> Any:
        """The state before the first epoch: all that training changes, and whatever else the methods below need.

        `compiled` keeps what was compiled for other seeds of the same recipe.
        """

    def init_together(
        self, recipe: Any, data: Any, seeds: Sequence[int], compiled: CompiledFunctions
    ) -> Together | None:
        """The learners of many seeds as one, for a device that has room for them; None for a task that has no such way.

        Raises:
            DataError, RecipeError: as :meth:`init`.
        """
        return None

    @abstractmethod
    def epoch(self, state: Any) -> tuple[Any, Metrics]:
        """The state after one more epoch, and the measurements of that epoch while training.

        The state given may be used up: its memory belongs to the new one.
        """

    @abstractmethod
    def evaluate(self, state: Any, part: str) -> Evaluation | None:
        """How a part of the data ("train", "validation", "test") is answered now; None where there is no such part."""

    def kept(self, state: Any) -> Any:
        """A copy of the state that later epochs leave alone, for early stopping."""
        return state

    @abstractmethod
    def judge(self, state: Any, answers: Mapping[str, Any]) -> Outcome:
        """What is right, from the scores of every part by its name."""

    def save(self, state: Any, outcome: Outcome) -> bytes:
        """The trained network as the bytes of a `.keras` file; empty for a learner that has none.

        What is saved may be compared with the outcome, which is what was run.

        Raises:
            TrainingError: where the saved network would answer otherwise.
        """
        return b""

    @property
    def saves_networks(self) -> bool:
        """Whether what it trains is a network that can be saved."""
        return type(self).save is not Task.save

    def ratios(self, recipe: Any, data: Any, arrays: Mapping[str, np.ndarray]) -> Mapping[str, Ratio]:
        """Figures beside the verdict by name, from the arrays of a stored run; none for a task that has none."""
        return {}

    def figures(self, recipe: Any, data: Any, arrays: Mapping[str, np.ndarray]) -> Mapping[str, Figure]:
        """Measured numbers beside the verdict by name, from the arrays of a stored run; none for a task without."""
        return {}

    def right(self, recipe: Any, data: Any, arrays: Mapping[str, np.ndarray], part: str) -> np.ndarray:
        """Which items of a part a stored run has right, bool `[n]`, from the arrays that :meth:`judge` gave.

        Raises:
            StatisticsError: where there is no such part, or nothing was kept of it.
        """
        if f"{part}_right" not in arrays:
            raise StatisticsError(f"the run has kept no answers on the {part} part, so it cannot be judged on it")
        return arrays[f"{part}_right"]
