"""The compiled epoch against its obvious twin: a Python loop over Keras' own `train_on_batch`."""

import jax
import keras
import numpy as np
import pytest

from netgain.engine.compiled import CompiledFunctions
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.optimizer import Optimizer, OptimizerName, Schedule
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.families.own import KerasNetwork
from netgain.networks.network import Strengths
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.slow import train_slowly

OPTIMIZERS: list[OptimizerName] = ["sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamax", "nadam"]

MLP_RECIPE = Recipe(
    dataset="digits",
    train_size=203,  # the last batch is a small one
    network=MLP(hidden=(9, 7), activation="tanh", dropout=0.2, l1=Strengths(hidden=1e-4), l2=1e-3),
    optimizer=Optimizer("sgd", 0.1),
    batch_size=20,
    epochs=2,
)
CONVNET = ConvNet(filters=(3, 4), kernel_size=(3, 2), pool_size=1, dense=(6,), dropout=0.1, l2=1e-3)


def fast_and_slow_weights(recipe: Recipe) -> tuple[list[np.ndarray], list[np.ndarray]]:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fast.keras"
        path.write_bytes(train(recipe, 1).model)
        fast = keras.saving.load_model(path)
    return fast.get_weights(), train_slowly(recipe, 1).get_weights()  # pyright: ignore


def assert_same_weights(recipe: Recipe) -> None:
    fast, slow = fast_and_slow_weights(recipe)
    assert len(fast) == len(slow)
    for one, other in zip(fast, slow, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_mlp_with_each_optimizer(optimizer: OptimizerName) -> None:
    assert_same_weights(MLP_RECIPE.change("optimizer", Optimizer(optimizer, None if optimizer != "sgd" else 0.1)))


@pytest.mark.parametrize(
    "optimizer",
    [
        Optimizer("sgd", 0.1, momentum=0.9),
        Optimizer("sgd", 0.1, momentum=0.9, nesterov=True),
        Optimizer("sgd", 0.1, schedule=Schedule(kind="inverse_time", rate=0.5)),
        Optimizer("sgd", 0.1, schedule=Schedule(kind="exponential", rate=0.5)),
        Optimizer("adam", schedule=Schedule(kind="cosine", rate=0.1)),
    ],
    ids=["momentum", "nesterov", "inverse_time", "exponential", "cosine"],
)
def test_momentum_and_schedules(optimizer: Optimizer) -> None:
    assert_same_weights(MLP_RECIPE.change("optimizer", optimizer))


@pytest.mark.parametrize("loss", ["mean_squared_error", "binary_crossentropy"])
def test_losses_on_sigmoid_outputs(loss: str) -> None:
    recipe = MLP_RECIPE.change("loss", loss).change("network.output", "sigmoid")
    assert recipe.network.output_activation == "sigmoid"
    assert_same_weights(recipe)


@pytest.mark.parametrize("pooling", ["max", "average", "l2", "none"])
def test_convnet_with_each_pooling(pooling: str) -> None:
    network = ConvNet(filters=(3,), kernel_size=3, pooling=pooling, pool_size=2, dense=(6,), dropout=0.1, l2=1e-3)  # pyright: ignore
    assert_same_weights(MLP_RECIPE.change("network", network).change("optimizer", Optimizer("adam")))


def test_convnet_of_two_blocks() -> None:
    assert_same_weights(MLP_RECIPE.change("network", CONVNET))


def test_moments_of_batch_normalisation() -> None:
    hidden = keras.layers.Dense(8), keras.layers.BatchNormalization(momentum=0.5), keras.layers.Dropout(0.2)
    layers = keras.Input((8, 8, 1)), keras.layers.Flatten(), *hidden, keras.layers.Dense(10, activation="softmax")
    assert_same_weights(MLP_RECIPE.change("network", KerasNetwork(keras.Sequential(layers))))


AUGMENTATIONS = {
    "on the fly": Augmentation(rotation=20, shift=1, zoom=(0.9, 1.1), shear=10, elastic=0.5),
    "copies": Augmentation(copies=((5, 25), (-25, -5))),
    "both": Augmentation(rotation=(-3, 6), copies=((5, 25),)),
    "mixup": Augmentation(mixup=0.4),
    "all": Augmentation(
        rotation=9,
        flip="both",
        brightness=0.2,
        contrast=(0.7, 1.2),
        cutout=3,
        cutout_share=0.7,
        mixup=1,
        copies=((5, 25),),
    ),
}


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmentation(name: str) -> None:
    assert_same_weights(MLP_RECIPE.change("augmentation", AUGMENTATIONS[name]))


def test_mixed_targets_are_smoothed_and_weighed() -> None:
    recipe = MLP_RECIPE.change("augmentation", Augmentation(mixup=1)).change("label_smoothing", 0.2)
    assert_same_weights(recipe.change("class_weights", {3: 2.5, 7: 0.1}))


def test_the_test_can_fail() -> None:
    fast, _ = fast_and_slow_weights(MLP_RECIPE)
    _, slow = fast_and_slow_weights(MLP_RECIPE.change("network.dropout", 0.21))
    assert any(not np.allclose(one, other, rtol=2e-3, atol=2e-5) for one, other in zip(fast, slow, strict=True))


def test_a_second_seed_uses_the_functions_of_the_first(caplog: pytest.LogCaptureFixture) -> None:
    recipe, compiled = MLP_RECIPE.change("epochs", 4), CompiledFunctions()
    with jax.log_compiles():
        first = train(recipe, 0, keep_model=False, compiled=compiled)
        assert "jit(epoch)" in caplog.text
        caplog.clear()
        second = train(recipe, 1, keep_model=False, compiled=compiled)
        assert "jit(epoch)" not in caplog.text
        assert "jit(evaluation)" not in caplog.text
    assert not np.array_equal(first.test_scores, second.test_scores)
    assert_same_weights(recipe)  # seed 1 once more, against the slow twin
    again = train(recipe, 0, keep_model=False, compiled=compiled)
    np.testing.assert_array_equal(first.test_scores, again.test_scores)
