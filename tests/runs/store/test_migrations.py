"""A store of an older netgain, brought up to date: every run is found again by what decides its numbers."""

import dataclasses
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, select

from netgain.networks.families.mlp import MLP
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.tasks.classification.recipe import Recipe

RECIPE = Recipe(dataset="digits", network=MLP())
MACHINE = {"dataset": "digits", "network": {"family": "svm", "c": 5.0, "gamma": 0.02}}
"""A recipe as older versions wrote it down, when a support vector machine was a network."""

HISTORY = {
    "loss": [0.5, None],  # how JSON writes a loss that is no number
    "accuracy": [0.8, 0.1],
    "val_loss": [0.75, None],
    "val_accuracy": [0.5, 0.25],
    "test_loss": [1.5, None],
    "test_accuracy": [0.625, 0.125],
}

Fill = Callable[..., None]


@dataclasses.dataclass(frozen=True)
class OldRun:
    """A run as netgain wrote it before the history went by part: every column and array of it."""

    seed: int
    machine: dict[str, Any]
    recipe: dict[str, Any] = dataclasses.field(default_factory=RECIPE.record)
    engine_version: str = "3"
    status: RunStatus = RunStatus.FINISHED
    history: dict[str, list[float | None]] = dataclasses.field(default_factory=lambda: HISTORY)
    measured: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    model: bytes = b""

    @property
    def key(self) -> RunKey:
        return RunKey(RECIPE.digest, self.seed, "b" * 64, self.engine_version)

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        generator = np.random.default_rng(self.seed)
        return {
            "test_scores": generator.random((7, 3), dtype=np.float32),
            "test_right": generator.random(7) < 0.5,
            "train_right": generator.random(13) < 0.5,
            "train_log_odds": generator.random(13, dtype=np.float32),
            "validation_scores": generator.random((4, 3), dtype=np.float32),
        }

    @property
    def row(self) -> dict[str, Any]:
        plain = {"best_epoch": 2, "num_parameters": 42, "compile_seconds": 0.5, "run_seconds": 1.5}
        told = {"status": self.status.value, "failure": "it died" if self.status is RunStatus.FAILED else ""}
        made = {"machine": self.machine, "versions": {"jax": "1"}, "created_at": datetime.now(UTC)}
        return {**self.key._asdict(), "recipe": self.recipe, "history": self.history, **plain, **told, **made}


def insert_run(connection: Connection, run: OldRun) -> None:
    """Write a run into the tables as they are in this store, whatever the tables of today are."""
    tables = MetaData()
    runs, arrays, models = (Table(name, tables, autoload_with=connection) for name in ("runs", "arrays", "models"))
    assert "measured" not in arrays.c
    key = connection.execute(insert(runs).values(run.row)).inserted_primary_key
    assert key is not None
    for name, array in {**run.arrays, **run.measured}.items():
        data = np.packbits(array).tobytes() if array.dtype == bool else array.tobytes()
        row = {"name": name, "dtype": array.dtype.str, "shape": list(array.shape), "data": data}
        connection.execute(insert(arrays).values(run_id=key[0], **row))
    if run.model:
        connection.execute(insert(models).values(run_id=key[0], keras_file=run.model))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Where `fill` makes a store."""
    return tmp_path / "old.db"


@pytest.fixture
def fill(old: Path) -> Fill:
    """Makes a store with the schema of a revision and the runs given: "0001" is that of the first published netgain."""

    def filled(revision: str, *runs: OldRun) -> None:
        engine, config = create_engine(f"sqlite:///{old}"), Config()
        config.set_main_option("script_location", "netgain.runs.store:migrations")
        config.set_main_option("path_separator", "os")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            for run in runs:
                insert_run(connection, run)
        engine.dispose()

    return filled


def test_engine_3_gets_the_kernels_of_each_run(old: Path, fill: Fill) -> None:
    kernels = ("avx512", "avx2", "basic", "none")
    runs = [OldRun(s, {"kernels": k, "cores": 2}, model=f"network {s}".encode()) for s, k in enumerate(kernels)]
    runs[0] = dataclasses.replace(runs[0], measured={"angles": np.arange(3)})
    fill("0001", *runs)
    store = Store(old)
    for run, name in zip(runs, kernels, strict=True):
        key = run.key._replace(engine_version=f"3+{name}")
        found = store.find([key, run.key])
        assert list(found) == [key]
        np.testing.assert_array_equal(found[key].test_scores, run.arrays["test_scores"])
        assert store.model_file(key) == run.model
    measured = store.measured(runs[0].key._replace(engine_version="3+avx512"), "angles")
    assert measured is not None
    assert measured.tolist() == [0, 1, 2]
    assert store.num_runs() == 4


def test_what_has_no_kernels_stays_as_it_is(old: Path, fill: Fill) -> None:
    fitted = OldRun(0, {"kernels": "avx512"}, recipe=MACHINE)
    failed = OldRun(1, {}, status=RunStatus.FAILED, history={})
    older = OldRun(2, {"kernels": "avx512"}, engine_version="2")
    fill("0001", fitted, failed, older)
    keys = [run.key for run in (fitted, failed, older)]
    assert list(Store(old).find(keys)) == keys


def test_many_runs_are_rewritten_and_only_once(old: Path, fill: Fill) -> None:
    fill("0001", *(OldRun(seed, {"kernels": "avx2"}) for seed in range(230)))
    for _ in range(2):
        assert Store(old).num_runs(["3+avx2"]) == 230
        last = RunKey(RECIPE.digest, 229, "b" * 64, "3+avx2")
        assert Store(old).find([last])[last].history["test"]["accuracy"] == [0.625, 0.125]


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_the_history_goes_by_part_and_numbers_stay_as_they_are(old: Path, fill: Fill, revision: str) -> None:
    run = OldRun(5, {"kernels": "avx2"}, engine_version="3+avx2")
    blind = OldRun(6, {"kernels": "avx2"}, engine_version="3+avx2", history={"loss": [0.5], "accuracy": [0.75]})
    failed = OldRun(7, {}, engine_version="3+avx2", history={}, status=RunStatus.FAILED)
    fill(revision, run, blind, failed)
    for _ in range(2):  # the second time there is nothing left to rewrite
        found = Store(old).find([run.key, blind.key, failed.key])
        history = found[run.key].history
        assert set(history) == {"train", "validation", "test"}
        assert all(set(columns) == {"accuracy", "loss"} for columns in history.values())
        for part, prefix in (("train", ""), ("validation", "val_"), ("test", "test_")):
            assert history[part]["accuracy"] == HISTORY[f"{prefix}accuracy"]
            assert history[part]["loss"][0] == HISTORY[f"{prefix}loss"][0]
            assert math.isnan(history[part]["loss"][1])
        assert found[blind.key].history == {"train": {"loss": [0.5], "accuracy": [0.75]}}
        assert (found[failed.key].history, found[failed.key].failure) == ({}, "it died")


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_arrays_of_the_run_and_those_measured_later_are_told_apart(old: Path, fill: Fill, revision: str) -> None:
    measured = {"angles": np.arange(6.0).reshape(2, 3), "bits": np.arange(10) % 3 == 0}
    run = OldRun(0, {"kernels": "none"}, engine_version="3+none", measured=measured)
    fill(revision, run)
    store = Store(old)
    found = store.find([run.key])[run.key]
    np.testing.assert_array_equal(found.right, run.arrays["test_right"])
    assert set(found.arrays) == {"test_scores", "train_right", "train_log_odds", "validation_scores"}
    for name, array in found.arrays.items():
        assert array.dtype == run.arrays[name].dtype
        np.testing.assert_array_equal(array, run.arrays[name])
    for name, array in measured.items():
        kept = store.measured(run.key, name)
        assert kept is not None
        assert kept.dtype == array.dtype
        np.testing.assert_array_equal(kept, array)
        store.keep_measured(run.key, name, array + 1)  # what is there stays
        np.testing.assert_array_equal(store.measured(run.key, name), kept)
    for name in ("test_scores", "right", "test_right"):
        assert store.measured(run.key, name) is None


def test_nothing_is_there_twice(old: Path, fill: Fill) -> None:
    runs = [OldRun(seed, {"kernels": "none"}, measured={"angles": np.ones(3)}) for seed in range(3)]
    fill("0001", *runs)
    Store(old)
    engine = create_engine(f"sqlite:///{old}")
    with engine.connect() as connection:
        arrays = Table("arrays", MetaData(), autoload_with=connection)
        rows = connection.execute(select(arrays.c.run_id, arrays.c.name, arrays.c.measured)).all()
    engine.dispose()
    names = ["angles", "right", "test_scores", "train_log_odds", "train_right", "validation_scores"]
    assert sorted(rows) == [(run_id, name, name == "angles") for run_id in (1, 2, 3) for name in names]


def test_a_store_brought_up_to_date_takes_new_runs_and_says_what_it_holds(old: Path, fill: Fill) -> None:
    run = OldRun(0, {"kernels": "avx2"}, model=b"a network")
    fill("0001", run)
    store = Store(old)
    new = RunResult(
        **run.key._replace(seed=1, engine_version="3+avx2")._asdict(),
        status=RunStatus.FINISHED,
        history={"train": {"loss": [math.inf]}},
        right=np.array([True, False]),
        arrays={"moves": np.arange(4)},
    )
    store.add(new, RECIPE)
    listed = store.listing()
    assert [one.key.seed for one in listed] == [0, 1]
    assert [one.has_network for one in listed] == [True, False]
    assert listed[0].recipe == listed[1].recipe == RECIPE.record()
    assert store.seeds([RECIPE.digest], ["3+avx2"]) == {RECIPE.digest: {"3+avx2": [0, 1]}}
    found = store.find([RunKey.of(new)])[RunKey.of(new)]
    assert found.arrays["moves"].tolist() == [0, 1, 2, 3]
    assert found.right.tolist() == [True, False]
