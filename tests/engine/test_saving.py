"""Saved networks of a user's own model: opened with its layers, or refused with what is missing."""

import json
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine.saving import NOTE_NAME, load_model, parts_in
from netgain.engine.score import score
from netgain.errors import DataError, TrainingError
from netgain.networks.families.own import KerasNetwork
from netgain.runs.trained import open_network
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe

layers = keras.layers
IMAGES = load_dataset("digits").x_test[:40]
MYLAYERS = """
    import keras

    class Halved(keras.layers.Layer):
        def call(self, inputs):
            return inputs / 2

    @keras.saving.register_keras_serializable(package="mine")
    class Doubled(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    def bent(x):
        return keras.ops.tanh(x)
"""


@pytest.fixture
def own_layers(tmp_path: Path) -> Any:
    """The names that a user's file of layers defines."""
    (tmp_path / "mylayers.py").write_text(textwrap.dedent(MYLAYERS))
    return parts_in(tmp_path / "mylayers.py")


def recipe_of(*inner: Any, **fields: Any) -> Recipe:
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), *inner, layers.Dense(10, activation="softmax")])
    return Recipe(dataset="digits", train_size=200, network=KerasNetwork(model, **fields), epochs=1)


def test_own_layers_open_with_the_recipe_or_with_the_file_that_defines_them(own_layers: Any, tmp_path: Path) -> None:
    """Fault 15: the file did not open, and no class was named."""
    recipe = recipe_of(own_layers["Halved"](), own_layers["Doubled"](), layers.Dense(5, activation=own_layers["bent"]))
    run = train(recipe, 0)
    np.testing.assert_allclose(score(open_network(run, recipe), IMAGES), run.test_scores[:40], atol=1e-5)
    run.save_model(tmp_path / "own.keras")
    parts = parts_in(tmp_path / "mylayers.py")
    assert sorted(parts) == ["Doubled", "Halved", "bent", "mine>Doubled"]
    np.testing.assert_allclose(
        score(load_model(tmp_path / "own.keras", parts)[0], IMAGES), run.test_scores[:40], atol=1e-5
    )
    with pytest.raises(
        DataError, match=r"does not know: 'Halved', .*'bent'; give the Python file .*--with mylayers\.py"
    ):
        load_model(tmp_path / "own.keras")
    with pytest.raises(DataError, match="'Halved'"):
        open_network(run)


def test_a_lambda_is_only_opened_on_trust(tmp_path: Path) -> None:
    recipe = recipe_of(layers.Lambda(lambda x: x / 2))
    run = train(recipe, 0)
    run.save_model(tmp_path / "lambda.keras")
    with pytest.raises(DataError, match="it has a lambda, and its code would run when the file is opened.*--trust"):
        load_model(tmp_path / "lambda.keras")
    opened = load_model(tmp_path / "lambda.keras", trusted=True)[0]
    np.testing.assert_allclose(score(opened, IMAGES), run.test_scores[:40], atol=1e-5)
    np.testing.assert_allclose(score(open_network(run, recipe), IMAGES), run.test_scores[:40], atol=1e-5)


def test_the_range_of_pixels_is_saved(tmp_path: Path) -> None:
    """Said by the user against what the layers tell: 0..255 for a model without any scaling."""
    run = train(recipe_of(pixels="0..255"), 0)
    run.save_model(tmp_path / "raw.keras")
    model, note = load_model(tmp_path / "raw.keras")
    assert note["pixels"] == "0..255"
    np.testing.assert_allclose(score(model, IMAGES), run.test_scores[:40], atol=1e-5)
    with zipfile.ZipFile(tmp_path / "raw.keras") as archive:
        assert json.loads(archive.read(NOTE_NAME))["pixels"] == "0..255"


def test_a_file_of_layers_that_does_not_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'missing.py' with your own layers does not run: FileNotFoundError"):
        parts_in(Path("missing.py"))
    (tmp_path / "broken.py").write_text("import keras\nnot a program")
    with pytest.raises(DataError, match="broken.py' with your own layers does not run: SyntaxError"):
        parts_in(tmp_path / "broken.py")


def test_a_run_without_a_network_opens_none() -> None:
    run = train(recipe_of(), 0, keep_model=False)
    with pytest.raises(TrainingError, match="has no trained network"):
        open_network(run)
