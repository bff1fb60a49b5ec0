from concurrent.futures import Executor

import numpy as np
import pandas
import pytest

from netgain.demonstration import Demonstration, DemonstrationInput
from netgain.engine.saving import open_network
from netgain.errors import RecipeError, TrainingError, UnknownNameError
from netgain.execute import run
from netgain.findings import Figure, Findings, Statement
from netgain.recipe import Recipe
from netgain.result import RunResult, RunStatus, StudyResult
from netgain.store import Store
from netgain.study import Study


def count_weights(given: DemonstrationInput) -> Findings:
    counts = [open_network(run).count_params() for run in given.finished("small")]
    statement = Statement("Every network has as many weights", len(set(counts)) == 1, f"{counts}")
    return Findings((statement,), {"counts": Figure(pandas.DataFrame({"weights": counts}), lambda f: f, "counts")})


def test_a_demonstration_trains_once_and_examines_networks_from_the_store(small_recipe: Recipe, here: Executor) -> None:
    demonstration = Demonstration("count", recipes={"small": small_recipe}, examine=count_weights)
    store = Store("sqlite://")
    first, second = (run(demonstration, 2, store=store, executor=here) for _ in range(2))
    assert (first.num_trained, second.num_trained) == (2, 0)
    assert first.findings.statements == second.findings.statements
    assert second.findings.hold
    assert second.frame("counts")["weights"].tolist() == [910, 910]
    with pytest.raises(UnknownNameError, match="did you mean 'counts'"):
        second.frame("count")


def test_a_study_with_an_examination_shows_what_it_finds(small_study: Study, here: Executor) -> None:
    def examine(result: StudyResult) -> Findings:
        opened = [open_network(run).count_params() for run in result.runs["wider"]]
        figure = Figure(pandas.DataFrame({"weights": opened}), lambda frame: frame, "weights")
        return Findings((Statement("Wider has more weights", min(opened) > 910, f"{opened[0]}"),), {"weights": figure})

    result = run(small_study.change("examine", examine), 2, store=None, executor=here)
    assert result.frame("weights")["weights"].tolist() == [1810, 1810]
    assert "✓ Wider has more weights: 1810" in result.sentences
    assert result.as_dict()["statements"] == [{"text": "Wider has more weights", "holds": True, "measured": "1810"}]
    with pytest.raises(UnknownNameError, match="verdicts, weights"):
        result.frame("nothing")


def test_the_examination_does_not_enter_the_digest(small_study: Study) -> None:
    assert "examine" not in small_study.change("examine", lambda result: Findings()).model_dump()


def test_a_demonstration_without_recipes_has_nothing_to_change() -> None:
    demonstration = Demonstration("none", examine=lambda given: Findings())
    assert run(demonstration, [3, 4]).seeds == (3, 4)
    with pytest.raises(RecipeError, match="trains no recipe"):
        demonstration.on("digits")
    with pytest.raises(RecipeError, match="needs arms"):
        run(demonstration, "until-known")  # pyright: ignore


def test_recipes_on_two_datasets_are_refused(small_recipe: Recipe) -> None:
    recipes = {"a": small_recipe, "b": small_recipe.change("dataset", "mnist")}
    with pytest.raises(RecipeError, match="same dataset; received a: digits, b: mnist"):
        Demonstration("two", recipes=recipes, examine=count_weights)


def test_a_statement_is_plain_and_a_false_one_is_seen() -> None:
    false = Statement("One is two", bool(np.bool_(1 == 2)), "1 ≠ 2")
    assert Statement("One", np.True_, "1").holds is True  # pyright: ignore
    assert str(false) == "✗ One is two: 1 ≠ 2"
    assert not Findings((false,)).hold


def test_a_run_without_its_network_cannot_be_opened() -> None:
    failed = RunResult(
        recipe_digest="a", seed=0, dataset_digest="b", engine_version="1", status=RunStatus.FAILED, failure="it died"
    )
    with pytest.raises(TrainingError, match="came without"):
        open_network(failed)
