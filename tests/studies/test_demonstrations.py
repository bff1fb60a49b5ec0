"""One contract for every demonstration: it runs end to end at a small size, tests its statements and draws."""

import html
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

from netgain.api import DemonstrationResult, run
from netgain.errors import UnknownNameError
from netgain.studies import load_demonstration, load_study, study_entries
from netgain.studies.examine import class_fractions, gradient_at_output
from netgain.tasks.generation.recipe import Generator
from netgain.tasks.reading.recipe import Reader

from .conftest import NUM_STRINGS, narrow, small_generator, small_strings

NAMES = sorted(name for name, entry in study_entries().items() if entry.study.called == "demonstration")

# What two epochs on 8×8 digits need not bear out; everything else is mathematics and holds at any size.
NEEDS_TRAINING = {
    "An accuracy of 96.6 %",
    "Some digits are hard",
    "The factor of 0.0156",
    "ReLU has no small",
    "Each map picks up",
    "The generic classifier",
    "A cut on the generic",
    "After the ",
    "The errors of the fractions",
    "Before training",
    "After training",
    "Training brings",
    "A reader learns the blank",
    "Nothing is broken",
    "A trained reader",
    "CTC reads longer strings",
    "Fixed slots read",
    "A collapse",
    "Generated digits are told",
    "Their own critic",
    "The floor is",
}


def at_a_small_size(name: str, here: Executor) -> DemonstrationResult:
    demonstration = load_demonstration(name)
    if name == "class-fractions":
        demonstration = demonstration.change_recipes("validation_size", 0).on("digits")
        demonstration = demonstration.change_recipes("validation_size", 360)
    if any(isinstance(recipe, Generator) for recipe in demonstration.recipes.values()):
        return run(demonstration.on("digits").each_recipe(small_generator), seeds=2, store=None, executor=here)
    readers = [recipe for recipe in demonstration.recipes.values() if isinstance(recipe, Reader)]
    if readers:
        demonstration = demonstration.on(small_strings()).change_recipes("epochs", 2).each_recipe(narrow)
        demonstration = demonstration.fitted_to(NUM_STRINGS)
    elif demonstration.datasets:  # which are made small
        demonstration = demonstration.change_recipes("epochs", 2).change_recipes("train_size", 360)
    elif demonstration.recipes:  # as many images to train as to test: one evaluation of them to compile
        demonstration = demonstration.on("digits").change_recipes("epochs", 2).change_recipes("train_size", 360)
    return run(demonstration, seeds=2, store=None, executor=here)


@pytest.fixture(autouse=True)
def few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of pseudo-samples take too long here."""
    monkeypatch.setattr(class_fractions, "NUM_SAMPLES", 6)


def test_the_lectures_demonstrations_are_there() -> None:
    assert {"wrong-digits", "slow-learning", "loss", "gradient-at-output", "weight-decay-polynomial"} <= set(NAMES)
    assert {"vanishing-gradient", "feature-maps"} <= set(NAMES)


@pytest.mark.usefixtures("few_turned_digits")
@pytest.mark.parametrize("name", NAMES)
def test_demonstration(name: str, tmp_path: Path, here: Executor) -> None:
    result = at_a_small_size(name, here)
    assert set(result.runs) == set(result.demonstration.recipes)
    assert result.findings.statements
    for statement in result.findings.statements:
        assert any(character.isdigit() for character in statement.measured), statement
        assert statement.holds or statement.text.startswith(tuple(NEEDS_TRAINING)), str(statement)
        assert str(statement) in str(result)
    assert result.findings.figures
    for figure_name, figure in result.findings.figures.items():
        assert len(result.frame(figure_name)) > 1
        assert len(figure.alt) > 30
        result.chart(figure_name).save(tmp_path / "figure.png")
        assert (tmp_path / "figure.png").stat().st_size > 5000
    assert result.as_dict()["statements"][0]["measured"] == result.findings.statements[0].measured
    result.report(tmp_path / "report.html")
    page = html.unescape((tmp_path / "report.html").read_text())
    assert result.findings.statements[0].measured in page
    assert all(figure.alt in page for figure in result.findings.figures.values())


@pytest.mark.parametrize("name", NAMES)
def test_docstring_is_a_claim(name: str) -> None:
    entry = study_entries()[name]
    assert entry.headline.endswith("?")
    assert len(entry.headline) < 110
    assert "The lecture: " in entry.claim
    assert "netgain" in entry.claim
    assert "seeds" in entry.claim
    assert entry.study.question.endswith("?")
    assert load_demonstration(name).lecture_says


def test_a_wrong_formula_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradient_at_output, "entropy_formula", lambda z, target: np.tanh(z) - target)
    result = run(load_demonstration("gradient-at-output").change("recipes", {}), seeds=1)
    held = {statement.text: statement.holds for statement in result.findings.statements}
    assert not held["∂L/∂w of cross-entropy is [σ(z) − t] ∂z/∂w, without σ′(z)"]
    assert held["∂L/∂w of the squared error is [σ(z) − t] σ′(z) ∂z/∂w"]
    assert not result.findings.hold
    assert "✗ ∂L/∂w of cross-entropy" in str(result)


def test_studies_and_demonstrations_are_told_apart() -> None:
    with pytest.raises(UnknownNameError, match="It is a demonstration"):
        load_study("slow-learning")
    with pytest.raises(UnknownNameError, match="It is a study"):
        load_demonstration("dropout")
