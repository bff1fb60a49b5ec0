"""The facade: one line to run, results that show themselves, options that are those of RunOptions."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import netgain as ng
from netgain.api import Analysis, Options, shown
from netgain.report import kinds
from netgain.results import demonstration_result, study_result
from netgain.runs.execute.options import RunOptions


@pytest.fixture(scope="module")
def result(small_study: ng.Study, here: Executor) -> ng.StudyResult:
    return ng.run(small_study, 2, store=None, executor=here)


def test_the_options_are_those_of_run_options() -> None:
    assert get_type_hints(Options) == get_type_hints(RunOptions)
    assert Options.__required_keys__ == frozenset()


@pytest.mark.parametrize(("option", "near"), [("workrs", "workers"), ("seed", "seeds"), ("retry", "retry_failed")])
def test_an_option_that_is_not_there_is_refused_in_one_line(small_study: ng.Study, option: str, near: str) -> None:
    run: Any = ng.run
    with pytest.raises(ng.NetgainError, match=f"{option}: there is no such option; did you mean '{near}'") as caught:
        run(small_study, 2, **{option: 1})
    assert "\n" not in str(caught.value)


def test_what_cannot_be_run_is_refused() -> None:
    with pytest.raises(ng.NetgainError, match=r"takes an ng\.Study or an ng\.Demonstration; received int"):
        ng.run(3)  # pyright: ignore[reportCallIssue, reportArgumentType]
    with pytest.raises(ng.NetgainError, match="no kind of result 'int'"):
        shown(3)


def test_a_result_of_a_study_shows_itself(result: ng.StudyResult, tmp_path: Path) -> None:
    assert type(result) is ng.StudyResult
    assert result.sentences == kinds.sentences(result)
    assert result.as_dict() == kinds.as_dict(result)
    assert str(result) == kinds.text(result)
    assert list(result.frame()["arm"]) == ["baseline", "wider"]
    assert result.chart().to_dict()["title"]["text"] == "Accuracy while training"
    result.report(tmp_path / "page.html")
    assert "Does a wider layer help?" in (tmp_path / "page.html").read_text()


def test_showing_changes_no_value(result: ng.StudyResult) -> None:
    plain = study_result.StudyResult(
        study=result.study, data=result.data, runs=result.runs, num_trained=result.num_trained, seconds=result.seconds
    )
    for value in (shown(plain), dataclasses.replace(result)):
        assert type(value) is ng.StudyResult
        for field in dataclasses.fields(plain):
            assert getattr(value, field.name) == getattr(plain, field.name)
    # Every name that the facade adds is there for a plain value too, from the kinds.
    assert kinds.text(plain) == str(result)
    assert kinds.as_dict(plain) == result.as_dict()


def test_an_analysis_has_all_that_its_value_has(result: ng.StudyResult) -> None:
    analysis = result.analyse("overtraining", "wider")
    assert isinstance(analysis, Analysis)
    assert analysis.gap == analysis.value.gap
    assert analysis.interval() == analysis.value.interval()
    assert analysis.frame().equals(analysis.value.frame())
    assert str(analysis) == str(analysis.value)
    assert "images" in analysis.chart().to_json()
    assert {"gap", "chart", "value"} <= set(dir(analysis))
    with pytest.raises(AttributeError, match="no attribute 'gaap'"):
        _ = analysis.gaap
    for same in (copy.copy(analysis), pickle.loads(pickle.dumps(analysis))):
        assert same.gap == analysis.gap


def test_an_analysis_without_a_chart_has_its_table(result: ng.StudyResult) -> None:
    analysis = result.analyse("ensemble")
    assert not analysis.frame().empty
    with pytest.raises(ng.NetgainError, match="frame"):
        analysis.chart()


def test_a_result_of_a_demonstration_shows_itself(tmp_path: Path) -> None:
    def examine(given: demonstration_result.DemonstrationInput) -> ng.Findings:
        return ng.Findings((ng.Statement("Seeds differ", len(set(given.seeds)) == 2, f"{given.seeds}"),))

    result = ng.run(ng.Demonstration("seeds", question="Do seeds differ?", examine=examine), 2, store=None)
    assert type(result) is ng.DemonstrationResult
    assert str(result) == "Do seeds differ?\n✓ Seeds differ: (0, 1)"
    assert result.sentences == ["✓ Seeds differ: (0, 1)"]
    assert result.as_dict()["dataset"] is None
    assert result.demonstration.name == "seeds"
    result.report(tmp_path / "page.html")
    assert "✓ HOLDS" in (tmp_path / "page.html").read_text()
    with pytest.raises(ng.NetgainError, match="no figure 'x'"):
        result.frame("x")
    with pytest.raises(ng.NetgainError, match="no figure 'x'"):
        result.chart("x")


@pytest.mark.parametrize("function", [kinds.text, kinds.as_dict, kinds.sentences])
def test_what_is_no_result_is_refused(function) -> None:
    with pytest.raises(TypeError, match="received int"):
        function(3)
    with pytest.raises(TypeError, match="received int"):
        kinds.section(3, "")  # pyright: ignore[reportArgumentType]


def test_a_network_is_trained_kept_opened_and_scored(small_recipe: ng.Recipe, tmp_path: Path) -> None:
    store = tmp_path / "runs.db"
    run = ng.train(small_recipe, store=store)
    again = ng.train(small_recipe, store=store)
    assert again.model == b""
    network = ng.open_network(ng.model_of(again, store))
    scores = ng.score(network, ng.load_dataset("digits").x_test)
    assert scores.shape == run.test_scores.shape
    assert (scores.argmax(1) == run.test_scores.argmax(1)).all()
