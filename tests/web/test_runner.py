"""The queue of studies: one after the other, stopped cleanly, never dead."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netgain.errors import RecipeError
from netgain.experiment.study import Study
from netgain.runs.store import Store
from netgain.studies import load_demonstration
from netgain.web.live import live_chart, live_table, live_view
from netgain.web.runner import MOST_WAITING, JobState, Runner
from netgain.web.shown import body_of


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    """With one worker, which is all that a queue needs: each takes seconds to start."""
    monkeypatch.setattr("netgain.web.runner.num_workers", lambda wanted: 1)
    runner = Runner(str(tmp_path / "netgain.db"))
    yield runner
    runner.close()


def wait_for(true: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_two_studies_queue_up_one_is_stopped_and_the_next_runs(
    runner: Runner, small_study: Study, tmp_path: Path
) -> None:
    assert "No study has run" in live_view(runner)
    long = runner.start(small_study.change_recipes("epochs", 100_000), 2)
    next_one = runner.start(small_study, 1)
    third = runner.start(small_study.change("name", "third"), 1)
    runner.stop(third.number)
    wait_for(lambda: bool(long.curves))
    assert (long.state, next_one.state, third.state) == (JobState.RUNNING, JobState.WAITING, JobState.STOPPED)
    assert "Waiting: 1" in live_view(runner)
    seen = runner.version
    wait_for(lambda: runner.version > seen)
    curves = live_table(long)
    assert set(curves["arm"]) <= {"baseline", "wider"}
    assert live_chart(long, curves).to_dict()
    runner.stop(long.number)
    wait_for(lambda: next_one.is_over)
    assert long.state is JobState.STOPPED
    assert next_one.state is JobState.FINISHED, next_one.message
    assert next_one.result is not None
    assert 'data-state="finished"' in live_view(runner)
    stored = Store(tmp_path / "netgain.db").listing()
    assert {run.status.value for run in stored} == {"finished"}  # what was stopped is no failed run
    assert len(stored) == 2


def test_the_curves_of_every_part_are_kept_when_a_network_is_done(runner: Runner, small_study: Study) -> None:
    job = runner.start(small_study.change_recipes("validation_size", 100), 1)
    wait_for(lambda: job.is_over)
    assert job.state is JobState.FINISHED, job.message
    curves = live_table(job)
    assert list(curves.groupby("part")["epoch"].apply(list)) == [[1, 2, 3] * 2] * 3  # two arms, three parts
    for arm, (run,) in job.result.runs.items():
        of_arm = curves[curves["arm"] == arm]
        for part in ("train", "validation", "test"):
            expected = [100 * accuracy for accuracy in run.history[part]["accuracy"]]
            assert of_arm.loc[of_arm["part"] == part, "value"].tolist() == expected


def test_a_demonstration_that_trains_nothing_shows_its_statements(runner: Runner) -> None:
    job = runner.start(load_demonstration("weight-decay-polynomial"), 2)
    wait_for(lambda: job.is_over)
    assert job.state is JobState.FINISHED, job.message
    shown = live_view(runner)
    assert 'class="statements"' in shown
    assert "/netgain/report/weight-decay-polynomial" in shown
    assert live_table(job).empty
    with pytest.raises(TypeError, match="nothing is shown of a Job"):
        body_of(job)


def test_a_study_that_fails_says_why_and_the_runner_lives_on(runner: Runner, small_study: Study) -> None:
    job = runner.start(small_study.change_recipes("train_size", 1_000_000), 1)
    wait_for(lambda: job.is_over)
    assert job.state is JobState.FAILED
    assert "too few" in job.message
    assert "too few" in live_view(runner)


def test_the_queue_has_an_end(runner: Runner, small_study: Study) -> None:
    for _ in range(MOST_WAITING):
        runner.start(small_study.change_recipes("epochs", 100_000), 1)
    with pytest.raises(RecipeError, match=f"{MOST_WAITING} studies are already waiting"):
        runner.start(small_study, 1)
