"""Demonstrations and examinations that are run: networks trained once, opened from the store, and looked at."""

from concurrent.futures import Executor

import numpy as np
import pandas
import pytest

from netgain.errors import RecipeError, UnknownNameError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.study import Study
from netgain.report.sentences import study_sentences
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.results.run import run
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
