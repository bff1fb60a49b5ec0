"""What came out of a study: its runs, and the statistics that follow from them. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from netgain.data import Dataset
from netgain.data.items import Items
from netgain.errors import StatisticsError
from netgain.experiment.recipe import DatasetRecipe
from netgain.experiment.study import Study
from netgain.results.figures import ArmFigure, figures_over_seeds
from netgain.results.findings import Findings
from netgain.results.result import all_runs
from netgain.results.step_matched import step_matched_statements
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import (
    Check,
    CostRatio,
    Difference,
    GapVerdict,
    Interval,
    MeanAccuracy,
    RatioEstimate,
    RightAnswers,
    Verdict,
    cost_ratio,
    judge_gaps,
    judge_pairs,
    mean_accuracy,
    ratio_estimate,
)
from netgain.stats.deciding import adjustment_of, deciding_interval
from netgain.tasks.catalogue import task_of
from netgain.tasks.task import Measure

Part = Literal["train", "validation", "test"]

UNSHIFTED = "unshifted_right"
"""The array of a run judged on shifted images that says which test items it has right as they are, bool `[n]`."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class StudyResult:
    """A study that was run: every run of every arm, and what follows from them.

    Attributes:
        study: what was asked.
        data: what it was asked on: a :class:`netgain.Dataset`, or the items of a task without images.
        runs: the baseline's and each arm's runs by name, one per seed.
        num_trained: how many of them were trained now; the others came from the store.
        seconds: how long that took, start to end.
        checks: if the study ran until it was known, each arm's latest check.
    """

    study: Study
    data: Items
    runs: dict[str, list[RunResult]]
    num_trained: int
    seconds: float
    checks: dict[str, Check] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<StudyResult {self.study.name!r}: {len(all_runs(self))} networks, on {self.items}>"

    @property
    def asked(self) -> Study:
        """The study."""
        return self.study

    def judged(self, name: str) -> list[RunResult]:
        """The runs of an arm that have scores. Diverged runs count, with the answers they gave; failed runs
        have none.
        """
        return [run for run in self.runs[name] if run.status is not RunStatus.FAILED]

    def keeps(self, name: str, array: str) -> bool:
        """Whether all of an arm's runs that have scores keep this array, such as "train_right"."""
        return all(array in run.arrays for run in self.judged(name))

    @property
    def dataset(self) -> Dataset:
        """The images, where the study is about images.

        Raises:
            StatisticsError: where it is about something else.
        """
        if not isinstance(self.data, Dataset):
            raise StatisticsError(f"{self.data.name} are not images; they are {self.measure.items}")
        return self.data

    @property
    def measure(self) -> Measure:
        """What the verdicts are about, in names and units."""
        return task_of(self.study.baseline).measure

    @property
    def items(self) -> str:
        """The test items in words, such as "the 10,000 test images of mnist"."""
        shift = f" shifted by {self.study.shift_in_words}" if self.study.shifts else ""
        return f"the {self.data.num_test:,} {self.measure.items} of {self.data.name}{shift}"

    def right(self, name: str, part: Part = "test") -> np.ndarray:
        """Which items of a part an arm's networks have right, bool `[S, n]`.

        Raises:
            StatisticsError: where there is no such part, or nothing was kept of it.
        """
        if part == "test":
            return np.stack([run.right for run in self.judged(name)])
        recipe = self.study.recipes[name]
        task = task_of(recipe)
        return np.stack([task.right(recipe, self.data, run.arrays, part) for run in self.judged(name)])

    @cached_property
    def accuracies(self) -> dict[str, MeanAccuracy]:
        """The mean test accuracy of the baseline and of each arm, with its two errors."""
        return {name: mean_accuracy(self.right(name), self.data.test_groups) for name in self.runs}

    def ratios(self, name: str) -> dict[str, RatioEstimate]:
        """The figures beside an arm's accuracy by name, such as the label error of a reader; empty for a task without.

        They are those of the test items as they are, so a study on shifted items has none.
        """
        if self.study.shifts:
            return {}
        recipe, runs = self.study.recipes[name], self.judged(name)
        found = [task_of(recipe).ratios(recipe, self.data, run.arrays) for run in runs]
        return {
            each: ratio_estimate(
                np.stack([of_run[each].numerator for of_run in found]), ratio.denominator, self.data.test_groups
            )
            for each, ratio in (found[0] if found else {}).items()
        }

    def ratio_meaning(self, name: str) -> str:
        """What a figure of :meth:`ratios` counts, in words."""
        return next(
            found[name].meaning
            for arm, recipe in self.study.recipes.items()
            for run in self.judged(arm)[:1]
            if name in (found := task_of(recipe).ratios(recipe, self.data, run.arrays))
        )

    def figures(self, name: str) -> dict[str, ArmFigure]:
        """The measured numbers beside an arm's accuracy by name, such as the coverage of a generator; empty for a task
        without. They are those of the test items as they are, so a study on shifted items has none.
        """
        if self.study.shifts:
            return {}
        recipe = self.study.recipes[name]
        return figures_over_seeds([task_of(recipe).figures(recipe, self.data, run.arrays) for run in self.judged(name)])

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict on each arm against the baseline, or against the arm that the study names for it; empty for
        a study that only measures its baseline.

        If the study ran until it was known, outcome and p are those of the checks. If so many runs failed
        that one network remains to compare with several, the arm is not judged.
        """
        verdicts = self.verdicts_on("test")
        for name, check in self.checks.items():
            verdicts[name] = replace(verdicts[name], outcome=check.outcome, p_adjusted=check.p_adjusted)
        return verdicts

    def verdicts_on(self, part: Part) -> dict[str, Verdict]:
        """The verdicts on a part of the items. Whoever chooses by verdicts takes "validation": what was chosen by the
        test items has no unbiased estimate left.

        Raises:
            StatisticsError: where an arm has no such part.
        """
        study = self.study
        one_left = {name: len(self.judged(name)) == 1 for name in self.runs}
        pairs = {
            name: (self.right(study.other(name), part), self.right(name, part))
            for name in study.arms
            if one_left[name] == one_left[study.other(name)]
        }
        if not pairs:
            return {}
        for name in pairs if part != "test" else ():
            other = study.other(name)
            if study.recipes[name].items_of(part) != study.recipes[other].items_of(part):
                message = f"{name!r} and {other!r} have different {part} parts, so they cannot be compared on them"
                raise StatisticsError(f"{message}; give both the same sizes, split and split_seed")
        groups = self.data.test_groups if part == "test" else None
        return judge_pairs(pairs, alpha=study.alpha, delta=study.delta, groups=groups)

    @cached_property
    def verdicts_without_shift(self) -> dict[str, Verdict]:
        """Of a study on shifted test images the verdicts of the same networks on the images as they are; else empty."""
        if not self.study.shifts:
            return {}
        right = {name: np.stack([run.arrays[UNSHIFTED] for run in self.judged(name)]) for name in self.runs}
        pairs = {arm: (right[self.study.other(arm)], right[arm]) for arm in self.verdicts}
        study, groups = self.study, self.data.test_groups
        return judge_pairs(pairs, alpha=study.alpha, delta=study.delta, groups=groups) if pairs else {}

    def deciding_difference(self, arm: str) -> Difference:
        """What an arm's verdict is about: its difference to its other, at the check that decided if any."""
        return self.checks[arm].deciding_step.difference if arm in self.checks else self.verdicts[arm].difference

    def deciding_interval(self, arm: str) -> Interval:
        """The interval on which an arm's verdict rests: it excludes zero exactly where the arm is BETTER or WORSE, and
        lies inside ±δ where it is EQUIVALENT. A verdict needs 5 seeds each, whatever the interval of fewer says.

        After a check its level is that of the check's share of α, so that it holds whenever the study stops (Jennison &
        Turnbull 1989, "Interim analyses: the repeated confidence interval approach", section 2).
        """
        verdict, check = self.verdicts[arm], self.checks.get(arm)
        alpha, p = self.study.alpha, verdict.difference.p_value
        if check:
            alpha, p = alpha * check.deciding_step.share, check.sequential_p
        adjustment = adjustment_of(p, verdict.p_adjusted, len(self.checks) or verdict.num_comparisons)
        return deciding_interval(self.deciding_difference(arm), verdict.outcome, alpha, adjustment)

    @cached_property
    def gap_verdicts(self) -> dict[str, GapVerdict]:
        """The verdict on the gap between training and test accuracy, for each arm that has a verdict and of which the
        lecture says that its gap is smaller; only where the runs keep their answers to training images.

        Of a study that ran until it was known, an arm is compared with as many networks of the baseline as it has, and
        its p-value is adjusted for the checks.
        """
        pairs, shares = {}, {}
        for name in self.verdicts:
            if self.study.claim(name) != "smaller gap" or not self._has_gap(name, self.study.other(name)):
                continue
            ours, others = self.judged(name), self.judged(self.study.other(name))
            if name in self.checks:
                others, shares[name] = others[: len(ours)], self.checks[name].steps[-1].share
            pairs[name] = (self._answers(self.study.other(name), others), self._answers(name, ours))
        study, groups = self.study, self.data.test_groups
        return judge_gaps(pairs, alpha=study.alpha, delta=study.delta, groups=groups, shares=shares) if pairs else {}

    def _has_gap(self, *names: str) -> bool:
        """Whether training and test images can be compared in all of these arms."""
        recipes = self.study.recipes
        return isinstance(self.data, Dataset) and all(
            isinstance(recipes[name], DatasetRecipe) and self.keeps(name, "train_right") for name in names
        )

    def _answers(self, name: str, runs: list[RunResult]) -> RightAnswers:
        recipe = self.study.recipes[name]
        assert isinstance(recipe, DatasetRecipe)
        images = recipe.parts_of(self.dataset).train_images
        train, test = np.stack([run.arrays["train_right"] for run in runs]), np.stack([run.right for run in runs])
        return RightAnswers(train, test, images)

    @cached_property
    def costs(self) -> dict[str, CostRatio]:
        """The training seconds of each arm as a ratio to those of what it is compared with."""
        seconds = {name: [run.run_seconds for run in self.judged(name)] for name in self.runs}
        return {name: cost_ratio(seconds[self.study.other(name)], seconds[name]) for name in self.study.arms}

    @property
    def training_seconds(self) -> float:
        """Seconds to train and score all networks one after another, whenever that was, without compiling."""
        # One fit that is used for every seed shares its scores and counts once.
        fits = {id(run.right): run.run_seconds for runs in self.runs.values() for run in runs}
        return sum(fits.values())

    @cached_property
    def findings(self) -> Findings:
        """Statements on step-matched arms, and what the study's own examination found; empty where there is neither."""
        found = self.study.examine(self) if self.study.examine else Findings()
        judged = {name: self.right(name) for name in self.runs}
        matched = step_matched_statements(self.study, judged, self.data.test_groups)
        return replace(found, statements=(*matched, *found.statements))
