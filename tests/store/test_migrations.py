"""A store of an older netgain, brought up to date: every run is found again by what decides its numbers."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from netgain.networks.mlp import MLP
from netgain.networks.svm import SVM
from netgain.recipe import Recipe
from netgain.result import RunResult, RunStatus
from netgain.store import RunKey, Store

RECIPE = Recipe(dataset="digits", network=MLP())


def a_run(seed: int, machine: dict[str, Any], **changes: Any) -> RunResult:
    fields: dict[str, Any] = {
        "recipe_digest": "a" * 64,
        "dataset_digest": "b" * 64,
        "engine_version": "3",
        "status": RunStatus.FINISHED,
        "test_scores": np.full((3, 2), seed, np.float32),
        "model": f"network {seed}".encode(),
    }
    return RunResult(seed=seed, machine=machine, **{**fields, **changes})


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An empty store with the first schema."""
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    config = Config()
    config.set_main_option("script_location", "netgain.store:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    return tmp_path / "old.db"


def fill(path: Path, monkeypatch: pytest.MonkeyPatch, runs: list[tuple[RunResult, Recipe]]) -> None:
    """Write runs as the netgain of the first schema did: with the same columns."""
    with monkeypatch.context() as patched:
        patched.setattr("netgain.store.opening.SCHEMA_VERSION", "0001")
        store = Store(path)
        for run, recipe in runs:
            store.add(run, recipe)
        store.keep_measured(RunKey.of(runs[0][0]), "angles", np.arange(3))


def test_engine_3_gets_the_kernels_of_each_run(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernels = ("avx512", "avx2", "basic", "none")
    runs = [a_run(seed, {"kernels": name, "cores": 2}) for seed, name in enumerate(kernels)]
    fill(old, monkeypatch, [(run, RECIPE) for run in runs])
    store = Store(old)
    for run, name in zip(runs, kernels, strict=True):
        key = RunKey.of(run)._replace(engine_version=f"3+{name}")
        found = store.find([key, RunKey.of(run)])
        assert list(found) == [key]
        np.testing.assert_array_equal(found[key].test_scores, run.test_scores)
        assert store.model_file(key) == run.model
    measured = store.measured(RunKey.of(runs[0])._replace(engine_version="3+avx512"), "angles")
    assert measured is not None
    assert measured.tolist() == [0, 1, 2]
    assert store.num_runs() == 4


def test_what_has_no_kernels_stays_as_it_is(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = a_run(0, {"kernels": "avx512"}, model=b""), RECIPE.change("network", SVM())
    failed = a_run(1, {}, status=RunStatus.FAILED, failure="it died", model=b""), RECIPE
    older = a_run(2, {"kernels": "avx512"}, engine_version="2"), RECIPE
    fill(old, monkeypatch, [fitted, failed, older])
    keys = [RunKey.of(run) for run, _ in (fitted, failed, older)]
    assert list(Store(old).find(keys)) == keys


def test_many_runs_are_rewritten_and_only_once(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = a_run(0, {"kernels": "avx2"}, model=b"")
    fill(old, monkeypatch, [(dataclasses.replace(one, seed=seed), RECIPE) for seed in range(230)])
    for _ in range(2):
        assert Store(old).num_runs(["3+avx2"]) == 230
