"""Recipes without randomness: one fit stands for every seed, and is judged like any network."""

from concurrent.futures import Executor
from pathlib import Path

import pytest

from netgain.execute import run
from netgain.execute.stored import open_existing, stored
from netgain.networks.svm import SVM
from netgain.recipe import Recipe
from netgain.result import StudyResult
from netgain.study import Study


def test_one_fit_stands_for_every_seed(small_recipe: Recipe, tmp_path: Path, here: Executor) -> None:
    machine = small_recipe.change("network", SVM()).change("validation_size", 100)
    study = Study("svm", baseline=machine, arms={"network": small_recipe.change("epochs", 1)})
    result = run(study, 3, store=tmp_path / "runs.db", executor=here)
    assert result.num_trained == 4
    first, *others = result.runs["baseline"]
    assert [other.seed for other in others] == [1, 2]
    assert all((other.test_scores == first.test_scores).all() for other in others)
    assert first.test_accuracy > 0.85
    assert first.validation_scores.shape == (100, 10)
    assert set(first.history) == {"loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"}
    assert result.accuracies["baseline"].training == 0
    seconds = [first.run_seconds, *(run.run_seconds for run in result.runs["network"])]
    assert result.training_seconds == pytest.approx(sum(seconds))
    assert "network against baseline" in result.sentences[0]
    again = run(study, 4, store=tmp_path / "runs.db", executor=here)
    assert again.num_trained == 1
    assert [run.seed for run in again.runs["baseline"]] == [0, 1, 2, 3]
    for seeds in (None, range(4)):
        found = stored(study, open_existing(tmp_path / "runs.db"), seeds)
        assert isinstance(found, StudyResult)
        assert found.sentences == again.sentences
