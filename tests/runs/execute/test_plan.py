"""Which runs are missing: those the store lacks, and of a learner without randomness one for every seed."""

from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.errors import DataError, RecipeError
from netgain.experiment.recipe import AbstractRecipe
from netgain.networks.families.convnet import ConvNet
from netgain.runs.execute.plan import make_plan, run_key, runs_of, version_for
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM
from netgain.tasks.task import Task

DIGITS = load_dataset("digits")
MACHINE = SVM(dataset="digits", train_size=600)


def a_run(recipe: AbstractRecipe, seed: int, status: RunStatus = RunStatus.FINISHED) -> RunResult:
    return RunResult(**run_key(recipe, seed, DIGITS, "none")._asdict(), status=status, right=np.ones(3, bool))


def missing(recipes: dict, seeds: range, store: Store | None = None, *, retry_failed: bool = False) -> list:
    plan = make_plan(recipes, seeds, DIGITS, store, retry_failed, "none")
    return [(run.arm, run.seed) for run in plan.missing]


def test_all_arms_of_a_seed_come_before_the_next_seed(small_recipe: Recipe) -> None:
    recipes = {"a": small_recipe, "b": small_recipe.change("epochs", 1)}
    assert missing(recipes, range(2)) == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_what_the_store_has_is_not_missing_unless_it_failed_and_is_to_be_tried_again(small_recipe: Recipe) -> None:
    store, recipes = Store("sqlite://"), {"a": small_recipe}
    store.add(a_run(small_recipe, 0), small_recipe)
    store.add(a_run(small_recipe, 1, RunStatus.FAILED), small_recipe)
    assert missing(recipes, range(3), store) == [("a", 2)]
    assert missing(recipes, range(3), store, retry_failed=True) == [("a", 1), ("a", 2)]


def test_one_fit_stands_for_every_seed(small_recipe: Recipe) -> None:
    recipes, store = {"network": small_recipe, "machine": MACHINE}, Store("sqlite://")
    assert missing(recipes, range(2)) == [("network", 0), ("machine", 0), ("network", 1)]
    store.add(a_run(MACHINE, 1), MACHINE)
    assert missing(recipes, range(2), store) == [("network", 0), ("network", 1)]
    keys = [run_key(MACHINE, seed, DIGITS, "none") for seed in range(3)]
    runs = runs_of(MACHINE, keys, {keys[1]: a_run(MACHINE, 1)})
    assert [run.seed for run in runs] == [0, 1, 2]
    assert len({id(run.right) for run in runs}) == 1
    assert runs_of(MACHINE, keys, {}) == []
    of_network = [run_key(small_recipe, seed, DIGITS, "none") for seed in range(3)]
    assert [run.seed for run in runs_of(small_recipe, of_network, {of_network[1]: a_run(small_recipe, 1)})] == [1]


def test_only_what_uses_kernels_is_looked_up_by_them(small_recipe: Recipe) -> None:
    assert [version_for(small_recipe, name).partition("+")[2] for name in ("avx2", "none")] == ["avx2", "none"]
    assert {"+" in version_for(MACHINE, name) for name in ("avx2", "none")} == {False}
    assert run_key(small_recipe, 3, DIGITS, "avx2") == RunKey(
        small_recipe.digest, 3, DIGITS.digest, version_for(small_recipe, "avx2")
    )


def test_what_cannot_be_trained_is_refused_by_its_name_before_anything_runs(small_recipe: Recipe) -> None:
    deep = small_recipe.change("network", ConvNet(filters=(4, 4, 4), kernel_size=5))
    with pytest.raises(RecipeError, match=r"invalid recipe \(deep\): network"):
        make_plan({"a": small_recipe, "deep": deep}, range(1), DIGITS, None, False, "none")
    large = {"a": small_recipe, "machine": MACHINE.change("train_size", 100_000)}
    with pytest.raises(DataError, match="train_size"):
        make_plan(large, range(1), DIGITS, None, False, "none")


class Counting(AbstractRecipe):
    """A recipe of a task without images."""

    task: ClassVar[str] = "counting"
    trained_by: ClassVar[str] = f"{__name__}:CountingTask"

    @property
    def num_epochs(self) -> int:
        return 1


class CountingTask(Task):
    """It is judged on other items than the digits; nothing else is asked of it here."""

    def load(self, recipe: Any) -> Any:
        return SimpleNamespace(name="numbers", digest="numbers", num_test=3, test_groups=None)

    def init(self, recipe: Any, data: Any, seed: int, compiled: Any) -> Any:
        raise NotImplementedError

    def epoch(self, state: Any) -> Any:
        raise NotImplementedError

    def evaluate(self, state: Any, part: str) -> Any:
        raise NotImplementedError

    def judge(self, state: Any, answers: Any) -> Any:
        raise NotImplementedError


def test_recipes_of_two_tasks_are_compared_on_the_same_items_only(small_recipe: Recipe) -> None:
    assert missing({"a": small_recipe, "machine": MACHINE}, range(1)) == [("a", 0), ("machine", 0)]
    message = r"invalid recipe \(b\): task: this counting is judged on numbers, the others on digits"
    with pytest.raises(RecipeError, match=message):
        make_plan({"a": small_recipe, "b": Counting()}, range(1), DIGITS, None, False, "none")
