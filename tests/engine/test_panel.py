"""Networks that answer together give the answers they give alone."""

from __future__ import annotations

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine.panel import Panel
from netgain.errors import DataError
from netgain.networks.families.convnet import ConvNet
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe


def test_answers_are_those_of_each_network_and_maps_those_of_its_kernels(small_recipe: Recipe) -> None:
    recipe = small_recipe.change("network", ConvNet(filters=(4,), kernel_size=3)).change("epochs", 1)
    runs = [train(recipe, seed) for seed in (0, 1)]
    digits = load_dataset("digits")
    panel = Panel([run.model for run in runs], digits.image_shape)
    for index in (0, 7):
        scores = panel.answer(digits.x_test[index])
        assert scores.shape == (2, 10)
        np.testing.assert_allclose(scores, [run.test_scores[index] for run in runs], atol=1e-5)
    (maps,) = panel.feature_maps(digits.x_test[0])
    assert maps.shape == (6, 6, 4)
    assert maps.min() >= 0
    (fields,) = panel.receptive_fields
    assert fields is not None
    assert [len(cells) for cells in fields] == [6, 6]
    assert fields.rows[1] == (1, 2, 3)


def test_a_network_without_convolutions_has_no_maps(small_recipe: Recipe) -> None:
    run = train(small_recipe.change("epochs", 1), 0)
    panel = Panel([run.model], (8, 8, 1))
    assert panel.feature_maps(np.zeros((8, 8, 1), np.uint8)) == panel.receptive_fields == []


def test_refused(small_recipe: Recipe) -> None:
    with pytest.raises(DataError, match="not a Keras model that can be opened"):
        Panel([b"import os"], (8, 8, 1))
    with pytest.raises(DataError, match="one or more"):
        Panel([], (8, 8, 1))
    small, wide = (train(small_recipe.change("network.hidden", [size]).change("epochs", 1), 0) for size in (3, 4))
    with pytest.raises(DataError, match="same layers"):
        Panel([small.model, wide.model], (8, 8, 1))
