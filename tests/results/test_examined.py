"""Networks and measurements that runs come with when they are examined."""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

from netgain.data import Dataset
from netgain.errors import RecipeError
from netgain.experiment.measurement import Measurement
from netgain.experiment.study import Study
from netgain.results.findings import Findings, Statement
from netgain.results.run import run
from netgain.results.stored import open_existing, stored
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.execute.progress import LineProgress
from netgain.runs.record import RunResult
from netgain.tasks.classification.recipe import Recipe


class Counted:
    """Measures the seed and the size of the network's file, and counts how many runs it was asked for."""

    def __init__(self, name: str = "size") -> None:
        self.asked: list[tuple[int, str]] = []
        self.measurement = Measurement(name, self.of_runs)

    def of_runs(self, runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset) -> list[np.ndarray]:
        assert dataset.name == "digits"
        self.asked += [(one.seed, recipe.digest) for one, recipe in runs]
        return [np.array([[one.seed, len(one.model)]]) for one, _ in runs]


def examine(result: StudyResult) -> Findings:
    found = {name: [one.measured.tolist() for one in runs] for name, runs in result.runs.items()}
    return Findings((Statement("Networks were kept", found["baseline"][0][0][1] > 1000, str(found)),))


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def study(counted: Counted) -> Study:
    from netgain.networks.families.mlp import MLP

    plain = Recipe(dataset="digits", train_size=100, network=MLP(hidden=(5,)), epochs=1)
    arms = {"adam": plain.change("optimizer", "adam")}
    return Study("sizes", baseline=plain, arms=arms, examine=examine, measurement=counted.measurement)


def test_every_run_is_measured_once_and_kept(study: Study, counted: Counted, tmp_path: Path, here: Executor) -> None:
    store = tmp_path / "runs.db"
    first = run(study, 2, RunOptions(store=store, executor=here))
    assert sorted(counted.asked) == sorted(
        (seed, recipe.digest) for recipe in study.recipes.values() for seed in (0, 1)
    )
    assert first.findings.hold
    counted.asked.clear()
    again, found = run(study, 2, RunOptions(store=store, executor=here)), stored(study, open_existing(store))
    assert isinstance(found, StudyResult)
    assert counted.asked == []
    for result in (again, found):
        assert result.findings.statements == first.findings.statements
        np.testing.assert_array_equal(result.right("adam"), first.right("adam"))
    run(study, 3, RunOptions(store=store, executor=here))
    assert [seed for seed, _ in counted.asked] == [2, 2]


def test_the_user_is_told_of_what_is_measured_and_only_then(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str], here: Executor
) -> None:
    store = tmp_path / "runs.db"
    run(study.change("measurement", None).change("examine", None), 2, RunOptions(store=store, executor=here))
    capsys.readouterr()
    for expected in (1, 0):
        stored(study, open_existing(store), progress=LineProgress())
        assert capsys.readouterr().err.count("measuring 4 networks") == expected


def test_an_examination_without_its_measurement_says_so(study: Study, counted: Counted, here: Executor) -> None:
    def examine(result: StudyResult) -> Findings:
        return Findings((Statement("Measured", bool(counted.measurement.of(result.runs["baseline"][0]).size), ""),))

    assert run(study.change("examine", examine), 1, RunOptions(store=None, executor=here)).findings.hold
    forgotten = run(
        study.change("examine", examine).change("measurement", None), 1, RunOptions(store=None, executor=here)
    )
    with pytest.raises(RecipeError, match="measurement: its examination needs.*'size'"):
        _ = forgotten.findings


def test_another_name_measures_anew(study: Study, tmp_path: Path, here: Executor) -> None:
    store, other = tmp_path / "runs.db", Counted("size again")
    run(study, 1, RunOptions(store=store, executor=here))
    run(study.change("measurement", other.measurement), 1, RunOptions(store=store, executor=here))
    assert len(other.asked) == 2


def test_nothing_is_measured_that_is_not_examined(study: Study, counted: Counted, here: Executor) -> None:
    result = run(study.change("examine", None), 1, RunOptions(store=None, executor=here))
    assert counted.asked == []
    assert result.runs["baseline"][0].measured.size == 0


def test_a_diverged_network_is_not_measured(study: Study, counted: Counted, here: Executor) -> None:
    wild = study.baseline.change("optimizer", "sgd").change("optimizer.learning_rate", 1e38)
    wild = wild.change("network.activation", "relu").change("epochs", 3)
    run(Study("wild", baseline=study.baseline, arms={"wild": wild}, examine=examine,
              measurement=counted.measurement), 1, RunOptions(store=None, executor=here))  # fmt: skip
    assert [digest for _, digest in counted.asked] == [study.baseline.digest]


def test_what_cannot_be_kept_is_still_measured(
    study: Study, counted: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Executor
) -> None:
    from netgain.errors import StoreError
    from netgain.runs.store import Store

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    run(
        study.change("measurement", None).change("examine", None),
        1,
        RunOptions(store=tmp_path / "runs.db", executor=here),
    )
    monkeypatch.setattr(Store, "keep_measured", full)
    result = stored(study, open_existing(tmp_path / "runs.db"))
    assert isinstance(result, StudyResult)
    assert result.findings.hold
    assert len(counted.asked) == 2
