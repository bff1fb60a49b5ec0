"""What a notebook shows while a study trains: one display that changes, instead of a column of lines."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, final

from netgain.markup import box, paragraph, table
from netgain.runs.execute.plan import PlannedRun
from netgain.runs.execute.progress import (
    NoProgress,
    Progress,
    elsewhere_in_words,
    label,
    measured_in_words,
    measuring_in_words,
    outcome_in_words,
    trained_anew_in_words,
)
from netgain.runs.record import EpochReport, RunResult, RunStatus
from netgain.runs.store import RunKey

SECONDS_BETWEEN = 0.25
"""A display that changes more often only makes the browser work."""


def progress_for_python() -> Progress:
    """What `ng.run` shows if it is not told: a display in a notebook, nothing elsewhere."""
    return NotebookProgress() if in_notebook() else NoProgress()


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook. IPython is only asked where somebody else imported it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")  # IPython on a terminal has none


@final
class NotebookProgress:
    """One display: a bar for all networks, a line for each that is running, and what went wrong."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._display: Any = None
        self._notes: list[str] = []
        self._running: dict[RunKey, tuple[PlannedRun, EpochReport]] = {}
        self._networks = self._networks_done = self._epochs = self._epochs_done = 0
        self._start = self._drawn = 0.0

    @contextlib.contextmanager
    def study(self, missing: Sequence[PlannedRun]) -> Iterator[None]:
        with self._lock:
            self._networks += len(missing)  # a study that runs until it is known comes here at every check
            self._epochs += sum(planned.recipe.num_epochs for planned in missing)
            self._start = self._start or time.monotonic()
            self._show(at_once=True)
        try:
            yield
        finally:
            with self._lock:
                self._running.clear()
                self._show(at_once=True)

    def epoch(self, planned: PlannedRun, report: EpochReport) -> None:
        with self._lock:
            self._running[planned.key] = planned, report
            self._show()

    def repeated(self, planned: PlannedRun, why: str) -> None:
        with self._lock:
            self._running.pop(planned.key, None)
            self._note(f"{label(planned)}: {why}; it starts again")

    def finished(self, planned: PlannedRun, result: RunResult) -> None:
        with self._lock:
            self._running.pop(planned.key, None)
            self._networks_done += 1
            self._epochs_done += planned.recipe.num_epochs
            if result.status in {RunStatus.FAILED, RunStatus.DIVERGED}:
                self._note(f"{label(planned)}: {outcome_in_words(planned.recipe, result)}")
            self._show()

    def trained_anew(self, elsewhere: Mapping[str, int], kernels: str) -> None:
        with self._lock:
            self._note(trained_anew_in_words(elsewhere, kernels))

    def elsewhere(self, num_networks: int) -> None:
        with self._lock:
            line = elsewhere_in_words(num_networks)
            if line not in self._notes:
                self._note(line)

    def measuring(self, num_networks: int) -> None:
        with self._lock:
            self._note(measuring_in_words(num_networks))

    def _note(self, line: str) -> None:
        self._notes.append(line)
        self._show(at_once=True)

    def _show(self, at_once: bool = False) -> None:
        """Draw the display as things stand, unless it was drawn a moment ago."""
        from IPython.display import HTML, display

        now = time.monotonic()
        if not at_once and now - self._drawn < SECONDS_BETWEEN:
            return
        self._drawn = now
        if self._display is None:
            self._display = display(HTML(self._html()), display_id=True)
        else:
            self._display.update(HTML(self._html()))

    def _html(self) -> str:
        notes = [paragraph(line) for line in self._notes]
        if not self._networks:
            return box(*notes)
        running = sum(report.epoch for _, report in self._running.values())
        part = (self._epochs_done + running) / self._epochs
        spent = time.monotonic() - self._start
        networks = f"{self._networks} network{'s' if self._networks > 1 else ''}"
        if self._networks_done == self._networks:
            return box(paragraph(f"{networks} trained in {seconds_left(spent)}.", "soft"), *notes)
        left = f", about {seconds_left(spent * (1 - part) / part)} left" if part > 0.02 else ""
        title = f"{self._networks_done} of {networks} trained{left}"
        bar = f'<div class="bar"><div style="width:{100 * part:.1f}%"></div></div>'
        return box(paragraph(title), bar, table([], self._rows(), "words") if self._running else "", *notes)

    def _rows(self) -> list[list[str]]:
        return [
            [
                escape(label(planned)),
                f"epoch {report.epoch} of {report.epochs}",
                measured_in_words(planned.recipe, report),
            ]
            if report.epoch
            else [escape(label(planned)), "compiling…", ""]
            for planned, report in self._running.values()
        ]


def seconds_left(seconds: float) -> str:
    """Seconds as a reader estimates them.

    >>> seconds_left(3.2), seconds_left(89), seconds_left(4000)
    ('3 s', '1 min 29 s', '1 h 6 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
