"""Techniques: each changes a recipe, and refuses a strength that is none."""

from __future__ import annotations

import math
from typing import Any

import pytest

from netgain.data import load_dataset
from netgain.errors import RecipeError
from netgain.experiment.techniques import TECHNIQUES, Technique
from netgain.tasks.catalogue import task_of
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe
from netgain.tasks.svm import SVM

BASELINE: Recipe = load_recipe("baseline")
EACH = pytest.mark.parametrize("technique", TECHNIQUES.values(), ids=TECHNIQUES.keys())


@EACH
def test_every_strength_gives_a_recipe_that_can_be_trained_and_is_another(technique: Technique) -> None:
    seen = {BASELINE.digest}
    for number in technique.values:
        changed = technique.apply(BASELINE, number)
        task_of(changed).check(changed, load_dataset("mnist"))
        assert type(changed) is Recipe
        assert changed.digest not in seen
        seen.add(changed.digest)


@EACH
def test_only_what_the_technique_is_about_changes(technique: Technique) -> None:
    field, also = {
        "dropout": ("network.dropout.", ""),
        "rotation": ("augmentation", ""),
        "L2 penalty": ("network.l2.", ""),
        "L1 penalty": ("network.l1.", ""),
        "early stopping": ("early_stopping", "validation_size"),
        "momentum": ("optimizer.momentum", ""),
        "learning-rate decay": ("optimizer.schedule", ""),
        "learning rate": ("optimizer.learning_rate", ""),
        "batch size": ("batch_size", ""),
        "more images": ("train_size", ""),
        "label smoothing": ("label_smoothing", ""),
        "weight decay": ("optimizer.weight_decay", ""),
        "averaged weights": ("optimizer.ema", ""),
        "warm-up": ("optimizer.warm_up", ""),
        "cutout": ("augmentation", ""),
        "mixup": ("augmentation", ""),
        "ensemble": ("ensemble", ""),
        "test-time shifts": ("test_time", ""),
    }[technique.name]
    changed = technique.apply(BASELINE, technique.default).differences(BASELINE)
    assert changed
    assert all(path.startswith(field) or path == also for path in changed)


@EACH
def test_what_is_said_of_a_technique(technique: Technique) -> None:
    assert technique.strength
    assert technique.default in technique.values
    assert list(technique.values) == sorted(set(technique.values))


@EACH
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, -1, None, "much", True])
def test_an_unknown_strength_is_refused(technique: Technique, number: Any) -> None:
    with pytest.raises(RecipeError):
        technique.apply(BASELINE, number)


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        ("dropout", 1.5, "less than 1"),
        ("momentum", 1.0, "less than 1"),
        ("early stopping", 0, "greater than 0"),
        ("early stopping", 2.5, "integer"),
        ("batch size", 2.5, "integer"),
        ("more images", 0.0, "greater than 0"),
        ("rotation", 0, "no field changes the images"),
        ("dropout", math.nan, "dropout: must be a finite number, fraction dropped"),
    ],
)
def test_a_refusal_says_why(name: str, number: float, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        TECHNIQUES[name].apply(BASELINE, number)


def test_a_recipe_that_has_no_such_field() -> None:
    with pytest.raises(RecipeError, match="no such field"):
        TECHNIQUES["dropout"].apply(SVM(), 0.2)
    with pytest.raises(RecipeError, match="field of sgd"):
        TECHNIQUES["momentum"].apply(BASELINE.change("optimizer", "adam"), 0.9)


def test_early_stopping_leaves_a_validation_part_and_gets_one_where_there_is_none() -> None:
    stop = TECHNIQUES["early stopping"]
    assert stop.apply(BASELINE, 3).validation_size == 10_000
    with_part = BASELINE.change("validation_size", 5000).change("early_stopping", {"monitor": "val_accuracy"})
    stopped = stop.apply(with_part, 5.0)
    assert stopped.validation_size == 5000
    assert stopped.early_stopping is not None
    assert (stopped.early_stopping.monitor, stopped.early_stopping.patience) == ("val_accuracy", 5)
