"""Studies whose seeds are trained together, as on a graphics card; the processor stands in for it."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine import kernels as engine_kernels
from netgain.engine.kernels import CPU_TOGETHER, GPU, PLAIN_JAX
from netgain.errors import ComputerError
from netgain.experiment.study import Study
from netgain.report.sentences import trained_on
from netgain.results.run import run
from netgain.runs import training
from netgain.runs.execute import pool
from netgain.runs.execute.job import train_task
from netgain.runs.execute.options import RunOptions
from netgain.runs.execute.plan import PlannedRun, run_key
from netgain.runs.execute.pool import CorePool, num_workers
from netgain.runs.execute.train_all import MOST_TOGETHER, groups
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.tasks.classification.recipe import Recipe


def planned(recipe: Recipe, seed: int, arm: str = "a") -> PlannedRun:
    return PlannedRun(arm, recipe, seed, run_key(recipe, seed, load_dataset("digits"), CPU_TOGETHER))


def test_a_group_is_of_one_recipe_and_not_too_large(small_recipe: Recipe) -> None:
    other = small_recipe.change("epochs", 1)
    missing = [planned(recipe, seed) for seed in range(MOST_TOGETHER + 6) for recipe in (small_recipe, other)]
    sizes = [(len({one.recipe.digest for one in group}), len(group)) for group in groups(missing, GPU)]
    assert sizes == [(1, MOST_TOGETHER), (1, 6)] * 2
    assert [one for group in groups(missing, PLAIN_JAX) for one in group] == missing
    assert {len(group) for group in groups(missing, "avx2")} == {1}


@pytest.fixture(scope="module")
def store() -> Store:
    return Store("sqlite://")


def test_a_study_gives_the_same_networks_and_keeps_them(
    small_study: Study, store: Store, here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = small_study.change_recipes("epochs", 1)
    monkeypatch.setenv("NETGAIN_DEVICE", CPU_TOGETHER)
    together = run(study, 2, RunOptions(store=store, executor=here))
    monkeypatch.delenv("NETGAIN_DEVICE")
    monkeypatch.setenv("NETGAIN_KERNELS", PLAIN_JAX)
    alone = run(study, 2, RunOptions(store=None, executor=here))
    for arm in study.recipes:
        np.testing.assert_array_equal(together.right(arm), alone.right(arm))
    assert trained_on(together) == "one thread each"
    assert len(list(store.find(run_key(recipe, seed, together.dataset, CPU_TOGETHER)
                               for recipe in study.recipes.values() for seed in range(2)))) == 4  # fmt: skip
    monkeypatch.delenv("NETGAIN_KERNELS")
    monkeypatch.setenv("NETGAIN_DEVICE", CPU_TOGETHER)
    assert run(study, 2, RunOptions(store=store, executor=here)).num_trained == 0


def test_epochs_are_told_for_each_seed(small_recipe: Recipe) -> None:
    told: list[list[int]] = []
    recipe = small_recipe.change("epochs", 1)
    train_task(recipe, [0, 1], CPU_TOGETHER, lambda reports: told.append([report.epoch for report in reports]))
    assert told == [[0, 0], [1, 1]]


def _out_of_memory_above(number: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A card with room for so many seeds; gives the sizes that were tried."""
    tried: list[int] = []

    def train(recipe: Recipe, seeds: Sequence[int], **_: Any) -> list[RunResult]:
        tried.append(len(seeds))
        if len(seeds) > number:
            raise jax.errors.JaxRuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate")
        return [RunResult(**planned(recipe, seed).key._asdict(), status=RunStatus.FINISHED) for seed in seeds]

    monkeypatch.setattr(training, "train_together", train)
    return tried


def test_seeds_that_do_not_fit_into_the_memory_are_trained_in_halves(
    small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _out_of_memory_above(2, monkeypatch)
    assert [one.seed for one in train_task(small_recipe, range(5), GPU)] == [0, 1, 2, 3, 4]
    assert tried == [5, 2, 3, 1, 2]


def test_one_network_that_does_not_fit_is_the_cards_fault(
    small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    _out_of_memory_above(0, monkeypatch)
    with pytest.raises(ComputerError, match="memory of the graphics card is too small"):
        train_task(small_recipe, [3], GPU)


def test_each_worker_sees_one_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETGAIN_DEVICE", GPU)
    for module in (engine_kernels, pool):
        monkeypatch.setattr(module, "cards", lambda: ("2", "5"))
    assert (num_workers(None), num_workers(1), num_workers(7)) == (2, 1, 2)
    seen = []
    with CorePool(2) as workers:
        seen = [worker._environment["CUDA_VISIBLE_DEVICES"] for worker in workers._workers]
    assert seen == ["2", "5"]
