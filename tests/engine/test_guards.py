"""What is examined before and after a user's own model is trained: never names, always answers to real images."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine import guards
from netgain.engine.guards import check_own_model, check_saved, plain_scores
from netgain.engine.saving import model_bytes
from netgain.errors import RecipeError, TrainingError
from netgain.networks.families.own import KerasNetwork
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe

layers = keras.layers
DIGITS = load_dataset("digits")


def model_of(*inner: Any, last: Any = "softmax") -> Any:
    return keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), *inner, layers.Dense(10, activation=last)])


def recipe_of(model: Any, **fields: Any) -> Recipe:
    network = KerasNetwork(model, **({"pixels": fields.pop("pixels")} if "pixels" in fields else {}))
    return Recipe(
        **{"dataset": "digits", "network": network, "optimizer": "adam", "batch_size": 32, "epochs": 1, **fields}
    )


def check(model: Any, **fields: Any) -> None:
    recipe = recipe_of(model, **fields)
    assert isinstance(recipe.network, KerasNetwork)
    check_own_model(recipe.network, recipe.loss, DIGITS.x_train, DIGITS.num_classes)


def over_256(x: Any) -> Any:
    return keras.ops.softmax(x) / 256


def twenty_as_sum(x: Any) -> Any:
    scores: Any = keras.ops.softmax(x)
    return 20 * scores


@pytest.mark.parametrize(
    ("last", "loss", "expected"),
    [
        (
            "log_softmax",
            "categorical_crossentropy",
            r"scores from -[\d.]+ to -.*which are not negative; end it with a softmax",
        ),
        ("tanh", "mean_squared_error", "which are not negative"),
        (
            over_256,
            "categorical_crossentropy",
            "their sum over the classes is 0.0039.* where categorical_crossentropy needs 1",
        ),
        (twenty_as_sum, "binary_crossentropy", "binary_crossentropy needs scores from 0 to 1"),
    ],
)
def test_scores_that_are_not_probabilities_are_refused(last: Any, loss: str, expected: str) -> None:
    """Fault 7: log_softmax was accepted, and the accuracy was 0."""
    with pytest.raises(RecipeError, match=expected):
        check(model_of(last=last), loss=loss)


@pytest.mark.parametrize("loss", ["mean_squared_error", "binary_crossentropy"])
def test_sigmoid_scores_need_no_sum(loss: str) -> None:
    check(model_of(last="sigmoid"), loss=loss)


def test_scores_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(RecipeError, match="some of them not finite"):
        check(model_of(last=lambda x: (x - x) / (x - x)))


def test_the_same_scores_for_every_image_are_refused() -> None:
    with pytest.raises(
        RecipeError, match="gives all of 100 different training images the same scores with any weights"
    ):
        check(model_of(layers.Lambda(lambda x: x * 0)))


def test_a_last_layer_that_begins_with_zeros_may_learn() -> None:
    zeros: Any = layers.Dense(10, activation="softmax", kernel_initializer="zeros")
    check(keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), zeros]))


class DropsAlways(layers.Layer):
    """Calls what is inside as in training, also when it only scores."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.inner: Any = layers.Dropout(0.5)

    def build(self, input_shape: Any) -> None:
        self.inner.build(input_shape)

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs, training=True)


class NormalisesByBatch(DropsAlways):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.inner = layers.BatchNormalization()


@pytest.mark.parametrize(
    "inner", [DropsAlways, NormalisesByBatch, lambda: layers.Lambda(lambda x: x - x.mean(axis=0, keepdims=True))]
)
def test_scores_that_depend_on_chance_or_on_the_other_images_are_refused(inner: Callable[[], Any]) -> None:
    """Trained and stored before: its scores held for batches of one size only."""
    with pytest.raises(RecipeError, match="10 images different scores alone and together with 90 more"):
        check(model_of(inner()))


def narrow() -> list[Any]:
    """Layers that let hardly anything through before batch normalisation has learnt its statistics."""
    small: Any = keras.initializers.RandomNormal(stddev=1e-3)
    pairs = [(layers.Dense(16, kernel_initializer=small), layers.BatchNormalization()) for _ in range(4)]
    return [layer for pair in pairs for layer in (*pair, layers.Dropout(0.2))]


def test_a_deep_network_whose_signal_dies_out_at_first_may_learn() -> None:
    """MobileNetV2 without its weights gives every image the same scores before training."""
    model = model_of(*narrow())
    assert np.ptp(plain_scores(model, DIGITS.x_test[:20]), axis=0).max() < 1e-7
    check(model)
    with pytest.raises(RecipeError, match="the same scores with any weights"):
        check(model_of(layers.Lambda(lambda x: x * 0), *narrow()))


def test_a_lambda_whose_file_would_not_open_is_refused_before_training() -> None:
    with pytest.raises(
        RecipeError, match="does not open again in plain Keras.*write a function with a name, or a Layer"
    ):
        check(model_of(layers.Lambda(lambda x: keras.ops.square(x))))


class Counting(layers.Layer):
    """Saves something else than it computed with: its config says 1 whatever it was given."""

    def __init__(self, factor: float = 1.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.factor = factor

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor


def test_a_saved_network_that_differs_fails_with_the_layer_named() -> None:
    model = model_of(layers.Dense(6), Counting(1.0))
    recipe = recipe_of(model)
    assert isinstance(recipe.network, KerasNetwork)
    content, images = model_bytes(model, {}), DIGITS.x_test[:50]
    check_saved(model, content, recipe.network, images, plain_scores(model, images))
    model.layers[2].factor = 5.0
    with pytest.raises(TrainingError, match=r"the first layer that differs is 'counting[_\d]*' \(Counting\)"):
        check_saved(model, content, recipe.network, images, plain_scores(model, images))
    model.layers[2].factor = 1.0
    model.layers[1].bias.assign(np.full(6, 3.0))
    with pytest.raises(TrainingError, match=r"the weights of the layer 'dense[_\d]*' \(Dense\) differ"):
        check_saved(model, content, recipe.network, images, plain_scores(model, images))


def test_every_run_of_an_own_model_is_compared_with_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = recipe_of(model_of(layers.Dense(6)), train_size=100)
    train(recipe, 0)
    monkeypatch.setattr(guards, "plain_scores", lambda model, images: np.full((len(images), 10), 0.1, np.float32))
    with pytest.raises(TrainingError, match="the saved network gives different answers than the trained one"):
        train(recipe, 0)


@pytest.mark.parametrize("adapted_on", [255.0, 1.0])
def test_an_adapted_normalization_normalises_while_training_and_when_saved(adapted_on: float) -> None:
    """Fault 1: trained as if it were not there, saved with it: 84.2 against 10.3 %."""
    normalization: Any = layers.Normalization(axis=None)  # pyright: ignore[reportArgumentType] - as Keras documents
    normalization.adapt(DIGITS.x_train / 255 * adapted_on)
    result = train(
        recipe_of(keras.Sequential([keras.Input((8, 8, 1)), normalization, *model_of().layers]), epochs=5), 0
    )
    assert result.test_accuracy > 0.7


def test_mixed_precision_gives_float32_scores() -> None:
    """Fault 12: they came back from the store as raw bytes."""
    result = train(recipe_of(model_of(layers.Dense(20, activation="relu", dtype="mixed_bfloat16")), epochs=4), 0)
    half = [
        layers.Dense(20, activation="relu", dtype="mixed_bfloat16"),
        layers.Dense(10, "softmax", dtype="mixed_bfloat16"),
    ]
    whole = train(recipe_of(keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), *half]), epochs=4), 0)
    assert result.test_scores.dtype == whole.test_scores.dtype == np.float32
    assert min(result.test_accuracy, whole.test_accuracy) > 0.6
