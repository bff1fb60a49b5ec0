"""Class fractions from networks, samples and templates: what is refused, what is said, what comes out."""

from __future__ import annotations

import dataclasses
import zipfile
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from netgain.api import Fractions, StudyResult, fractions, run
from netgain.data import load_dataset
from netgain.data.shifts import Shift
from netgain.engine.saving import NOTE_NAME
from netgain.errors import DataError, StatisticsError, UnknownNameError
from netgain.experiment.study import Study
from netgain.results.fractions import amounts_of, nuisances_in
from netgain.runs.store import Store
from netgain.stats.fractions import TARGETS
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM

DIGITS = load_dataset("digits")


@pytest.fixture(scope="module")
def recipe(small_recipe: Recipe) -> Recipe:
    return small_recipe.change("train_size", 900).change("validation_size", 500).change("epochs", 8)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("fractions") / "runs.db")


@pytest.fixture(scope="module")
def result(recipe: Recipe, store: Store, here: Executor) -> StudyResult:
    study = Study("two", baseline=recipe, arms={"wider": recipe.change("network.hidden", [24])})
    return run(study, seeds=2, store=store, executor=here)


@pytest.fixture(scope="module")
def found(result: StudyResult, store: Store) -> Fractions:
    return result.fractions("digits", store=store)


@pytest.fixture(scope="module")
def file(result: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("network") / "m.keras"
    result.runs["baseline"][0].save_model(path)
    return path


UNUSED = np.arange(900, DIGITS.num_train)
"""Training images that the recipe leaves out. The test images were written by other people."""


def labelled(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return DIGITS.x_train[chosen], DIGITS.y_train[chosen]


def unequal(chosen: np.ndarray) -> np.ndarray:
    """Of class k only the share (k + 1) / 10 of these images."""
    of_class = [chosen[DIGITS.y_train[chosen] == k] for k in range(10)]
    return np.concatenate([members[: len(members) * (k + 1) // 10] for k, members in enumerate(of_class)])


def test_the_fractions_of_an_unequal_sample_are_the_true_ones_within_their_errors(
    result: StudyResult, store: Store
) -> None:
    sample = labelled(unequal(UNUSED[::2]))
    found = result.fractions(sample, templates=labelled(UNUSED[1::2]), store=store)
    assert found.truth is not None
    assert found.truth[9] > 8 * found.truth[0]
    assert found.fractions.sum() == pytest.approx(1)
    pulls = (found.fractions - found.truth) / found.estimate.errors("sample").total
    assert np.abs(pulls).max() < 5
    assert np.abs(pulls).mean() < 1.6
    assert found.classifier == "two: wider (one classifier: the mean score of 2 networks)"
    assert found.counted.sum() == pytest.approx(1)


def test_the_validation_part_gives_the_templates(found: Fractions) -> None:
    assert found.templates == "the 500 validation images of digits"
    assert found.num_images == DIGITS.num_test
    np.testing.assert_allclose(found.truth, np.bincount(DIGITS.y_test) / DIGITS.num_test)  # pyright: ignore


def test_tables_have_the_split_of_the_error_for_both_targets(found: Fractions) -> None:
    tables: dict[str, dict[str, np.ndarray]] = {
        target: {str(name): found.frame(target)[name].to_numpy() for name in found.frame(target)} for target in TARGETS
    }
    population, sample = tables["population"], tables["sample"]
    assert list(population["class"]) == list(DIGITS.class_names)
    assert population["fraction"].sum() == pytest.approx(100)
    assert (population["data"] > sample["data"]).all()
    assert (population["low"] <= population["fraction"]).all()
    assert (population["fraction"] <= population["high"]).all()
    assert population["images"].sum() == pytest.approx(DIGITS.num_test)
    correlation = found.correlation_frame().set_index("class")
    np.testing.assert_allclose(np.diag(correlation), 1)
    with pytest.raises(UnknownNameError, match="there is no target 'populaton'; did you mean 'population'"):
        found.frame("populaton")  # pyright: ignore[reportArgumentType]


def test_a_nuisance_is_fitted_and_widens_the_errors(result: StudyResult, store: Store, found: Fractions) -> None:
    nuisance = Shift.parse("rotation=N(0,10)")
    with_it = result.fractions("digits", nuisances=[nuisance], store=store)
    assert with_it.nuisances == (nuisance,)
    (fitted,) = with_it.estimate.nuisances
    assert abs(fitted.pull) < 3
    assert with_it.estimate.errors("population").systematics.max() > 0
    assert found.estimate.errors("population").systematics.max() == 0


def test_an_amount_is_told_in_the_unit_of_its_shift(result: StudyResult, store: Store) -> None:
    darker = (DIGITS.x_test * 0.8).astype(np.uint8)
    found = result.fractions(darker, nuisances=["contrast=N(0.9,0.1)"], store=store)
    assert found.amounts == pytest.approx([0.8], abs=0.15)


def test_amounts_have_the_one_that_changes_nothing() -> None:
    assert amounts_of(Shift.parse("rotation=N(0,5)")) == (-10, -5, 0, 5, 10)
    assert amounts_of(Shift.parse("blur=U(0,1)")) == (0, 0.25, 0.5, 0.75, 1)
    assert 1 in amounts_of(Shift.parse("contrast=U(0.5,0.9)"))
    with pytest.raises(DataError, match=r"contrast=0\.8 has no width: give N\(mean,sigma\) or U\(low,high\)"):
        nuisances_in(["contrast=0.8"])
    with pytest.raises(DataError, match="rotation is given twice"):
        nuisances_in(["rotation=N(0,1)", "rotation=N(0,2)"])
    with pytest.raises(UnknownNameError, match="'rotaton'; did you mean 'rotation'"):
        nuisances_in(["rotaton=N(0,1)"])


def test_a_file_gives_what_the_run_gives_and_finds_its_own_validation_part(file: Path, result: StudyResult) -> None:
    of_file = fractions(file, "digits")
    assert of_file.templates == "the 500 validation images of digits"
    assert of_file.classifier == "'m.keras' (one network)"
    one = dataclasses.replace(result, runs={name: runs[:1] for name, runs in result.runs.items()})
    np.testing.assert_allclose(of_file.fractions, one.fractions("digits", "baseline", store=None).fractions, atol=1e-6)


def test_templates_that_trained_the_network_are_refused(file: Path, recipe: Recipe, result: StudyResult) -> None:
    for model in (file, recipe):
        with pytest.raises(
            DataError, match=r"9[0-9][0-9] of the 1,437 training images of digits trained the network .*surer"
        ):
            fractions(model, "digits", templates="digits:train", store=None)
    unused = DIGITS.x_train[900:], DIGITS.y_train[900:]
    assert fractions(file, DIGITS.x_test, templates=unused).estimate.num_template_images == 537


def test_a_network_that_says_nothing_of_its_training_needs_templates_and_gets_a_warning(
    file: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.keras"
    network: Any = keras.models.load_model(file)
    network.save(plain)
    with zipfile.ZipFile(plain) as archive:
        assert NOTE_NAME not in archive.namelist()
    with pytest.warns(UserWarning, match="does not record"):
        found = fractions(plain, "digits", templates="digits:train")
    assert any("It is not known which images trained 'plain.keras'" in doubt for doubt in found.doubts)
    with (
        pytest.raises(DataError, match="does not say which images .*give labelled images"),
        pytest.warns(UserWarning, match="does not record"),
    ):
        fractions(plain, "digits")


def test_what_no_fit_can_use_is_refused_before_anything_is_trained(recipe: Recipe, store: Store) -> None:
    without = recipe.change("validation_size", 0)
    one_class = DIGITS.y_test != 3
    lacks = DIGITS.x_test[one_class], DIGITS.y_test[one_class]
    wrong = [
        (without, "digits", {}, r"has no validation part.*validation_size=10000.*templates="),
        (recipe, DIGITS.x_test[:9], {}, "the 9 images given are fewer than the 10 classes"),
        (recipe, DIGITS.x_test[:, :7], {}, "have the shape 7x8x1 .* the network takes 8x8x1"),
        (recipe, "digits", {"templates": lacks}, "have no image of the class 3"),
        (recipe, "digits", {"templates": DIGITS.x_test}, "have no labels of the network's classes"),
        (recipe, "digits", {"templates": "digits:test"}, "360 of the 360 test images of digits are templates too"),
        (recipe, "absent", {}, "there are no images 'absent'"),
    ]
    before = store.num_runs()
    for model, images, options, words in wrong:
        with pytest.raises(DataError, match=words):
            fractions(model, images, store=store, **options)
    assert store.num_runs() == before


def test_training_images_in_the_sample_are_said(recipe: Recipe, store: Store, here: Executor) -> None:
    found = fractions(recipe, DIGITS.x_train[:300], store=store, executor=here)
    assert any("300 of the 300 images given trained the network" in doubt for doubt in found.doubts)


def test_models_that_cannot_score_images_are_refused(result: StudyResult) -> None:
    with pytest.raises(StatisticsError, match="does not train networks"):
        fractions(SVM(dataset="digits"), "digits")
    with pytest.raises(UnknownNameError, match="there is no recipe 'baselin'; did you mean 'baseline'"):
        fractions("baselin", "digits")
    with pytest.raises(UnknownNameError, match="there is no arm 'widr'"):
        result.fractions("digits", "widr")
    with pytest.raises(DataError, match=r"there is no file 'absent\.keras'"):
        fractions("absent.keras", "digits")


def test_it_shows_itself(found: Fractions) -> None:
    text = str(found)
    assert text.startswith("Class fractions of the 360 test images of digits\n")
    assert "Target: population" in text
    assert "± data ± templates\n" in text.replace("  ", "").replace(" \n", "\n") or "± data ± templates" in text
    assert "true" in text
    assert repr(found).startswith("<Fractions: ")
    html = found._repr_html_()
    assert html.count("<svg") == 4  # two charts, for a wide and for a narrow column
    assert "<script" not in html
    values = found.as_dict("sample")
    assert (values["target"], values["images"], len(values["classes"])) == ("sample", 360, 10)
    for name in ("fractions", "correlations"):
        assert found.chart(name).to_dict()
    with pytest.raises(UnknownNameError, match="there is no chart 'fractons'"):
        found.chart("fractons")
