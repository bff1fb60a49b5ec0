"""The record of a run: one recipe trained with one seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np

from netgain.engine.kernels import GPU, PLAIN_JAX
from netgain.errors import OutputError, StatisticsError
from netgain.files import write_atomically
from netgain.markup import box, code, folded, one_line, paragraph, table

History = dict[str, dict[str, list[float]]]
"""Part ("train", "validation", "test") -> measurement ("loss", "accuracy") -> a number per epoch."""


class RunStatus(StrEnum):
    """How a run ended. Every run that was started is recorded and counted, however it ended."""

    FINISHED = "finished"
    STOPPED_EARLY = "stopped early"
    DIVERGED = "diverged"
    FAILED = "failed"


class EpochReport(NamedTuple):
    """Where a running network stands: epoch of epochs, and the latest measurements by part and name."""

    epoch: int
    epochs: int
    values: dict[str, dict[str, float]]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class RunResult:
    """A recipe trained with one seed.

    Attributes:
        recipe_digest, seed, dataset_digest, engine_version: what the run is looked up by. The version of the engine
            names the kernels too where they decide numbers ("3+avx512", "3+none").
        status: how it ended; a failed run has nothing else.
        history: `history["train"]["loss"]` and so on by part and measurement, a number per epoch.
            Training values are means over the epoch as it was trained (dropout on), the others are taken
            after it; test values are for display only.
        best_epoch: the epoch, from 1, whose weights were kept.
        right: which test items the finished learner has right, bool `[n]`, in evaluation mode.
        arrays: what else its task keeps, by name; for a classifier see
            :class:`netgain.tasks.classification.task.ImageTask`.
        num_parameters: weights and biases of the network.
        compile_seconds, run_seconds: to build and compile, and to train and score.
        versions, machine: the versions and the computer that trained it.
        model: the trained network as the bytes of a `.keras` file; empty where it was not kept.
        measured: the array that the study's :class:`netgain.experiment.measurement.Measurement` gave; `[0]` where it
            has none, and for a failed or diverged run.
        failure: why it failed.
    """

    recipe_digest: str
    seed: int
    dataset_digest: str
    engine_version: str
    status: RunStatus
    history: History = field(default_factory=dict)
    best_epoch: int = 0
    right: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    num_parameters: int = 0
    compile_seconds: float = 0.0
    run_seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, str | int] = field(default_factory=dict)
    model: bytes = b""
    measured: np.ndarray = field(default_factory=lambda: np.zeros(0))
    failure: str = ""

    def __repr__(self) -> str:
        return one_line(f"<RunResult: seed {self.seed}, {self._in_words()}>")

    def _in_words(self) -> str:
        if self.status is RunStatus.FAILED:
            return f"failed: {self.failure}"
        right = f"{100 * self.test_accuracy:.2f} % of {len(self.right):,} test items right"
        epochs = "1 epoch" if self.num_epochs == 1 else f"{self.num_epochs} epochs"
        return f"{self.status}, {right}, {epochs}, {self.run_seconds:.3g} s"

    def _repr_html_(self) -> str:
        last = {
            f"{part} {name}, last epoch": f"{values[-1]:.4g}"
            for part, measured in self.history.items()
            for name, values in measured.items()
            if values
        }
        kept = {"best epoch": f"{self.best_epoch}", "parameters": f"{self.num_parameters:,}"}
        made = {"engine": self.engine_in_words, "recipe": self.recipe_digest[:12], "dataset": self.dataset_digest[:12]}
        rows = [[escape(name), code(value)] for name, value in {**kept, **last, **made}.items()]
        title = paragraph(f"Run with seed {self.seed}: {self._in_words()}.", "title")
        return box(title, folded("More of it", table([], rows, "words")))

    @property
    def test_accuracy(self) -> float:
        """Fraction of the test items that are right."""
        return float(self.right.mean())

    @property
    def train_accuracy(self) -> float:
        """Fraction of the training items that the finished network has right, dropout off; NaN where none was kept."""
        return float(self.arrays["train_right"].mean()) if "train_right" in self.arrays else math.nan

    @property
    def test_scores(self) -> np.ndarray:
        """Of a classifier the scores of the test images, float32 `[n, K]`.

        Raises:
            StatisticsError: where the run has none: it failed, or is not of a classifier.
        """
        if "test_scores" not in self.arrays:
            raise StatisticsError(f"the run with seed {self.seed} has no scores of test images ({self.status.value})")
        return self.arrays["test_scores"]

    @property
    def num_epochs(self) -> int:
        """How many epochs it was trained."""
        return max((len(values) for values in self.history.get("train", {}).values()), default=0)

    @property
    def engine_in_words(self) -> str:
        """The engine's version, and the kernels that it says.

        >>> from dataclasses import replace
        >>> run = RunResult(
        ...     recipe_digest="a", seed=0, dataset_digest="b", engine_version="3+avx2", status=RunStatus.FINISHED
        ... )
        >>> run.engine_in_words, replace(run, engine_version="3+none").engine_in_words
        ('engine 3 with avx2 kernels', 'engine 3 on plain JAX')
        """
        version, _, kernels = self.engine_version.partition("+")
        words = {"": "", PLAIN_JAX: " on plain JAX", GPU: " on a graphics card"}.get(
            kernels, f" with {kernels} kernels"
        )
        return f"engine {version}{words}"

    def save_model(self, path: str | Path) -> None:
        """Write the trained network to a `.keras` file that plain Keras opens.

        Raises:
            OutputError: if there is no network to save or the file cannot be written.
        """
        if not self.model:
            raise OutputError(f"the run with seed {self.seed} {self.status.value} and has no network to save")
        if Path(path).suffix != ".keras":
            raise OutputError(f"the name must end in .keras, or Keras cannot open the file; received {str(path)!r}")
        try:
            with write_atomically(Path(path)) as file:
                file.write(self.model)
        except OSError as error:
            raise OutputError(f"the network cannot be written to {str(path)!r}: {error.strerror}") from error
