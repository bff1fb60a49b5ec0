"""Demonstrations and examinations that are run: networks trained once, opened from the store, and looked at."""

from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pandas
import pytest

from netgain.data import Dataset, load_dataset
from netgain.errors import DataError, RecipeError, UnknownNameError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.study import Study
from netgain.report.sentences import study_sentences
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.results.run import run
from netgain.results.stored import stored
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.store import Store
from netgain.runs.trained import open_network
from netgain.tasks.classification.recipe import Recipe


def count_weights(given: DemonstrationInput) -> Findings:
    counts = [open_network(run).count_params() for run in given.finished("small")]
    statement = Statement("Every network has as many weights", len(set(counts)) == 1, f"{counts}")
    return Findings((statement,), {"counts": Figure(pandas.DataFrame({"weights": counts}), lambda f: f, "counts")})


def test_a_demonstration_trains_once_and_examines_networks_from_the_store(small_recipe: Recipe, here: Executor) -> None:
    demonstration = Demonstration("count", recipes={"small": small_recipe}, examine=count_weights)
    store = Store("sqlite://")
    first, second = (run(demonstration, 2, RunOptions(store=store, executor=here)) for _ in range(2))
    assert (first.num_trained, second.num_trained) == (2, 0)
    assert first.findings.statements == second.findings.statements
    assert second.findings.hold
    assert second.findings.frame("counts")["weights"].tolist() == [910, 910]
    with pytest.raises(UnknownNameError, match="did you mean 'counts'"):
        second.findings.frame("count")


def count_both(given: DemonstrationInput) -> Findings:
    scores = {name: given.scores(name) for name in given.runs}
    shapes = {of_name.shape for of_name in scores.values()}
    assert given.images.name == "digits"
    return Findings((Statement("Both are judged on the same images", len(shapes) == 1, f"{shapes}"),))


def on_two_datasets(recipe: Recipe, other: Dataset, folder: Path) -> Demonstration:
    path = str(other.save(folder / "other.npz"))
    recipes = {"whole": recipe, "other": recipe.change("dataset", path)}
    return Demonstration("two", recipes=recipes, examine=count_both, datasets=("digits", path))


def test_networks_of_two_datasets_with_the_same_test_images(
    small_recipe: Recipe, here: Executor, tmp_path: Path
) -> None:
    digits = load_dataset("digits")
    reversed_order = Dataset(digits.x_train[::-1], digits.y_train[::-1], digits.x_test, digits.y_test)
    demonstration = on_two_datasets(small_recipe, reversed_order, tmp_path)
    store = Store("sqlite://")
    result = run(demonstration, 2, RunOptions(store=store, executor=here))
    assert result.findings.hold
    assert [len(runs) for runs in result.runs.values()] == [2, 2]
    first, second = (result.runs[name][0] for name in ("whole", "other"))
    assert first.dataset_digest == digits.digest != second.dataset_digest
    assert not np.array_equal(first.test_scores, second.test_scores)
    again = stored(demonstration, store)
    assert again.seeds == (0, 1)
    assert again.num_trained == 0
    assert again.findings.statements == result.findings.statements
    assert stored(demonstration, store, [0]).seeds == (0,)


def test_networks_of_two_datasets_with_other_test_images_are_refused(
    small_recipe: Recipe, here: Executor, tmp_path: Path
) -> None:
    digits = load_dataset("digits")
    other = Dataset(digits.x_train, digits.y_train, digits.x_test[::-1], digits.y_test[::-1], name="other")
    demonstration = on_two_datasets(small_recipe, other, tmp_path)
    with pytest.raises(DataError, match="digits and other have different test images"):
        run(demonstration, 2, RunOptions(store=None, executor=here))


def test_a_study_with_an_examination_shows_what_it_finds(small_study: Study, here: Executor) -> None:
    def examine(result: StudyResult) -> Findings:
        opened = [open_network(run).count_params() for run in result.runs["wider"]]
        figure = Figure(pandas.DataFrame({"weights": opened}), lambda frame: frame, "weights")
        return Findings((Statement("Wider has more weights", min(opened) > 910, f"{opened[0]}"),), {"weights": figure})

    result = run(small_study.change("examine", examine), 2, RunOptions(store=None, executor=here))
    assert result.findings.frame("weights")["weights"].tolist() == [1810, 1810]
    assert "✓ Wider has more weights: 1810" in study_sentences(result)
    assert result.findings.as_dict()["statements"] == [
        {"text": "Wider has more weights", "holds": True, "measured": "1810"}
    ]
    with pytest.raises(UnknownNameError, match="Known: weights"):
        result.findings.frame("nothing")


def test_a_demonstration_without_recipes_draws_what_it_needs_itself() -> None:
    demonstration = Demonstration("none", examine=lambda given: Findings())
    result = run(demonstration, [3, 4], RunOptions(store=None))
    assert (result.seeds, result.data, result.runs) == ((3, 4), None, {})
    with pytest.raises(RecipeError, match="needs arms"):
        run(demonstration, "until-known")


def test_a_statement_is_plain_and_a_false_one_is_seen() -> None:
    false = Statement("One is two", bool(np.bool_(1 == 2)), "1 ≠ 2")
    assert Statement("One", np.True_, "1").holds is True  # pyright: ignore
    assert str(false) == "✗ One is two: 1 ≠ 2"
    assert not Findings((false,)).hold
