"""Progress in a notebook: one display that changes."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import IPython.display
import pytest

from netgain.experiment.study import Study
from netgain.runs.execute import notebook
from netgain.runs.execute.notebook import NotebookProgress, in_notebook, progress_for_python
from netgain.runs.execute.plan import PlannedRun
from netgain.runs.execute.progress import NoProgress
from netgain.runs.record import EpochReport, RunResult, RunStatus
from netgain.runs.store import RunKey
from netgain.tasks.classification.recipe import Recipe


class Screen:
    """What a notebook shows: displays, each of which changes in its place."""

    def __init__(self) -> None:
        self.displays: list[list[str]] = []

    def display(self, shown: Any, display_id: bool) -> Any:
        assert display_id
        self.displays.append([shown.data])
        history = self.displays[-1]

        class Handle:
            def update(self, shown: Any) -> None:
                history.append(shown.data)

        return Handle()

    @property
    def words(self) -> str:
        """The text of the one display, as it is now."""
        (display,) = self.displays
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", display[-1].partition("</style>")[2])).split())


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    made = Screen()
    monkeypatch.setattr(IPython.display, "display", made.display)
    monkeypatch.setattr(notebook, "SECONDS_BETWEEN", 0.0)
    return made


@pytest.fixture
def planned(small_recipe: Recipe) -> list[PlannedRun]:
    return [PlannedRun("<arm>", small_recipe, seed, RunKey("r", seed, "d", "1")) for seed in range(2)]


def a_result(status: RunStatus = RunStatus.FINISHED) -> RunResult:
    return RunResult(
        recipe_digest="r", seed=0, dataset_digest="d", engine_version="1", status=status, failure="it died"
    )


def report(epoch: int) -> EpochReport:
    return EpochReport(epoch, 3, {"test": {"accuracy": 0.5}} if epoch else {})


def test_one_display_says_how_far_each_network_is(screen: Screen, planned: list[PlannedRun]) -> None:
    show = NotebookProgress()
    with show.study(planned):
        show.epoch(planned[0], report(0))
        assert screen.words == "0 of 2 networks trained <arm>, seed 0 compiling…"
        show.epoch(planned[0], report(2))
        assert "<arm>, seed 0 epoch 2 of 3 test 50.00 %" in screen.words
        assert "width:33.3%" in screen.displays[0][-1]  # 2 of 6 epochs
        show.finished(planned[0], a_result(RunStatus.FAILED))
        assert "1 of 2 networks trained" in screen.words
        assert "<arm>, seed 0: failed: it died" in screen.words
        show.finished(planned[1], a_result(RunStatus.FAILED))
    assert re.match(r"2 networks trained in \d+ s\.", screen.words)
    assert len(screen.displays) == 1


def test_a_second_check_goes_on_in_the_same_display(screen: Screen, planned: list[PlannedRun]) -> None:
    show = NotebookProgress()
    for run in planned:
        with show.study([run]):
            show.finished(run, a_result(RunStatus.FAILED))
    assert "2 networks trained" in screen.words


def test_what_was_stopped_is_not_said_to_be_trained(screen: Screen, planned: list[PlannedRun]) -> None:
    show = NotebookProgress()
    with pytest.raises(KeyboardInterrupt), show.study(planned):
        show.epoch(planned[0], report(1))
        raise KeyboardInterrupt
    assert screen.words.startswith("0 of 2 networks trained")
    assert "seed 0" not in screen.words


def test_a_fast_network_does_not_flood_the_browser(
    screen: Screen, planned: list[PlannedRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "SECONDS_BETWEEN", 60.0)
    show = NotebookProgress()
    with show.study(planned):
        for epoch in range(1, 4):
            show.epoch(planned[0], report(epoch))
    assert len(screen.displays[0]) == 2  # its start and its end


def test_remarks_are_shown_in_the_display(screen: Screen, planned: list[PlannedRun]) -> None:
    show = NotebookProgress()
    show.trained_anew({"avx2": 3}, "avx512")
    show.repeated(planned[0], "its worker died")
    show.measuring(1)
    assert "the store has 3 with the kernels 'avx2'" in screen.words
    assert "<arm>, seed 0: its worker died; it starts again" in screen.words
    assert "measuring 1 network" in screen.words


def test_a_plain_process_shows_nothing_by_default_and_a_notebook_the_display(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not in_notebook()
    assert isinstance(progress_for_python(), NoProgress)

    class Shell:
        kernel = object()

    monkeypatch.setattr(IPython, "get_ipython", Shell)
    assert in_notebook()
    assert isinstance(progress_for_python(), NotebookProgress)
    monkeypatch.setattr(IPython, "get_ipython", object)  # IPython on a terminal
    assert not in_notebook()


def test_numbers_are_the_same_with_the_display(screen: Screen, small_study: Study, here: Any) -> None:
    import netgain as ng

    shown = ng.run(small_study, 1, store=None, executor=here, progress=NotebookProgress())
    silent = ng.run(small_study, 1, store=None, executor=here, progress=NoProgress())
    assert (shown.right("wider") == silent.right("wider")).all()
    assert "2 networks trained" in screen.words
