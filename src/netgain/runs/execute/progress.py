"""What is shown while a study trains: nothing, bars on a terminal, or plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, final

from netgain.engine.kernels import PLAIN_JAX, VARIABLE, available
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute import live_line
from netgain.runs.execute.plan import PlannedRun
from netgain.runs.record import EpochReport, RunResult, RunStatus
from netgain.runs.store import RunKey
from netgain.stats.rounding import in_percent
from netgain.tasks.catalogue import task_of

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


class Progress(Protocol):
    """The events of a running study. `epoch` is called from threads."""

    def study(self, missing: Sequence[PlannedRun]) -> AbstractContextManager[None]:
        """Around the training of the missing runs."""
        ...

    def epoch(self, planned: PlannedRun, report: EpochReport) -> None:
        """A running network finished an epoch; epoch 0 is its start: it is built and compiled now."""
        ...

    def repeated(self, planned: PlannedRun, why: str) -> None:
        """A run's worker died, and the run starts again."""
        ...

    def finished(self, planned: PlannedRun, result: RunResult) -> None:
        """A run is done, however it ended."""
        ...

    def trained_anew(self, elsewhere: Mapping[str, int], kernels: str) -> None:
        """How many of the missing networks the store has with other kernels; the kernels named here are used now."""
        ...

    def elsewhere(self, num_networks: int) -> None:
        """Other programs train this number of networks at the same store, nothing else is left: told each second."""
        ...

    def measuring(self, num_networks: int) -> None:
        """This number of trained networks is measured now, which may take a minute."""
        ...


@final
class NoProgress:
    """Shows nothing."""

    def study(self, missing: Sequence[PlannedRun]) -> AbstractContextManager[None]:
        return contextlib.nullcontext()

    def epoch(self, planned: PlannedRun, report: EpochReport) -> None: ...

    def repeated(self, planned: PlannedRun, why: str) -> None: ...

    def finished(self, planned: PlannedRun, result: RunResult) -> None: ...

    def trained_anew(self, elsewhere: Mapping[str, int], kernels: str) -> None: ...

    def elsewhere(self, num_networks: int) -> None: ...

    def measuring(self, num_networks: int) -> None: ...


@final
class LineProgress:
    """A line on standard error for each network that is done: for files and pipes."""

    def __init__(self) -> None:
        self._done = 0
        self._total = 0
        self._waits = False

    def study(self, missing: Sequence[PlannedRun]) -> AbstractContextManager[None]:
        self._done, self._total, self._waits = 0, len(missing), False
        live_line.doing(f"compiling and training {_networks(len(missing))}")
        return contextlib.nullcontext()

    def epoch(self, planned: PlannedRun, report: EpochReport) -> None: ...

    def repeated(self, planned: PlannedRun, why: str) -> None:
        _say(f"{label(planned)}: {why}; it starts again")

    def finished(self, planned: PlannedRun, result: RunResult) -> None:
        self._done += 1
        _say(f"[{self._done}/{self._total}] {label(planned)}: {outcome_in_words(planned.recipe, result)}")

    def trained_anew(self, elsewhere: Mapping[str, int], kernels: str) -> None:
        _say(trained_anew_in_words(elsewhere, kernels))

    def elsewhere(self, num_networks: int) -> None:
        if not self._waits:
            _say(elsewhere_in_words(num_networks))
        self._waits = True

    def measuring(self, num_networks: int) -> None:
        _say(measuring_in_words(num_networks))


@final
class BarProgress:
    """Bars on the terminal: one for the study and one for each running network."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[RunKey, TaskID] = {}
        self._bars: Bars | None = None
        self._whole: TaskID | None = None

    @contextlib.contextmanager
    def study(self, missing: Sequence[PlannedRun]) -> Iterator[None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            TextColumn("{task.fields[note]}"),
        )
        live_line.clear()
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            self._bars = bars
            epochs = sum(planned.recipe.num_epochs for planned in missing)
            self._whole = bars.add_task("[bold]all networks", total=epochs, unit="epochs", note="starting workers…")
            self._networks_left = len(missing)
            yield
        self._bars = None

    def epoch(self, planned: PlannedRun, report: EpochReport) -> None:
        with self._lock:
            if not self._bars:
                return
            task = self._task(planned)
            note = measured_in_words(planned.recipe, report) if report.epoch else "compiling…"
            self._bars.update(task, completed=report.epoch, note=note)
            self._note_networks_left()
            self._count_epochs()

    def repeated(self, planned: PlannedRun, why: str) -> None:
        with self._lock:
            if self._bars:
                self._bars.console.print(f"{label(planned)}: {why}; it starts again")
                self._bars.update(self._task(planned), completed=0, note="starts again")

    def finished(self, planned: PlannedRun, result: RunResult) -> None:
        with self._lock:
            if not self._bars:
                return
            self._bars.update(self._task(planned), completed=planned.recipe.num_epochs, visible=False)
            self._networks_left -= 1
            self._note_networks_left()
            self._count_epochs()
            if result.status in {RunStatus.FAILED, RunStatus.DIVERGED}:
                self._bars.console.print(f"{label(planned)}: {outcome_in_words(planned.recipe, result)}")

    def trained_anew(self, elsewhere: Mapping[str, int], kernels: str) -> None:
        _say(trained_anew_in_words(elsewhere, kernels))

    def elsewhere(self, num_networks: int) -> None:
        with self._lock:
            if self._bars and self._whole is not None:
                self._bars.update(self._whole, note=elsewhere_in_words(num_networks))

    def measuring(self, num_networks: int) -> None:
        _say(measuring_in_words(num_networks))

    def _task(self, planned: PlannedRun) -> TaskID:
        assert self._bars is not None
        if planned.key not in self._tasks:
            self._tasks[planned.key] = self._bars.add_task(
                f"  {label(planned)}", total=planned.recipe.num_epochs, unit="epochs", note=""
            )
        return self._tasks[planned.key]

    def _count_epochs(self) -> None:
        assert self._bars is not None
        assert self._whole is not None
        done = sum(task.completed for task in self._bars.tasks if task.id != self._whole)
        self._bars.update(self._whole, completed=done)

    def _note_networks_left(self) -> None:
        assert self._bars is not None
        assert self._whole is not None
        self._bars.update(self._whole, note=f"{_networks(self._networks_left)} left")


def progress_for_terminal() -> Progress:
    """Bars where standard error is a terminal, lines where it is not."""
    return BarProgress() if sys.stderr.isatty() else LineProgress()


def outcome_in_words(recipe: AbstractRecipe, result: RunResult) -> str:
    """How a run ended, in one line."""
    if result.status is RunStatus.FAILED:
        return f"failed: {result.failure}"
    accuracy = f"test {task_of(recipe).measure.name} {in_percent(result.test_accuracy)} %, {result.run_seconds:.1f} s"
    if result.status is RunStatus.DIVERGED:
        return f"diverged in epoch {result.num_epochs} (its loss became NaN or infinite); {accuracy}"
    if result.status is RunStatus.STOPPED_EARLY:
        return f"stopped early, best epoch {result.best_epoch}; {accuracy}"
    return accuracy


def label(planned: PlannedRun) -> str:
    """What to call a run: its arm and its seed."""
    return f"{planned.arm}, seed {planned.seed}"


def measured_in_words(recipe: AbstractRecipe, report: EpochReport) -> str:
    """The measure of each part after an epoch."""
    name = task_of(recipe).measure.name
    told = {part: values[name] for part, values in report.values.items() if name in values}
    return ", ".join(f"{part} {100 * value:.2f} %" for part, value in told.items())


def _networks(number: int) -> str:
    return "1 network" if number == 1 else f"{number} networks"


def elsewhere_in_words(num_networks: int) -> str:
    """The one line while there is nothing to do but to wait for others."""
    return f"waiting for {_networks(num_networks)} that other programs train at this store"


def measuring_in_words(num_networks: int) -> str:
    """The one line before networks are measured."""
    return f"measuring {_networks(num_networks)}; the store, if any, keeps the results"


def trained_anew_in_words(elsewhere: Mapping[str, int], kernels: str) -> str:
    """The one line about runs of other kernels, with how to go on with those."""
    there = " and ".join(f"{number} with the kernels {name!r}" for name, number in elsewhere.items())
    usable = [name for name in elsewhere if name in (*available(), PLAIN_JAX)]
    advice = f"; {VARIABLE}={usable[0]} would use the stored ones" if usable else ""
    return f"of the networks to train, the store has {there}; they are trained again with {kernels!r}{advice}"


def _say(line: str) -> None:
    live_line.clear()
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
