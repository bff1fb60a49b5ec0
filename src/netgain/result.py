"""What came out: of one run, and of a study."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from netgain.atomic import write_atomically
from netgain.data import Dataset
from netgain.errors import OutputError
from netgain.findings import Findings
from netgain.stats import (
    CostRatio,
    GapVerdict,
    Look,
    MeanAccuracy,
    RightAnswers,
    Verdict,
    cost_ratio,
    judge_gaps,
    judge_pairs,
    mean_accuracy,
)
from netgain.study import Study

if TYPE_CHECKING:
    import altair
    import pandas


class RunStatus(StrEnum):
    """How a run ended. Every run that was started is recorded and counted, however it ended."""

    FINISHED = "finished"
    STOPPED_EARLY = "stopped early"
    DIVERGED = "diverged"
    FAILED = "failed"


class EpochReport(NamedTuple):
    """Where a running network stands: epoch of epochs, and the latest losses and accuracies by name."""

    epoch: int
    epochs: int
    values: dict[str, float]


@dataclass(frozen=True, eq=False, kw_only=True)
class RunResult:
    """A recipe trained with one seed.

    Attributes:
        recipe_digest, seed, dataset_digest, engine_version: what the run is looked up by. The version of the engine
            names the kernels too where there are layers ("3+avx512", "3+none"), as numbers differ by them.
        status: how it ended; a failed run has no scores.
        history: `loss`, `accuracy` and, where there are such parts, `val_…` and `test_…`: a number an epoch.
            Training values are means over the epoch as it was trained (dropout on), the others are taken
            behind it; test values are for display only.
        best_epoch: the epoch, from 1, whose weights were kept.
        test_scores: float32 `[n, K]`.
        test_right, train_right: whether the right class has the largest score, bool `[n]` and `[N]`, in
            evaluation mode.
        train_log_odds: of the right class for each training image, float32 `[N]`, in evaluation mode.
        validation_scores: float32 `[m, K]`; empty where the recipe has no validation part.
        num_parameters: weights and biases of the network.
        compile_seconds, run_seconds: to build and compile, and to train and score.
        versions, machine: what it was made with.
        model: the trained network as the bytes of a `.keras` file; empty where it was not kept.
        measured: the array that the study's :class:`netgain.findings.Measurement` gave; `[0]` where it has none, and
            for a failed or diverged run.
        failure: why it failed.
    """

    recipe_digest: str
    seed: int
    dataset_digest: str
    engine_version: str
    status: RunStatus
    history: dict[str, list[float]] = field(default_factory=dict)
    best_epoch: int = 0
    test_scores: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    test_right: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    train_right: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    train_log_odds: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    validation_scores: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    num_parameters: int = 0
    compile_seconds: float = 0.0
    run_seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, str | int] = field(default_factory=dict)
    model: bytes = field(default=b"", repr=False)
    measured: np.ndarray = field(default_factory=lambda: np.zeros(0), repr=False)
    failure: str = ""

    @property
    def test_accuracy(self) -> float:
        """Fraction of the test images given the right class."""
        return float(self.test_right.mean())

    @property
    def train_accuracy(self) -> float:
        """Fraction of the training images given the right class by the finished network, dropout off."""
        return float(self.train_right.mean())

    @property
    def engine_in_words(self) -> str:
        """The engine's version, and the kernels that it says.

        >>> run = RunResult(
        ...     recipe_digest="a", seed=0, dataset_digest="b", engine_version="3+avx2", status=RunStatus.FINISHED
        ... )
        >>> run.engine_in_words, replace(run, engine_version="3+none").engine_in_words
        ('engine 3 with avx2 kernels', 'engine 3 on plain JAX')
        """
        version, _, kernels = self.engine_version.partition("+")
        words = {"": "", "none": " on plain JAX"}.get(kernels, f" with {kernels} kernels")
        return f"engine {version}{words}"

    def save_model(self, path: str | Path) -> None:
        """Write the trained network to a `.keras` file that plain Keras opens.

        Raises:
            OutputError: where there is no network to save or the file cannot be written.
        """
        if not self.model:
            raise OutputError(f"the run with seed {self.seed} {self.status.value} and kept no network to save")
        if Path(path).suffix != ".keras":
            raise OutputError(f"Keras opens files that end in .keras; received {str(path)!r}")
        try:
            with write_atomically(Path(path)) as file:
                file.write(self.model)
        except OSError as error:
            raise OutputError(f"the network cannot be written to {str(path)!r}: {error.strerror}") from error


@dataclass(frozen=True, eq=False, kw_only=True)
class StudyResult:
    """A study that was run: every run of every arm, and what follows from them.

    Attributes:
        study: what was asked.
        dataset: the images it was asked on.
        runs: the baseline's and each arm's runs by name, one a seed.
        num_trained: how many of them were trained now; the others came from the store.
        seconds: how long that took, start to end.
        looks: where the study ran until it was known, each arm's latest look.
    """

    study: Study
    dataset: Dataset
    runs: dict[str, list[RunResult]]
    num_trained: int
    seconds: float
    looks: dict[str, Look] = field(default_factory=dict)

    def judged(self, name: str) -> list[RunResult]:
        """The runs of an arm that have scores. Diverged ones count, with the answers they gave; failed ones
        left none.
        """
        return [run for run in self.runs[name] if run.status is not RunStatus.FAILED]

    def right(self, name: str) -> np.ndarray:
        """Which test images an arm's networks have right, bool `[S, n]`."""
        return np.stack([run.test_right for run in self.judged(name)])

    @cached_property
    def accuracies(self) -> dict[str, MeanAccuracy]:
        """The mean test accuracy of the baseline and of each arm, with its two errors."""
        return {name: mean_accuracy(self.right(name), self.dataset.test_groups) for name in self.runs}

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict on each arm against the baseline, or against the arm that the study names for it; empty for
        a study that only measures its baseline.

        Of a study that ran until it was known, outcome and p are those of the looks. Where so many runs failed
        that one network is left to compare with several, there is nothing to judge an arm by.
        """
        study = self.study
        one_left = {name: len(self.judged(name)) == 1 for name in self.runs}
        pairs = {
            name: (self.right(study.other(name)), self.right(name))
            for name in study.arms
            if one_left[name] == one_left[study.other(name)]
        }
        if not pairs:
            return {}
        verdicts = judge_pairs(pairs, alpha=study.alpha, delta=study.delta, groups=self.dataset.test_groups)
        for name, look in self.looks.items():
            verdicts[name] = replace(verdicts[name], outcome=look.outcome, p_adjusted=look.p_adjusted)
        return verdicts

    @cached_property
    def gap_verdicts(self) -> dict[str, GapVerdict]:
        """The verdict on the gap between training and test accuracy, for each arm that has a verdict and of which the
        lecture says that its gap is smaller.

        Of a study that ran until it was known, an arm is compared with as many networks of the baseline as it has, and
        its p-value pays for the looks.
        """
        pairs, shares = {}, {}
        for name in self.verdicts:
            if self.study.claim(name) != "smaller gap":
                continue
            ours, others = self.judged(name), self.judged(self.study.other(name))
            if name in self.looks:
                others, shares[name] = others[: len(ours)], self.looks[name].steps[-1].share
            pairs[name] = (self._answers(self.study.other(name), others), self._answers(name, ours))
        study, groups = self.study, self.dataset.test_groups
        return judge_gaps(pairs, alpha=study.alpha, delta=study.delta, groups=groups, shares=shares) if pairs else {}

    def _answers(self, name: str, runs: list[RunResult]) -> RightAnswers:
        images = self.study.recipes[name].parts_of(self.dataset).train_images
        train, test = np.stack([run.train_right for run in runs]), np.stack([run.test_right for run in runs])
        return RightAnswers(train, test, images)

    @cached_property
    def costs(self) -> dict[str, CostRatio]:
        """The training seconds of each arm as a ratio to those of what it is compared with."""
        seconds = {name: [run.run_seconds for run in self.judged(name)] for name in self.runs}
        return {name: cost_ratio(seconds[self.study.other(name)], seconds[name]) for name in self.study.arms}

    @property
    def training_seconds(self) -> float:
        """Seconds to train and score all networks one after another, whenever that was, without compiling."""
        # One fit that stands for every seed shares its scores and counts once.
        fits = {id(run.test_scores): run.run_seconds for runs in self.runs.values() for run in runs}
        return sum(fits.values())

    @cached_property
    def findings(self) -> Findings:
        """Statements on step-matched arms, and what the study's own examination found; empty where there is neither."""
        from netgain.analyses import step_matched_statements

        found = self.study.examine(self) if self.study.examine else Findings()
        return replace(found, statements=(*step_matched_statements(self), *found.statements))

    @property
    def images(self) -> str:
        """The test images in words."""
        return f"the {self.dataset.num_test:,} test images of {self.dataset.name}"

    @property
    def sentences(self) -> list[str]:
        """Everything there is to say, a sentence each: verdicts, runs that went wrong, remarks."""
        from netgain.report.sentences import study_sentences

        return study_sentences(self)

    def analyse(self, name: str, arm: str | None = None) -> Any:
        """More to ask of one arm, by default the first: an object with `.frame()`, most with `.chart()`.

        The names: calibration, changed-images, conformal-sets, confusion, ensemble, image-errors, looks,
        overtraining, roc, score-distributions, suspected-labels, temperature.

        Raises:
            UnknownNameError: for a name or an arm that is not there.
            StatisticsError: where the runs lack what it needs, such as a validation part.
        """
        from netgain.analyses import analyse

        return analyse(self, name, arm)

    def frame(self, name: str = "verdicts") -> pandas.DataFrame:
        """A table by name: "verdicts", or the table behind the chart or the finding of that name.

        Raises:
            UnknownNameError: for a name that is neither.
        """
        from netgain.report import tables

        return tables.table(self, name)

    def chart(self, name: str = "learning-curves") -> altair.TopLevelMixin:
        """A chart by name, of every study or of this one's findings, made from the frame of the same name.

        Raises:
            UnknownNameError: for a name that is no chart.
        """
        from netgain.report import charts

        return charts.chart(self, name)

    def report(self, path: str | Path) -> None:
        """Write one self-contained HTML page: verdicts, charts with the tables behind them, the digits fixed, broken
        and wrong, what each arm changes, what it costs and how to reproduce it.

        Raises:
            OutputError: where the file cannot be written.
        """
        from netgain.report import page

        page.write([self], path)

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values, for JSON."""
        from netgain.report import tables

        return tables.as_dict(self)

    def __str__(self) -> str:
        from netgain.report import tables

        return tables.text(self)
