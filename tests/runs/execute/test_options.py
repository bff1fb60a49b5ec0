"""How runs are trained and kept: refused before anything is opened, and opened once."""

import dataclasses
from pathlib import Path

import pytest

from netgain.engine.kernels import kernels_to_use
from netgain.errors import ComputerError, RecipeError, StoreError
from netgain.runs.execute.options import DEFAULT_STORE, Means, RunOptions
from netgain.runs.execute.progress import LineProgress, NoProgress
from netgain.runs.store import Store


@pytest.mark.parametrize("workers", [0, -1])
def test_fewer_than_one_worker_is_refused(workers: int) -> None:
    with pytest.raises(RecipeError, match=f"workers: must be 1 or more; received {workers}"):
        RunOptions(workers=workers)


def test_options_are_fixed_and_keep_runs_by_default() -> None:
    options = RunOptions()
    assert (options.store, options.workers, options.executor, options.retry_failed) == (
        DEFAULT_STORE,
        None,
        None,
        False,
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.workers = 3  # pyright: ignore


def test_a_store_is_opened_where_one_is_named(tmp_path: Path) -> None:
    for where in (tmp_path / "a.db", str(tmp_path / "b.db")):
        means = Means.of(RunOptions(store=where))
        assert isinstance(means.store, Store)
        assert Path(where).exists()
    assert Means.of(RunOptions(store=None)).store is None
    own = Store("sqlite://")
    assert Means.of(RunOptions(store=own)).store is own
    with pytest.raises(StoreError, match="is a folder"):
        Means.of(RunOptions(store=tmp_path))


def test_kernels_and_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = LineProgress()
    assert Means.of(RunOptions(store=None, progress=progress)).show is progress
    assert isinstance(Means.of(RunOptions(store=None)).show, NoProgress)
    assert Means.of(RunOptions(store=None)).kernels == kernels_to_use()
    monkeypatch.setenv("NETGAIN_KERNELS", "avx9")
    with pytest.raises(ComputerError, match="NETGAIN_KERNELS is 'avx9'"):
        Means.of(RunOptions(store=None))
