"""Every public object, and every analysis, has a repr of one short line and shows itself in a notebook."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import altair
import keras
import numpy as np
import pandas
import pytest

import netgain as ng
from netgain.experiment.moves import Candidate
from netgain.markup import MOST_CHARACTERS
from netgain.results.analyses import ANALYSES
from netgain.results.improve.climb import Climb
from netgain.stats import judge_check
from netgain.stats.gap_difference import RightAnswers
from netgain.studies import study_entries
from netgain.tasks.classification.task import Classification

LONG = "a long\ntext " * 40

WITHOUT_HTML = {"NetgainError", "RunStatus"}
"""An error is raised, not shown; a status is a word."""


@pytest.fixture(scope="module")
def result(here: Executor) -> ng.StudyResult:
    """Two short trainings per arm, with everything that an analysis may need."""
    recipe = ng.Recipe(dataset="digits", train_size=300, validation_size=300, network=ng.MLP(hidden=(9,)), epochs=2)
    study = ng.Study("s", question=LONG, baseline=recipe, arms={LONG: recipe.change("network.hidden", [7])})
    trained = ng.run(study, seeds=2, store=None, executor=here)
    return replace(trained, checks=judge_check(trained.right("baseline"), {LONG: trained.right(LONG)}))


@pytest.fixture(scope="module")
def instances(result: ng.StudyResult, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One object of every public class, with long texts wherever there may be some."""
    layers = [keras.layers.Flatten(), *(keras.layers.Dense(9, name=f"layer{n}") for n in range(25))]
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers, keras.layers.Dense(10, activation="softmax")])
    statement, figure = (
        ng.Statement(LONG, True, LONG),
        ng.Figure(pandas.DataFrame({"x": [1]}), lambda frame: altair.Chart(frame).mark_point(), LONG),
    )
    findings = ng.Findings((statement,) * 9, {LONG: figure})
    asked = ng.Demonstration("d", question=LONG, recipes={LONG: result.study.baseline}, examine=lambda given: findings)
    demonstration = ng.DemonstrationResult(
        demonstration=asked, seeds=(0,), data=None, runs={}, findings=findings, num_trained=0, seconds=0.0
    )
    store = ng.Store(tmp_path_factory.mktemp("store") / f"{'long' * 50}.db")
    store.add(result.runs["baseline"][0], result.study.baseline)
    failed = replace(result.runs["baseline"][0], status=ng.RunStatus.FAILED, failure=LONG)
    made = [
        ng.Augmentation(rotation=9),
        ng.TestTime(shift=1),
        ng.ConvNet(),
        ng.Dropout(),
        ng.EarlyStopping(),
        ng.MLP(hidden=(9,) * 99),
    ]
    made += [ng.Optimizer(), ng.Schedule(kind="cosine"), ng.SVM(), ng.Strengths(), ng.Measure(item=LONG)]
    made += [ng.KerasLoss("huber"), ng.KerasOptimizer("lion")]
    data = replace_name(result.dataset)
    made += [data, ng.RunOptions(store=store, workers=2), ng.KerasNetwork(model), failed]
    made += [statement, figure, findings, asked, demonstration, store, result, result.study, result.study.baseline]
    made += [ng.Shift.parse("rotation=N(0,10)"), result.fractions(result.dataset.x_test, arm="baseline")]
    strings = ng.StringDataset(
        np.full((2, 8, 20), 255, np.uint8), ["1", "2"], np.full((1, 8, 20), 255, np.uint8), ["1"], name=LONG
    )
    made += [
        strings,
        ng.Stem(filters=(8,) * 9),
        ng.RNN(),
        ng.FixedSlots(),
        ng.Reader(dataset=strings, network=ng.RNN()),
    ]
    networks = {"generator": ng.ConvGenerator(), "critic": ng.ConvCritic()}
    made += [*networks.values(), ng.Penalty(), ng.Generator(**networks, penalty=ng.Penalty())]
    made += [ng.Generated(np.zeros((30, 8, 8, 1), np.uint8), np.arange(30) % 3, (LONG, "b", "c"), Path(LONG), 0)]
    start = result.study.baseline
    made += [
        ng.Improvement(
            recipe=start, start=start, chosen_start=LONG, climb=Climb(Candidate(start), ended=LONG), data=data,
            sizes={"fit": 1}, accuracies={}, verdict=None, network=None, on_all_images=False, minutes=1, seconds=1,
            alpha=0.025,
        )
    ]  # fmt: skip
    return {**{type(one).__name__: one for one in made}, "Task": Classification()}


def replace_name(data: ng.Dataset) -> ng.Dataset:
    return ng.Dataset(data.x_train, data.y_train, data.x_test, data.y_test, name=LONG)


def is_short(value: Any) -> bool:
    return len(repr(value)) <= MOST_CHARACTERS and len(repr(value).splitlines()) == 1


def test_there_is_an_object_of_every_public_class(instances: dict[str, Any]) -> None:
    classes = {name for name in ng.__all__ if inspect.isclass(getattr(ng, name))}
    assert set(instances) == classes - WITHOUT_HTML


def test_every_public_object_is_shown_in_one_line_and_in_a_notebook(instances: dict[str, Any]) -> None:
    for name, value in instances.items():
        assert is_short(value), (name, repr(value))
        assert value._repr_html_().startswith('<div class="netgain">'), name


def test_every_public_function_error_and_word_is_shown_in_one_line() -> None:
    values = [getattr(ng, name) for name in ng.__all__]
    assert all(is_short(value) for value in [*values, ng.RunStatus.STOPPED_EARLY])


@pytest.mark.parametrize("name", ANALYSES)
def test_every_analysis_and_what_it_holds_is_shown_in_one_line(result: ng.StudyResult, name: str) -> None:
    analysis = result.analyse(name)
    assert is_short(analysis), repr(analysis)
    assert analysis._repr_html_().startswith('<div class="netgain">')
    assert [repr(one) for one in _inside(analysis.value) if not is_short(one)] == []


def _inside(value: Any) -> Iterator[Any]:
    """The statistics in a statistic, not its arrays."""
    if is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _inside(getattr(value, field.name))
    elif isinstance(value, tuple):
        if hasattr(value, "_fields"):
            yield value
        for one in value[:20]:
            yield from _inside(one)


def test_every_study_of_the_catalogue_and_its_recipes_are_shown_in_one_line() -> None:
    for entry in study_entries().values():
        assert [one for one in (entry.study, *entry.study.recipes.values()) if not is_short(one)] == []


def test_the_whole_text_of_a_declaration_is_there_where_its_repr_is_cut() -> None:
    recipe = ng.Recipe(network=ng.MLP(hidden=(9,) * 99))
    assert repr(recipe).endswith("…)")
    assert str(recipe).count("9, ") == 98


def test_which_answers_are_right_is_not_printed_image_by_image() -> None:
    right = RightAnswers(np.ones((5, 60_000), bool), np.ones((5, 10_000), bool), np.arange(60_000))
    assert repr(right) == "<RightAnswers of 5 networks on 60,000 training and 10,000 test images>"
