"""Readers through run, store, verdict, table, sentences, JSON and report; analyses of classes stay away."""

from concurrent.futures import Executor
from pathlib import Path

import pytest

import netgain as ng
from netgain.errors import NetgainError, StatisticsError
from netgain.report.kinds import as_dict, text
from netgain.results.analyses import ANALYSES

from .conftest import NETWORK, make_strings, recipe_for

OF_ANY_TASK = {"changed-images", "image-errors", "overtraining", "checks"}


@pytest.fixture(scope="module")
def result(here: Executor, tmp_path_factory: pytest.TempPathFactory) -> ng.StudyResult:
    strings = make_strings()
    baseline = recipe_for(strings, epochs=2, train_size=240)
    arms = {"smaller": baseline.change("network", NETWORK.change("units", 2))}
    study = ng.Study("readers", question="Does memory help?", baseline=baseline, arms=arms)
    store = tmp_path_factory.mktemp("store") / "runs.db"
    first = ng.run(study, seeds=2, store=store, executor=here)
    again = ng.run(study, seeds=2, store=store, executor=here)
    assert (first.num_trained, again.num_trained) == (4, 0)
    return again


def test_the_label_error_stands_beside_the_accuracy_with_its_errors(result: ng.StudyResult) -> None:
    found = result.ratios("baseline")["label error"]
    edits = sum(run.arrays["test_edits"].sum() for run in result.runs["baseline"])
    assert found.value == pytest.approx(edits / 2 / sum(map(len, result.data.texts_test)))  # pyright: ignore
    assert found.training is not None
    said = text(result)
    assert "label error" in next(line for line in said.splitlines() if "test accuracy" in line)
    assert f"{100 * found.value:.2f} ±" in said
    assert "Label error (characters to replace, add or take away per 100 characters of text): baseline" in said
    assert "on the 120 test strings of bars" in said
    assert "image" not in said
    row = as_dict(result)["verdicts"][0]
    assert row["label_error"] == pytest.approx(100 * found.value)
    assert row["label_error_training"] == pytest.approx(100 * found.training)


def test_the_page_and_the_notebook_show_it(result: ng.StudyResult, tmp_path: Path) -> None:
    result.report(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert page.count('data-label="label error, %"') == 2
    assert "test strings" in page
    assert "label error" in result._repr_html_()


@pytest.mark.parametrize("name", sorted(set(ANALYSES) - OF_ANY_TASK))
def test_analyses_of_classes_refuse_a_reader_in_one_sentence(result: ng.StudyResult, name: str) -> None:
    with pytest.raises(StatisticsError, match="is of the task 'reading', which gives no scores of classes"):
        result.analyse(name, arm="baseline")


@pytest.mark.parametrize("name", sorted(OF_ANY_TASK - {"checks"}))
def test_analyses_of_right_answers_take_a_reader(result: ng.StudyResult, name: str) -> None:
    assert str(result.analyse(name, arm="smaller"))


def test_what_only_classifiers_can_do_is_refused(result: ng.StudyResult) -> None:
    with pytest.raises(NetgainError, match="bars are not images; they are test strings"):
        result.fractions(result.data.x_test)  # pyright: ignore
    with pytest.raises(NetgainError, match="only networks that classify images"):
        ng.run(result.study.shifted("rotation=N(0,5)"), seeds=2, store=None)
