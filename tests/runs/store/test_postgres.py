"""A store in PostgreSQL does what one in a file does, and refuses every write where it is opened read-only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netgain.errors import StoreError
from netgain.results.stored import open_existing
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store, without_password
from netgain.tasks.classification.recipe import Recipe

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture
def run(small_recipe: Recipe) -> RunResult:
    return RunResult(
        recipe_digest=small_recipe.digest, seed=0, dataset_digest="d" * 64, engine_version="3",
        status=RunStatus.FINISHED, history={"test": {"accuracy": [0.5, float("nan")]}},
        right=np.array([True, False, True]), arrays={"test_scores": np.eye(3, dtype=np.float32)}, model=b"a network",
    )  # fmt: skip


def test_runs_are_kept_found_and_served_read_only(postgres: str, small_recipe: Recipe, run: RunResult) -> None:
    with pytest.raises(StoreError, match="is empty; run a study first"):
        open_existing(postgres)
    store, key = Store(postgres), RunKey.of(run)
    store.add(run, small_recipe)
    store.keep_measured(key, "norms", np.arange(3.0))
    public = Store(postgres, read_only=True)
    found = public.find([key])[key]
    assert found.right.tolist() == run.right.tolist()
    assert found.test_scores.tolist() == run.test_scores.tolist()
    assert np.isnan(found.history["test"]["accuracy"][1])
    assert public.model_file(key) == b"a network"
    assert [one.key for one in public.listing()] == [key]
    measured = public.measured(key, "norms")
    assert measured is not None
    assert measured.tolist() == [0, 1, 2]
    other = replace(run, seed=1)
    for write in (
        public.check_writable,
        lambda: public.add(other, small_recipe),
        lambda: public.keep_measured(key, "more", np.arange(2.0)),
    ):
        with pytest.raises(StoreError, match="read-only transaction"):
            write()
    assert store.num_runs() == 1
    store.add(other, small_recipe)  # the store itself takes runs as before
    assert public.num_runs() == 2


def test_nobody_is_shown_the_password(postgres: str) -> None:
    store = Store(postgres)
    assert "a-secret" in postgres
    for shown in (repr(store), store._repr_html_(), without_password(postgres)):
        assert "a-secret" not in shown


def test_a_server_that_is_not_there_gets_one_message(postgres: str) -> None:
    with pytest.raises(StoreError, match="the store 'postgresql") as refused:
        Store(postgres.replace("netgain-postgres-", "nowhere-"))
    assert "a-secret" not in str(refused.value)
