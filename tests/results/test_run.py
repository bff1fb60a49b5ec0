import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from netgain.data import Dataset, load_dataset
from netgain.errors import DataError, RecipeError, TrainingError
from netgain.experiment.study import BASELINE, Study
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.report.kinds import sentences
from netgain.results.run import run, train
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.execute.pool import WorkerDiedError
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.runs.trained import model_of
from netgain.tasks.classification.recipe import Recipe


def same(one: RunResult, other: RunResult) -> bool:
    return one.history == other.history and np.array_equal(one.test_scores, other.test_scores)


@pytest.fixture(scope="module")
def of_two_workers(small_study: Study) -> StudyResult:
    """The small study with two seeds, trained by two workers."""
    return run(small_study, 2, RunOptions(store=None, workers=2))


def test_a_study_is_trained_once_and_then_found(small_study: Study, tmp_path: Path, here: Executor) -> None:
    first = run(small_study, 2, RunOptions(store=tmp_path / "runs.db", executor=here))
    second = run(small_study, 2, RunOptions(store=tmp_path / "runs.db"))
    assert (first.num_trained, second.num_trained) == (4, 0)
    for name in small_study.recipes:
        assert [r.seed for r in first.runs[name]] == [0, 1]
        assert all(same(one, other) for one, other in zip(first.runs[name], second.runs[name], strict=True))
        assert all("accuracy" in r.history["test"] for r in second.runs[name])
    third = run(small_study, [1, 5], RunOptions(store=tmp_path / "runs.db", executor=here))
    assert third.num_trained == 2
    assert same(third.runs["wider"][0], first.runs["wider"][1])
    assert model_of(third.runs["wider"][0], tmp_path / "runs.db").model == first.runs["wider"][1].model


def test_train_gives_what_a_study_gives(small_study: Study, of_two_workers: StudyResult) -> None:
    assert same(train(small_study.baseline, 1), of_two_workers.runs[BASELINE][1])


def test_any_executor_will_do(small_study: Study, of_two_workers: StudyResult) -> None:
    with ThreadPoolExecutor(1) as executor:
        result = run(small_study, 1, RunOptions(store=None, executor=executor))
        assert result.num_trained == 2
        assert executor.submit(int, "3").result() == 3  # still open
    assert same(result.runs["wider"][0], of_two_workers.runs["wider"][0])


def test_own_images_reach_the_workers(small_recipe: Recipe, of_two_workers: StudyResult) -> None:
    digits = load_dataset("digits")
    own = Dataset(digits.x_train, digits.y_train, digits.x_test, digits.y_test, name="my digits")
    assert train(small_recipe.change("dataset", own)).test_accuracy == of_two_workers.runs[BASELINE][0].test_accuracy


DIES = """
    import os, keras
    from pathlib import Path
    class Dies(keras.layers.Layer):
        "Ends its process while it is traced, as often as a file has lines."
        def __init__(self, deaths="", **settings):
            super().__init__(**settings)
            self.deaths = deaths
        def call(self, inputs, training=None):
            if training and self.deaths:
                deaths = Path(self.deaths)
                lines = deaths.read_text().splitlines() if deaths.exists() else []
                if lines:
                    deaths.write_text("\\n".join(lines[1:]))
                    if lines[0] == "one death":
                        os.kill(os.getpid(), 9)
                    raise eval(lines[0])
            return inputs
        def get_config(self):
            return {**super().get_config(), "deaths": self.deaths}
"""


def dying_study(small_study: Study, path: Path, deaths: int, how: str = "one death") -> Study:
    import keras

    from netgain.networks.families.own import KerasNetwork

    scope: dict = {"__name__": "__main__"}
    exec(textwrap.dedent(DIES), scope)
    layers = [keras.layers.Flatten(), scope["Dies"](str(path)), keras.layers.Dense(10, activation="softmax")]
    network = KerasNetwork(keras.Sequential([keras.Input((8, 8, 1)), *layers]))
    path.write_text("\n".join([how] * deaths))  # now that this process has traced the model
    return Study("dying", baseline=small_study.baseline, arms={"dies": small_study.baseline.change("network", network)})


def test_a_dying_worker_is_replaced_and_its_run_repeated(small_study: Study, tmp_path: Path) -> None:
    result = run(dying_study(small_study, tmp_path / "deaths", 2), 1, RunOptions(store=None, workers=1))
    assert [r.status for runs in result.runs.values() for r in runs] == [RunStatus.FINISHED] * 2


def test_a_run_that_keeps_killing_its_worker_failed_and_is_tried_again_later(
    small_study: Study, tmp_path: Path, here: Executor
) -> None:
    """What ends a worker, memory or a signal, is mended outside the recipe: the store keeps no such failure."""
    study, store = dying_study(small_study, tmp_path / "deaths", 3), Store(tmp_path / "runs.db")
    with pytest.raises(TrainingError, match=r"every run of 'dies' .1. failed.*killed by signal 9.*tried 3 times"):
        run(study, [0], RunOptions(store=store, workers=1))
    assert store.num_runs() == 1
    assert run(study, [0], RunOptions(store=store, executor=here)).num_trained == 1


def test_a_failure_of_the_network_is_kept(small_study: Study, tmp_path: Path, here: Executor) -> None:
    study = dying_study(small_study, tmp_path / "deaths", 1, "ValueError('no such mode')")
    store = Store(tmp_path / "runs.db")
    with pytest.raises(TrainingError, match="ValueError: .*no such mode.*retry_failed=True"):
        run(study, [0], RunOptions(store=store, workers=1))
    result = run(study, [0, 1], RunOptions(store=store, executor=here))
    assert result.num_trained == 2  # the baseline's and the arm's second seed; what failed stays failed
    assert [r.status for r in result.runs["dies"]] == [RunStatus.FAILED, RunStatus.FINISHED]
    assert [r.status for r in result.runs[BASELINE]] == [RunStatus.FINISHED] * 2
    assert any("1 of 2 runs failed (seed 0)" in sentence for sentence in sentences(result))
    assert [r.seed for r in result.judged("dies")] == [1]
    mended = run(study, [0, 1], RunOptions(store=store, retry_failed=True, executor=here))
    assert (mended.num_trained, len(mended.judged("dies"))) == (1, 2)


def test_a_failure_of_the_computer_is_not_kept(small_study: Study, tmp_path: Path, here: Executor) -> None:
    study = dying_study(small_study, tmp_path / "deaths", 1, "FileNotFoundError('weights.npy')")
    store = Store(tmp_path / "runs.db")
    with pytest.raises(TrainingError, match="FileNotFoundError: .*weights.npy"):
        run(study, [0], RunOptions(store=store, workers=1))
    assert store.num_runs() == 1
    assert run(study, [0], RunOptions(store=store, executor=here)).num_trained == 1


class Dying(ThreadPoolExecutor):
    """An executor of a user's, whose workers die of the wider networks."""

    def submit(self, fn, /, *args, **kwargs) -> Future:  # pyright: ignore[reportIncompatibleMethodOverride]
        if args[0].network.hidden != (24,):
            return super().submit(fn, *args, **kwargs)
        future = Future()
        future.set_exception(WorkerDiedError("killed by signal 9"))
        return future


def test_an_arm_of_which_every_run_fails_cannot_be_judged(small_study: Study) -> None:
    message = r"every run of 'wider' .1. failed.*killed by signal 9, tried 3 times"
    with Dying(1) as executor, pytest.raises(TrainingError, match=message):
        run(small_study, 1, RunOptions(store=None, executor=executor))


def test_mistakes_are_found_before_anything_runs(small_study: Study, tmp_path: Path, here: Executor) -> None:
    store = tmp_path / "runs.db"
    large = small_study.change_recipes("train_size", 5000)
    with pytest.raises(DataError, match="5000"):
        run(large, 1, RunOptions(store=store))
    kernel = Study(
        "k",
        baseline=small_study.baseline,
        arms={"big": small_study.baseline.change("network", ConvNet(kernel_size=9))},
    )
    with pytest.raises(RecipeError, match=r"\(big\).*9×9 kernel of block 1 is larger than its 8×8 input"):
        run(kernel, 1, RunOptions(store=store))
    for seeds in (0, [-1], [1, 1], [0.5]):
        with pytest.raises(RecipeError, match="seeds"):
            run(small_study, seeds, RunOptions(store=store))  # pyright: ignore
    with pytest.raises(RecipeError, match="workers"):
        run(small_study, 1, RunOptions(store=store, workers=0))
    assert run(small_study, 1, RunOptions(store=store, executor=here)).num_trained == 2


SCRIPT = """
    import netgain as ng
    # No `if __name__ == "__main__"`: a student's script has none.
    recipe = ng.Recipe(dataset="digits", train_size=360, network=ng.MLP(hidden=(12,)), optimizer="adam", epochs=2)
    arm = recipe.change("batch_size", 1).change("epochs", {arm_epochs})
    study = ng.Study("s", baseline=recipe, arms={{"b": arm}})
    print("result", ng.run(study, seeds=4, store="runs.db", workers={workers}).num_trained, flush=True)
"""


def started_study(arm_epochs: int) -> Study:
    """The study of SCRIPT."""
    recipe = Recipe(dataset="digits", train_size=360, network=MLP(hidden=(12,)), optimizer="adam", epochs=2)
    return Study("s", baseline=recipe, arms={"b": recipe.change("batch_size", 1).change("epochs", arm_epochs)})


def start(tmp_path: Path, arm_epochs: int, workers: int) -> subprocess.Popen[str]:
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT.format(arm_epochs=arm_epochs, workers=workers)))
    return subprocess.Popen(
        [sys.executable, "script.py"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def stored(tmp_path: Path) -> int:
    import sqlite3
    from contextlib import closing

    if not (tmp_path / "runs.db").exists():
        return 0
    with closing(sqlite3.connect(tmp_path / "runs.db", timeout=60)) as connection, connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'runs'").fetchone()[0]
        return connection.execute("SELECT count(*) FROM runs").fetchone()[0] if tables else 0


def workers_of(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split(")")[1].split()[0] != "Z"


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_stopping_a_study_loses_only_what_was_running(tmp_path: Path, sent: signal.Signals, here: Executor) -> None:
    process = start(tmp_path, 100_000, workers=2)  # the arm takes many minutes: two workers end two networks
    deadline = time.monotonic() + 120
    while stored(tmp_path) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    workers = workers_of(process.pid)
    os.kill(process.pid, sent)
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()  # or it trains on behind all other tests, where Ctrl-C is ignored
    assert stored(tmp_path) == 2, errors
    assert len(workers) == 2
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, workers)), "workers outlived their parent"
    assert run(started_study(2), 4, RunOptions(store=tmp_path / "runs.db", executor=here)).num_trained == 6
    assert stored(tmp_path) == 8


def test_two_programs_share_a_store(tmp_path: Path) -> None:
    processes = [start(tmp_path, 2, workers=1), start(tmp_path, 2, workers=1)]
    assert all(process.communicate(timeout=240)[0].startswith("result") for process in processes)
    assert stored(tmp_path) == 8


def test_one_worker_tells_its_progress_and_gives_what_two_give(small_study: Study, of_two_workers: StudyResult) -> None:
    class Told:
        def __init__(self) -> None:
            self.events: list[tuple] = []
            self.threads: set[str] = set()

        def study(self, missing):
            import contextlib

            self.events.append(("study", len(missing)))
            return contextlib.nullcontext()

        def epoch(self, planned, report) -> None:
            self.threads.add(threading.current_thread().name)
            self.events.append(("epoch", planned.arm, report.epoch, report.epochs))

        def repeated(self, planned, why) -> None:
            raise AssertionError

        def finished(self, planned, result) -> None:
            self.events.append(("finished", planned.arm, result.status))

        def trained_anew(self, elsewhere, kernels) -> None:
            raise AssertionError

        def elsewhere(self, num_networks) -> None: ...
        def measuring(self, num_networks) -> None:
            raise AssertionError

    told = Told()
    result: StudyResult = run(small_study, 1, RunOptions(store=None, workers=1, progress=told))
    assert result.num_trained == 2
    assert told.events[0] == ("study", 2)
    assert ("epoch", BASELINE, 1, 3) in told.events
    assert [event[1:] for event in told.events if event[0] == "finished"] == [
        (BASELINE, RunStatus.FINISHED),
        ("wider", RunStatus.FINISHED),
    ]
    assert all(same(runs[0], of_two_workers.runs[arm][0]) for arm, runs in result.runs.items())
