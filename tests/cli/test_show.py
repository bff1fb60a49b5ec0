"""`netgain show`: a store of two recipes, one of them changed, with a run that failed."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.studies import load_study

from .program import netgain, refused

STUDY = load_study("dropout")
DROPPED = STUDY.arms["dropout 0.2"]


def a_run(seed: int, num_right: int, status: RunStatus = RunStatus.FINISHED) -> RunResult:
    return RunResult(
        recipe_digest=DROPPED.digest,
        seed=seed,
        dataset_digest="b" * 64,
        engine_version="3+avx2",
        status=status,
        right=np.arange(36 if status is RunStatus.FINISHED else 0) < num_right,
        failure="the layer is missing" if status is RunStatus.FAILED else "",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown")
    store = Store(folder / "runs.db")
    for seed in (0, 1, 3):
        store.add(a_run(seed, 36), DROPPED)
    store.add(a_run(4, 0, RunStatus.FAILED), DROPPED)
    longer = DROPPED.change("epochs", 3)
    store.add(dataclasses.replace(a_run(0, 18), recipe_digest=longer.digest), longer)
    Store(folder / "empty.db")
    (folder / "letter.txt").write_text("Dear reader, " * 100)
    return folder


def test_what_is_there_is_listed(folder: Path) -> None:
    done = netgain("show", "runs.db", cwd=folder, COLUMNS="140")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = " ".join(done.stdout.split())
    assert said.startswith("5 networks of 2 recipes; 1 failed")
    assert f"dropout: dropout 0.2 mnist {DROPPED.epochs} 0-1,3-4 36 of 36 right with each of 3 seeds: 3+avx2" in said
    assert "1 failed 100 % (95 %: 90.3–100)" in said
    assert "50.00 ± 8.45" in said
    assert "epochs=3" in said
    assert "dropout: dropout 0.2: 1 failed, the first (seed 4) with: the layer is missing" in said
    assert "No study of the catalogue is here with all its arms." in said


def test_the_same_as_values(folder: Path) -> None:
    found = json.loads(netgain("show", "runs.db", "--json", cwd=folder).stdout)
    first, second = found["recipes"]
    assert (first["name"], first["changes"], first["seeds"]) == ("dropout: dropout 0.2", {}, [0, 1, 3, 4])
    assert (first["accuracy"], first["high"]) == (100.0, 100.0)
    assert first["low"] == pytest.approx(90.26, abs=0.01)
    assert first["failed"] == {"4": "the layer is missing"}
    assert (second["changes"], second["accuracy"], second["engine"]) == ({"epochs": 3}, 50.0, "3+avx2")
    assert found["complete_studies"] == []


def test_a_study_with_all_its_arms_is_named(folder: Path) -> None:
    store = Store(folder / "whole.db")
    for recipe in STUDY.recipes.values():
        store.add(dataclasses.replace(a_run(0, 9), recipe_digest=recipe.digest), recipe)
    assert "All arms are here (netgain report NAME): dropout" in netgain("show", "whole.db", cwd=folder).stdout


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("none.db", "there is no store 'none.db'"),
        ("empty.db", "the store 'empty.db' is empty"),
        ("letter.txt", "not a netgain store"),
        (".", "is a folder"),
    ],
)
def test_what_is_no_store_gets_one_message(folder: Path, store: str, words: str) -> None:
    said = refused("show", store, cwd=folder)
    assert words in said
    assert said.count("\n") == 1
