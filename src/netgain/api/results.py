"""Results that show themselves: what :mod:`netgain.results` computes, with words, tables, charts and reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from netgain.api.sampled import Fractions, shown_fractions
from netgain.data.sample import Images
from netgain.data.shifts import Shift, as_shifts
from netgain.errors import UnknownNameError
from netgain.experiment.study import BASELINE
from netgain.markup import one_line
from netgain.report.analysis import Analysis
from netgain.results import demonstration_result, study_result
from netgain.results.analyses import analyse
from netgain.results.classifier import classifier_of_recipe, with_networks
from netgain.results.evaluating import evaluate_arm, plan_of
from netgain.results.evaluation import title_of_arm
from netgain.results.fractions import nuisances_in, read_images
from netgain.runs.execute.options import DEFAULT_STORE, Means, RunOptions
from netgain.runs.store import Store

if TYPE_CHECKING:
    import altair
    import pandas


Shifts = Iterable[Shift | str] | Shift | str
"""Shifts as text or as objects."""


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

    def fractions(
        self,
        images: Images,
        arm: str | None = None,
        nuisances: Sequence[Shift | str] = (),
        *,
        templates: Images | None = None,
        store: Store | str | Path | None = DEFAULT_STORE,
    ) -> Fractions:
        """The class fractions of a sample, by the networks of one arm's seeds as one classifier; see
        :func:`netgain.fractions`.

        Args:
            images: the sample.
            arm: whose networks; by default those of the first arm, or of the baseline.
            nuisances: as for :func:`netgain.fractions`.
            templates: the same.
            store: where the networks are, if runs came from a store.

        Raises:
            UnknownNameError: for an arm that is not there.
            DataError, StatisticsError, StoreError: as :func:`netgain.fractions`.
        """
        chosen = arm if arm is not None else next(iter(self.study.arms), BASELINE)
        if chosen not in self.runs:
            raise UnknownNameError("arm", chosen, self.runs)
        recipe = self.study.recipes[chosen]
        untrained = classifier_of_recipe(f"{self.study.name}: {chosen}", recipe, self.dataset)
        both, sources = read_images(untrained, images, templates), nuisances_in(nuisances)
        return shown_fractions(with_networks(untrained, recipe, self.runs[chosen], store), both, sources)

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
