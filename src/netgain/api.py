"""What `import netgain as ng` gives: to run a study in one line, and results that show themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, final, overload

from netgain.data import Dataset
from netgain.data.shifts import Shift, as_shifts
from netgain.errors import RecipeError, UnknownNameError, near_or_all
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import BASELINE, Study
from netgain.markup import one_line
from netgain.report.analysis import Analysis
from netgain.results import demonstration_result, study_result
from netgain.results import run as running
from netgain.results.analyses import analyse
from netgain.results.evaluating import evaluate_arm, plan_of
from netgain.results.evaluation import evaluation_of, title_of_arm
from netgain.results.run import Seeds
from netgain.runs.execute.options import DEFAULT_STORE, Means, RunOptions
from netgain.runs.execute.progress import Progress
from netgain.runs.record import RunResult
from netgain.runs.store import Store

if TYPE_CHECKING:
    import altair
    import pandas


Shifts = Iterable[Shift | str] | Shift | str
"""Shifts as text or as objects."""


class Options(TypedDict, total=False):
    """The options of :func:`run`, as :class:`netgain.RunOptions` has them."""

    store: Store | str | Path | None
    workers: int | None
    executor: Executor | None
    retry_failed: bool
    progress: Progress | None


class _Shown:
    """What the results of studies and of demonstrations show in the same way."""

    @property
    def sentences(self) -> list[str]:
        """Everything there is to say, a sentence each: verdicts or statements, runs that went wrong, remarks."""
        from netgain.report import kinds

        return kinds.sentences(self)

    def report(self, path: str | Path) -> None:
        """Write one self-contained HTML page: verdicts and statements, charts with the tables behind them, what each
        arm changes and what it costs, and how to reproduce it.

        Raises:
            OutputError: where the file cannot be written.
        """
        from netgain.report import page

        page.write([self], path)  # pyright: ignore[reportArgumentType] - one of the two classes below

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values, for JSON."""
        from netgain.report import kinds

        return kinds.as_dict(self)

    def __str__(self) -> str:
        from netgain.report import kinds

        return kinds.text(self)

    def __repr__(self) -> str:
        from netgain.report import kinds

        name = self.asked.name  # pyright: ignore[reportAttributeAccessIssue] - as above
        return one_line(f"<{type(self).__name__} {name!r}: {kinds.line(self)}>")

    def _repr_html_(self) -> str:
        from netgain.report import kinds

        return kinds.html(self)


@final
@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class StudyResult(_Shown, study_result.StudyResult):
    """A study that was run: every run of every arm, what follows from them, and how to show it.

    Attributes:
        study, data, runs, num_trained, seconds, checks: as in
            :class:`netgain.results.study_result.StudyResult`, which computes all numbers.
    """

    def analyse(self, name: str, arm: str | None = None) -> Analysis:
        """Another analysis of one arm, by default the first: an object with `.frame()`, most with `.chart()`.

        The names: calibration, changed-images, conformal-sets, confusion, ensemble, image-errors, checks,
        overtraining, roc, score-distributions, suspected-labels, temperature.

        Raises:
            UnknownNameError: for a name or an arm that is not there.
            StatisticsError: where the runs lack what it needs, such as a validation part.
        """
        return Analysis(name, analyse(self, name, arm), self.measure)

    def evaluate(
        self,
        shifts: Shifts = (),
        arm: str = BASELINE,
        *,
        joint: int | None = None,
        correlations: Sequence[str] = (),
        store: Store | str | Path | None = DEFAULT_STORE,
    ) -> Analysis:
        """The accuracy of an arm's networks with its errors, as :func:`evaluate`; nothing is trained.

        Args:
            shifts: how images at use may differ, as text ("rotation=N(0,10)") or :class:`netgain.data.shifts.Shift`.
            arm: the baseline or an arm.
            joint: draw the amounts of all shifts together, so many times.
            correlations: of the amounts that are drawn together, such as ["rotation,blur=0.8"].
            store: where the trained networks are, and where their answers to changed images are kept.

        Raises:
            UnknownNameError: for an arm that is not there.
            DataError, RecipeError: for an invalid shift, or an arm that keeps no network.
        """
        means = Means.of(RunOptions(store=store))
        value = evaluate_arm(self, arm, plan_of(as_shifts(shifts), joint, correlations), means)
        return Analysis(title_of_arm(self, arm), value, self.measure)

    def frame(self, name: str = "verdicts") -> pandas.DataFrame:
        """A table by name: "verdicts", or the table of the chart or the finding of that name.

        Raises:
            UnknownNameError: for a name that is neither.
        """
        from netgain.report import tables

        return tables.table(self, name)

    def chart(self, name: str = "learning-curves") -> altair.TopLevelMixin:
        """A chart by name, of every study or of this one's findings, made from the frame of the same name.

        Raises:
            UnknownNameError: for a name that is not a chart.
        """
        from netgain.report import charts

        return charts.chart(self, name)


@final
@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DemonstrationResult(_Shown, demonstration_result.DemonstrationResult):
    """A demonstration that was run: its networks, what they show, and how to show it.

    Attributes:
        demonstration, seeds, data, runs, findings, num_trained, seconds: as in
            :class:`netgain.results.demonstration_result.DemonstrationResult`.
    """

    def frame(self, name: str) -> pandas.DataFrame:
        """The table of a figure, by name.

        Raises:
            UnknownNameError: for a name that is not a figure.
        """
        return self.findings.frame(name)

    def chart(self, name: str) -> altair.TopLevelMixin:
        """A figure by name.

        Raises:
            UnknownNameError: for a name that is not a figure.
        """
        return self.findings.chart(name)


@overload
def run(study: Study, seeds: Seeds = 5, **options: Unpack[Options]) -> StudyResult: ...
@overload
def run(study: Demonstration, seeds: Seeds = 5, **options: Unpack[Options]) -> DemonstrationResult: ...
def run(study: Study | Demonstration, seeds: Seeds = 5, **options: Any) -> StudyResult | DemonstrationResult:
    """Train every recipe of a study or demonstration with every seed, as far as the store lacks the run, and judge.

    Args:
        study: what to run; a demonstration's networks are trained in the same way, then examined.
        seeds: how many (0, 1, 2, …) or which; a verdict needs 5. "until-known" gives the arms 5, 8, 12 and
            finally 20 seeds, each until it is decided, with p-values that stay honest.
        **options: where runs are kept, and who trains them: `store`, `workers`, `executor`, `retry_failed` and
            `progress`, as in :class:`netgain.RunOptions`.

    Raises:
        DataError, RecipeError: where the study cannot be trained on its images, or for an option that is not there;
            found before anything runs.
        StoreError: where a finished run cannot be kept. Runs written before are safe.
        TrainingError: where every run of an arm failed.
        ComputerError: where NETGAIN_KERNELS names kernels that this computer lacks.
    """
    known = [field.name for field in fields(RunOptions)]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise RecipeError("call of run", [(name, _no_such_option(name, known)) for name in unknown])
    return shown(running.run(study, seeds, RunOptions(**options)))


def _no_such_option(name: str, known: list[str]) -> str:
    return f"there is no such option{near_or_all(name, ['study', 'seeds', *known], 'Options')}"


@singledispatch
def shown(result: Any) -> Any:
    """The same result as one that shows itself."""
    raise UnknownNameError("kind of result", type(result).__name__, ["StudyResult", "DemonstrationResult"])


@shown.register
def _(result: study_result.StudyResult) -> StudyResult:
    return StudyResult(**{field.name: getattr(result, field.name) for field in fields(result)})


@shown.register
def _(result: demonstration_result.DemonstrationResult) -> DemonstrationResult:
    return DemonstrationResult(**{field.name: getattr(result, field.name) for field in fields(result)})


def evaluate(
    model: AbstractRecipe | str | Path,
    shifts: Shifts = (),
    *,
    data: str | Path | Dataset | None = None,
    joint: int | None = None,
    correlations: Sequence[str] = (),
    store: Store | str | Path = DEFAULT_STORE,
) -> Analysis:
    """The accuracy of trained networks ± (test sample) ± (training) ± (systematics); nothing is trained.

    Args:
        model: a recipe, its name or its TOML file, of which the store has trained networks, all of which are used; or a
            `.keras` file, one network, which has no training error.
        shifts: how images at use may differ from the test images, such as ["rotation=N(0,10)", "blur=U(0,1)"]; without
            any, there is no systematic error.
        data: the images to use instead of those that the recipe declares; needed for a `.keras` file.
        joint: draw the amounts of all shifts together, so many times: for shifts whose effects are not independent.
        correlations: of the amounts that are drawn together, such as ["rotation,blur=0.8"].
        store: where the trained networks are, and where their answers to changed images are kept.

    Raises:
        UnknownNameError, DataError, RecipeError: for an invalid model, shift or image.
        StoreError: where the store has no networks of the recipe.
    """
    plan = plan_of(as_shifts(shifts), joint, correlations)
    found = evaluation_of(model, data, plan, RunOptions(store=store))
    return Analysis(found.title, found.value, found.measure)


def train(recipe: AbstractRecipe, seed: int = 0, *, store: Store | str | Path | None = None) -> RunResult:
    """Train one network in a process of its own, or find it in the store; nothing is kept by default.

    Raises:
        DataError, RecipeError, StoreError, TrainingError: as :func:`run`.
    """
    return running.train(recipe, seed, RunOptions(store=store, workers=1))
