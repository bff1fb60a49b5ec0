"""Recipes without randomness: one fit stands for every seed, and is judged like any network."""

from concurrent.futures import Executor
from pathlib import Path

import pytest

from netgain.experiment.study import Study
from netgain.report.sentences import study_sentences
from netgain.results.run import run
from netgain.results.stored import open_existing, stored
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM


def test_one_fit_stands_for_every_seed(small_recipe: Recipe, tmp_path: Path, here: Executor) -> None:
    machine = SVM(dataset="digits", train_size=600, validation_size=100)
    study = Study("svm", baseline=machine, arms={"network": small_recipe.change("epochs", 1)})
    options = RunOptions(store=tmp_path / "runs.db", executor=here)
    result = run(study, 3, options)
    assert result.num_trained == 4
    first, *others = result.runs["baseline"]
    assert [other.seed for other in others] == [1, 2]
    assert all((other.test_scores == first.test_scores).all() for other in others)
    assert first.test_accuracy > 0.85
    assert first.arrays["validation_scores"].shape == (100, 10)
    assert set(first.history) == {"train", "validation", "test"}
    assert all(set(columns) == {"loss", "accuracy"} for columns in first.history.values())
    assert result.accuracies["baseline"].training == 0
    seconds = [first.run_seconds, *(run.run_seconds for run in result.runs["network"])]
    assert result.training_seconds == pytest.approx(sum(seconds))
    assert "network against baseline" in study_sentences(result)[0]
    again = run(study, 4, options)
    assert again.num_trained == 1
    assert [run.seed for run in again.runs["baseline"]] == [0, 1, 2, 3]
    for seeds in (None, range(4)):
        found = stored(study, open_existing(tmp_path / "runs.db"), seeds)
        assert isinstance(found, StudyResult)
        assert study_sentences(found) == study_sentences(again)
