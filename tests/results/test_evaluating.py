"""Accuracies with their three errors, of networks that are trained already."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

import netgain as ng
from netgain.api import shown
from netgain.data.shifts import as_shifts, each_by_its_own
from netgain.results.evaluating import Plan, plan_of
from netgain.results.stored import open_existing, stored

SHIFTS = ["rotation=N(0,15)", "contrast=0.5"]


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluated") / "runs.db"


@pytest.fixture(scope="module")
def result(small_study: ng.Study, where: Path, here: Executor) -> ng.StudyResult:
    return ng.run(small_study, 3, store=where, executor=here)


@pytest.fixture(scope="module")
def evaluated(result: ng.StudyResult, where: Path) -> object:
    return result.evaluate(SHIFTS, "wider", store=where).value


@pytest.fixture(scope="module")
def saved(result: ng.StudyResult, where: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "one.keras"
    ng.model_of(result.runs["wider"][0], where).save_model(path)
    return path


def test_each_source_is_what_the_networks_answer_to_changed_images(result: ng.StudyResult, where: Path) -> None:
    found = result.evaluate(SHIFTS, "wider", store=where)
    assert str(found.ideal) == str(result.accuracies["wider"])
    images = as_shifts("contrast=0.5")[0].apply(result.dataset.x_test, 0.5)
    networks = [ng.open_network(ng.model_of(run, where)) for run in result.runs["wider"]]
    right = np.stack([ng.score(one, images).argmax(axis=1) == result.dataset.y_test for one in networks])
    contrast = found.sources[1]
    assert contrast.name == "contrast=0.5"
    assert contrast.bias.value == pytest.approx(right.mean() - result.right("wider").mean())
    rotation = found.sources[0]
    assert list(rotation.steps) == [-15, 15]
    assert rotation.bias.value < -0.03
    own = each_by_its_own(result.dataset.x_test, as_shifts(SHIFTS))
    together = np.stack([ng.score(one, own).argmax(axis=1) == result.dataset.y_test for one in networks])
    assert found.real.value == pytest.approx(together.mean())
    assert found.loss.value == pytest.approx(result.right("wider").mean() - together.mean())


def test_the_mean_over_the_amounts_is_that_of_many_draws(result: ng.StudyResult, where: Path) -> None:
    """The quadrature with seven nodes against 60 amounts drawn at random."""
    found = result.evaluate("rotation=N(0,15)", store=where, joint=60)
    assert found.joint
    apart = found.joint.bias.value - found.sources[0].bias.value
    assert abs(apart) < 3 * found.joint.bias.draws
    assert found.joint.spread == pytest.approx(found.sources[0].spread, rel=0.5)


def test_answers_are_kept_and_more_draws_are_another_question(
    result: ng.StudyResult, where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = str(result.evaluate(SHIFTS, "wider", store=where))

    def never(*_: object) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr("netgain.results.answers.scorers", never)
    assert str(result.evaluate(SHIFTS, "wider", store=where)) == first
    with pytest.raises(AssertionError, match="asked again"):
        result.evaluate(SHIFTS, "wider", store=where, joint=2)


def test_a_recipe_is_evaluated_with_all_networks_of_the_store(result: ng.StudyResult, where: Path) -> None:
    recipe = result.study.recipes["wider"]
    found = ng.evaluate(recipe, SHIFTS, store=where)
    assert found.ideal.num_seeds == 3
    assert str(found.value) == str(result.evaluate(SHIFTS, "wider", store=where))
    assert "360 test images of digits, 3 seeds" in found.name
    plain = ng.evaluate(recipe, store=where)
    assert str(plain) == f"accuracy {result.accuracies['wider']}"


def test_a_file_is_one_network_without_training_error(result: ng.StudyResult, saved: Path) -> None:
    found = ng.evaluate(saved, SHIFTS, data="digits")
    assert found.ideal.value == pytest.approx(result.right("wider")[0].mean())
    assert found.ideal.training is None
    assert "one seed: training not measured" in str(found)
    assert "(systematics)" in str(found)
    assert list(found.frame()["source"]) == ["test sample", *SHIFTS]


def test_it_shows_itself(evaluated: object, result: ng.StudyResult, where: Path) -> None:
    found = result.evaluate(SHIFTS, "wider", store=where, joint=2)
    html = found._repr_html_()
    assert "(systematics)" in html
    assert "<svg" in html
    drawn = str(found.chart().to_dict())
    assert "rotation=N(0,15)" in drawn
    assert "drawn together" in drawn


def test_the_parts_of_a_bar_sum_to_the_total(result: ng.StudyResult, where: Path) -> None:
    from netgain.report.systematics_chart import shares_table

    found = result.evaluate(SHIFTS, "wider", store=where).value
    rows = shares_table({"wider": found}).to_dict("records")
    down, up = (sum(row["part"] for row in rows if row["direction"] == direction) for direction in ("down", "up"))
    assert down == pytest.approx(-100 * np.hypot(found.down, found.ideal.standard_error))
    assert up == pytest.approx(100 * np.hypot(found.up, found.ideal.standard_error))


@pytest.mark.parametrize("joint", [0, 1, -3, 1001, True])
def test_a_number_of_draws_that_makes_no_sense_is_refused(joint: int) -> None:
    with pytest.raises(ng.NetgainError, match=r"joint: must be 2 to 1,000 draws"):
        plan_of(as_shifts("blur=1"), joint)


def test_draws_need_shifts() -> None:
    with pytest.raises(ng.NetgainError, match="no shifts to draw"):
        plan_of((), 5)


def test_more_draws_begin_with_those_of_fewer() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 9, 9, 1), np.uint8)
    shifts = as_shifts("rotation=U(-90,90)")
    few, more = (list(Plan(shifts, joint).image_sets(images)) for joint in (2, 5))
    assert (len(few), len(more)) == (11, 14)
    for first, second in zip(few, more, strict=False):
        np.testing.assert_array_equal(first, second)


def test_amounts_that_are_drawn_together_have_their_priors_and_correlations() -> None:
    shifts = as_shifts(["rotation=N(3,10)", "blur=U(0,2)", "contrast=0.8"])
    amounts = plan_of(shifts, 1000, ["rotation,blur=-0.9"]).joint_amounts()
    assert amounts[:, 0].mean() == pytest.approx(3, abs=1.2)
    assert amounts[:, 0].std() == pytest.approx(10, rel=0.08)
    assert (amounts[:, 1].min(), amounts[:, 1].max()) == (pytest.approx(0, abs=0.02), pytest.approx(2, abs=0.02))
    assert amounts[:, 1].std() == pytest.approx(2 / 12**0.5, rel=0.08)
    assert np.corrcoef(amounts[:, 0], amounts[:, 1])[0, 1] == pytest.approx(-0.9, abs=0.04)
    assert set(amounts[:, 2]) == {0.8}
    apart = plan_of(shifts, 1000).joint_amounts()
    assert abs(np.corrcoef(apart[:, 0], apart[:, 1])[0, 1]) < 0.1
    names = {plan_of(shifts, 5, given).measurement().name for given in ((), ["rotation,blur=0.5"])}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("joint", "given", "says"),
    [
        (5, ["rotation,blur=1"], "a number between -1 and 1"),
        (5, ["rotation=0.5"], "must be two shifts"),
        (5, ["rotation,rotation=0.5"], "must be two shifts"),
        (5, ["rotation,noise=0.5"], "'noise' is not among the shifts given"),
        (5, ["rotation,blur=0.5", "blur,rotation=0.1"], "each pair of shifts once"),
        (None, ["rotation,blur=0.5"], "give joint as well"),
        (5, ["rotation,blur=0.9", "rotation,contrast=0.9", "blur,contrast=-0.9"], "cannot be true together"),
    ],
)
def test_correlations_that_make_no_sense_are_refused(joint: int | None, given: list[str], says: str) -> None:
    with pytest.raises(ng.NetgainError, match=says):
        plan_of(as_shifts(["rotation=N(0,1)", "blur=U(0,1)", "contrast=U(0.5,1)"]), joint, given)


def test_what_cannot_be_evaluated_is_refused(result: ng.StudyResult, where: Path, saved: Path, tmp_path: Path) -> None:
    def refused(says: str, *arguments: object, **options: object) -> None:
        with pytest.raises(ng.NetgainError, match=says):
            ng.evaluate(*arguments, **options)  # pyright: ignore[reportArgumentType]

    refused("data: a .keras file does not say", saved)
    refused("takes images of shape", saved, data="mnist")
    refused("no file", tmp_path / "none.keras", data="digits")
    refused("no networks of 'recipe'", result.study.baseline.change("epochs", 77), store=where)
    refused("there is no store", result.study.baseline, store=tmp_path / "none.db")
    refused("there is no recipe", "basline", store=where)
    with pytest.raises(ng.NetgainError, match="there is no arm"):
        result.evaluate(SHIFTS, "widr", store=where)
    without_networks = shown(stored(result.study, open_existing(where)))
    with pytest.raises(ng.NetgainError, match="has no trained network"):
        without_networks.evaluate(SHIFTS, store=None)


def test_other_classes_are_refused(saved: Path) -> None:
    digits = ng.load_dataset("digits")
    names = [f"class {number}" for number in range(10)]
    parts = digits.x_train, digits.y_train, digits.x_test, digits.y_test
    with pytest.raises(ng.NetgainError, match="was trained for the classes 0, 1"):
        ng.evaluate(saved, data=ng.Dataset(*parts, class_names=names))
    few = [part[: len(part)] for part in parts]
    few[1], few[3] = few[1] % 5, few[3] % 5
    with pytest.raises(ng.NetgainError, match="has 5 classes"):
        ng.evaluate(saved, data=ng.Dataset(*few))
