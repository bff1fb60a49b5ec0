"""Several programs at one store: first starters, colleagues with the same study, a server that goes and comes back."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from tests.postgres_server import GUARDED, Server

from netgain.errors import StoreError
from netgain.experiment.study import Study
from netgain.results.run import run
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.runs.store.connections import write
from netgain.runs.store.opening import open_engine
from netgain.tasks.classification.recipe import Recipe

pytestmark = pytest.mark.xdist_group("postgres")


def a_run(recipe: Recipe, seed: int) -> RunResult:
    return RunResult(
        recipe_digest=recipe.digest, seed=seed, dataset_digest="d" * 64, engine_version="3",
        status=RunStatus.FINISHED, right=np.arange(8) % 2 == 0, model=b"a network",
    )  # fmt: skip


def together(*calls: Callable[[], object]) -> list[object]:
    """What these give, begun at the same time."""
    barrier = threading.Barrier(len(calls))

    def begun(call: Callable[[], object]) -> object:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(begun, calls))


OPENS = "import sys; from netgain.runs.store import Store; print(Store(sys.argv[1]).num_runs())"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_first_starters_at_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    where = str(tmp_path / "new.db") if kind == "sqlite" else request.getfixturevalue("postgres")
    others = [subprocess.Popen([sys.executable, "-c", OPENS, where], stdout=subprocess.PIPE) for _ in range(2)]
    stores = together(*[lambda: Store(where).num_runs()] * 4)
    assert stores == [0] * 4
    assert [other.communicate()[0] for other in others] == [b"0\n"] * 2


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_several_write_at_once(kind: str, tmp_path: Path, small_recipe: Recipe, request: pytest.FixtureRequest) -> None:
    where = str(tmp_path / "runs.db") if kind == "sqlite" else request.getfixturevalue("postgres")
    Store(where)

    def writes_all() -> None:
        store = Store(where)
        for seed in range(20):
            store.add(a_run(small_recipe, seed), small_recipe)

    together(*[writes_all] * 4)
    assert Store(where).num_runs() == 20


def test_a_claim_is_one_programs(postgres: str, small_recipe: Recipe) -> None:
    key = RunKey.of(a_run(small_recipe, 0))
    with Store(postgres).claims() as mine:
        with Store(postgres).claims() as theirs:
            assert mine.take(key)
            assert not theirs.take(key)
            assert theirs.take(key._replace(seed=1))
            mine.give_back(key)
            assert theirs.take(key)
        assert mine.take(key)  # theirs have ended


def test_colleagues_share_a_study(postgres: str, small_study: Study) -> None:
    def of_one() -> StudyResult:
        result = run(small_study, 4, RunOptions(store=postgres, workers=1))
        assert isinstance(result, StudyResult)
        return result

    first, second = together(of_one, of_one)
    assert isinstance(first, StudyResult)
    assert isinstance(second, StudyResult)
    assert first.num_trained + second.num_trained == 8
    assert min(first.num_trained, second.num_trained) > 0
    assert repr(first.verdicts) == repr(second.verdicts)


def test_a_restarted_server_is_waited_for(server: Server, postgres: str, small_recipe: Recipe) -> None:
    store, claims = Store(postgres), Store(postgres).claims()
    first, second = a_run(small_recipe, 0), a_run(small_recipe, 1)
    assert claims.take(RunKey.of(first))
    server.stop()

    def comes_back() -> None:
        time.sleep(0.5)
        server.start()

    thread = threading.Thread(target=comes_back)
    thread.start()
    store.add(first, small_recipe)
    thread.join()
    assert claims.take(RunKey.of(second))  # and has the first one again
    with Store(postgres).claims() as others:
        assert not others.take(RunKey.of(first))
        claims.give_back(RunKey.of(first))
        assert others.take(RunKey.of(first))
    with claims:
        assert store.find([RunKey.of(first)]).keys() == {RunKey.of(first)}


def test_a_server_that_stays_away_is_an_error(
    server: Server, postgres: str, small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netgain.runs.store.connections.PATIENCE", 0.2)
    store = Store(postgres)
    server.stop()
    try:
        with pytest.raises(StoreError, match="start the server|finished runs are kept"):
            store.add(a_run(small_recipe, 0), small_recipe)
    finally:
        server.start()


def test_the_state_tells_of_every_run(postgres: str, small_recipe: Recipe) -> None:
    mine, theirs = Store(postgres), Store(postgres)
    seen = {mine.state()}
    theirs.add(dataclasses.replace(a_run(small_recipe, 0), status=RunStatus.FAILED), small_recipe)
    seen.add(mine.state())
    theirs.add(a_run(small_recipe, 0), small_recipe)
    seen.add(mine.state())
    assert len(seen) == 3


def test_a_newer_netgains_database_gets_advice_that_fits(postgres: str) -> None:
    Store(postgres)
    engine = open_engine(postgres)
    write(engine, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    engine.dispose()
    with pytest.raises(
        StoreError, match="written by a newer netgain .*choose another database with --store"
    ) as refused:
        Store(postgres)
    assert "file" not in str(refused.value)
    assert "a-secret" not in str(refused.value)


def test_a_database_that_is_not_there(server: Server) -> None:
    with pytest.raises(StoreError, match="does not exist; create the database first"):
        Store(server.database("nowhere"))


def test_a_wrong_password_gets_one_message(server: Server, postgres: str) -> None:
    engine = open_engine(postgres)
    write(engine, lambda connection: connection.execute(text(f"CREATE ROLE {GUARDED} LOGIN PASSWORD 'right'")))
    engine.dispose()
    wrong = postgres.replace("netgain:a-secret", f"{GUARDED}:a-secret")
    with pytest.raises(StoreError, match="password authentication failed .*; correct user and password") as refused:
        Store(wrong)
    assert "a-secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
