"""The form: what it builds, and at which field a refusal appears."""

from __future__ import annotations

from typing import Any

import pytest

from netgain.experiment.techniques import TECHNIQUES
from netgain.web.builder import Form, FormError, built_study, checked_seeds

GOOD = Form(
    dataset="digits", family="mlp", layers="30", activation="sigmoid", output="softmax",
    loss="categorical_crossentropy", optimizer="sgd", rate=0.5, images=600.0, epochs=3.0, batch=30.0,
    technique="dropout", strength=0.2, seeds=5.0,
)  # fmt: skip


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_every_technique_makes_a_study(technique: str) -> None:
    strength = 500 if technique == "more images" else TECHNIQUES[technique].default
    study, seeds = built_study(GOOD._replace(technique=technique, strength=strength), "own-1")
    assert seeds == 5
    assert len(study.arms) == 1
    assert study.baseline.train_size == 600


def test_a_convolutional_network() -> None:
    study, _ = built_study(GOOD._replace(dataset="mnist", family="convnet", layers="8"), "own-1")
    assert study.baseline.network.family == "convnet"


@pytest.mark.parametrize(
    ("field", "change", "said"),
    [
        ("layers", {"layers": "thirty"}, "whole numbers"),
        ("layers", {"layers": "0"}, "greater than 0"),
        ("loss", {"output": "sigmoid"}, "sum to one"),
        ("rate", {"rate": -1.0}, "greater than 0"),
        ("epochs", {"epochs": 0.0}, "greater than 0"),
        ("epochs", {"epochs": 1.5}, "integer"),
        ("batch", {"batch": -3.0}, "greater than 0"),
        ("images", {"images": 1e6}, "too few"),
        ("layers", {"family": "convnet", "layers": "8, 8"}, "kernel of block 2"),
        ("strength", {"strength": 1.5}, "less than 1"),
        ("strength", {"strength": None}, "a number"),
        ("strength", {"strength": 0.0}, "same recipe"),
        ("strength", {"technique": "momentum", "optimizer": "adam"}, "field of sgd"),
        ("seeds", {"seeds": 0.0}, "whole number from 1"),
        ("seeds", {"seeds": None}, "whole number from 1"),
    ],
)
def test_a_refusal_stands_at_its_field(field: str, change: dict[str, Any], said: str) -> None:
    with pytest.raises(FormError) as refused:
        built_study(GOOD._replace(**change), "own-1")
    assert list(refused.value.fields) == [field]
    assert said in refused.value.fields[field]


def test_seeds() -> None:
    assert checked_seeds(3.0) == 3
