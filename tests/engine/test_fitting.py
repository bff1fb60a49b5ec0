"""`ng.fit` beside Keras' own `model.fit`: the same history, weights and optimizer's variables, whatever the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import jax
import keras
import numpy as np
import pytest

import netgain as ng
from netgain.engine.fast_layers import hashed_dropout
from netgain.engine.fitting import MOST_PIECES, Cut

layers = keras.layers

IMAGES = np.random.default_rng(0).random((70, 8, 8, 1), np.float32)
LABELS = np.random.default_rng(1).integers(0, 3, 70)
ONE_HOT = np.eye(3, dtype=np.float32)[LABELS]


def plain() -> keras.Model:
    return keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(6, "sigmoid"), layers.Dense(3, "softmax")]
    )


def unbuilt() -> keras.Model:
    return keras.Sequential([layers.Flatten(), layers.Dense(6, "relu"), layers.Dense(3, "softmax")])


def convolutions() -> keras.Model:
    parts = [layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(2), layers.Conv2D(5, 2, strides=2)]
    dropped = [layers.Flatten(), layers.Dropout(0.4), layers.Dense(3, "softmax")]
    return keras.Sequential([keras.Input((8, 8, 1)), *parts, *dropped])


def residual() -> keras.Model:
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    y = layers.ReLU()(layers.BatchNormalization()(x))
    y = layers.Conv2D(4, 3, padding="same", kernel_regularizer="l2")(y)
    outputs = layers.Dense(3, "softmax")(layers.GlobalAveragePooling2D()(layers.add([x, y])))
    return keras.Model(inputs, outputs)


def depthwise() -> keras.Model:
    parts = [layers.SeparableConv2D(4, 3), layers.DepthwiseConv2D(3), layers.GlobalMaxPooling2D()]
    return keras.Sequential([keras.Input((8, 8, 1)), *parts, layers.Dense(3, "softmax")])


def rows() -> keras.Model:
    parts = [layers.Reshape((8, 8)), layers.LSTM(5), layers.Dense(3, "softmax")]
    return keras.Sequential([keras.Input((8, 8, 1)), *parts])


def attention() -> keras.Model:
    inputs = keras.Input((8, 8, 1))
    x = layers.Reshape((16, 8))(layers.Conv2D(8, 2, strides=2)(inputs))
    x = layers.LayerNormalization()(layers.add([x, layers.MultiHeadAttention(2, 4)(x, x)]))
    return keras.Model(inputs, layers.Dense(3, "softmax")(layers.Flatten()(x)))


def two_branches() -> keras.Model:
    image, row = keras.Input((8, 8, 1), name="image"), keras.Input((8,), name="row")
    joined = layers.concatenate([layers.Flatten()(layers.Conv2D(2, 3)(image)), layers.Dense(4, "tanh")(row)])
    return keras.Model({"image": image, "row": row}, layers.Dense(3, "softmax")(joined))


class WithOwnLoss(keras.Model):
    """Halves the loss."""

    def __init__(self) -> None:
        super().__init__()
        self.scores = layers.Dense(3, "softmax")

    def call(self, inputs: Any) -> Any:
        return self.scores(keras.ops.reshape(inputs, (-1, 64)))

    def compute_loss(self, *parts: Any, **options: Any) -> Any:
        return 0.5 * super().compute_loss(*parts, **options)  # pyright: ignore[reportOptionalOperand]


class WithOwnStep(WithOwnLoss):
    """Tells a number of its own, which Keras takes from the last mini-batch."""

    def train_step(self, state: Any, data: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        logs, state = super().train_step(state, data)  # pyright: ignore
        return {**logs, "double": 2 * logs["loss"]}, state


SCHEDULE: Any = keras.optimizers.schedules.CosineDecay(0.01, 8)

MODELS = [plain, unbuilt, convolutions, residual, depthwise, rows, attention, WithOwnLoss]

Fit = Callable[..., Any]


def fitted(make: Callable[[], keras.Model], by_netgain: bool, *data: Any, compiled: Any = None, **how: Any) -> Any:
    """History, weights and optimizer's variables after training the same first weights in the same order."""
    keras.utils.set_random_seed(3)
    model = make()
    settings = {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    model.compile(**settings | (compiled or {}))
    how = {"batch_size": 16, "epochs": 2, "verbose": 0} | how
    if by_netgain:
        history = ng.fit(model, *data, **how)
    else:
        with masks_of_netgain(model):
            history = model.fit(*data, **how)
    optimizer: Any = model.optimizer
    return history.history, model.get_weights(), [np.asarray(variable.value) for variable in optimizer.variables]


@contextmanager
def masks_of_netgain(model: keras.Model) -> Iterator[None]:
    with hashed_dropout(model) if model.built else nullcontext():
        yield


def assert_equal(make: Callable[[], keras.Model], *data: Any, **how: Any) -> None:
    slow, fast = (fitted(make, by_netgain, *data, **how) for by_netgain in (False, True))
    assert list(fast[0]) == list(slow[0])
    for name, values in slow[0].items():
        np.testing.assert_allclose(fast[0][name], values, rtol=2e-4, atol=2e-5, err_msg=name)
    for parts in (1, 2):
        for given, expected in zip(fast[parts], slow[parts], strict=True):
            np.testing.assert_allclose(given, expected, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_a_model_learns_as_in_keras(make: Callable[[], keras.Model]) -> None:
    assert_equal(make, IMAGES, LABELS, validation_split=0.2)


def test_the_logs_of_a_models_own_step_are_those_of_the_last_mini_batch() -> None:
    assert_equal(WithOwnStep, IMAGES, LABELS, batch_size=14)  # nothing is left over, so one call has them all


def test_a_model_with_two_inputs() -> None:
    inputs = {"image": IMAGES, "row": IMAGES[:, 0, :, 0].astype(np.float64)}
    assert_equal(two_branches, inputs, LABELS, validation_data=(inputs, LABELS))


@pytest.mark.parametrize(
    "how",
    [
        {"shuffle": False},
        {"batch_size": None, "epochs": 3, "initial_epoch": 1},
        {"batch_size": 100},
        {"batch_size": 70},
        {"batch_size": 1, "epochs": 1},
        {"class_weight": {0: 1.0, 1: 5.0, 2: 0.3}},
        {"sample_weight": np.linspace(0, 2, 70)},
        {"validation_data": (IMAGES[:30], LABELS[:30], np.linspace(0, 1, 30)), "validation_batch_size": 7},
        {"validation_split": 0.3, "epochs": 4, "validation_freq": 2},
    ],
    ids=lambda how: "-".join(how),
)
def test_every_argument_means_the_same(how: dict[str, Any]) -> None:
    assert_equal(plain, IMAGES, LABELS, **how)


@pytest.mark.parametrize(
    "compiled",
    [
        {"steps_per_execution": 3},
        {"optimizer": keras.optimizers.SGD(0.1, momentum=0.9, use_ema=True, ema_momentum=0.8)},
        {"optimizer": keras.optimizers.AdamW(SCHEDULE, clipnorm=1.0)},
        {"optimizer": keras.optimizers.Lion(gradient_accumulation_steps=2)},
        {"weighted_metrics": ["accuracy"]},
    ],
    ids=["steps_per_execution", "average", "schedule and clipping", "accumulation", "weighted metrics"],
)
def test_a_models_own_compilation_holds(compiled: dict[str, Any]) -> None:
    if "optimizer" in compiled:
        optimizer, config = type(compiled["optimizer"]), compiled["optimizer"].get_config()
        results = [
            fitted(plain, by_netgain, IMAGES, LABELS, compiled={"optimizer": optimizer.from_config(config)})
            for by_netgain in (False, True)
        ]
        for slow, fast in zip(jax.tree.leaves(results[0]), jax.tree.leaves(results[1]), strict=True):
            np.testing.assert_allclose(fast, slow, rtol=2e-3, atol=2e-4)
    else:
        assert_equal(plain, IMAGES, LABELS, compiled=compiled, validation_split=0.2)


def test_images_of_bytes_stay_bytes_and_give_what_keras_gives() -> None:
    def scaled() -> keras.Model:
        return keras.Sequential([keras.Input((8, 8, 1)), layers.Rescaling(1 / 255), *plain().layers])

    assert_equal(scaled, (255 * IMAGES).astype(np.uint8), LABELS)


def test_a_second_fit_goes_on_and_compiles_nothing() -> None:
    keras.utils.set_random_seed(0)
    model = plain()
    model.compile("adam", "categorical_crossentropy")
    losses = [ng.fit(model, IMAGES, ONE_HOT, verbose=0).history["loss"][0]]
    functions: Any = vars(model)["_netgain_compiled"][1]
    before = dict(functions)
    losses += [ng.fit(model, IMAGES, ONE_HOT, verbose=0).history["loss"][0] for _ in range(3)]
    assert losses == sorted(losses, reverse=True)
    assert functions == before
    assert int(model.optimizer.iterations.value) == 12  # pyright: ignore[reportOptionalMemberAccess]


def test_what_learns_may_change_between_two_fits() -> None:
    model = plain()
    model.compile("sgd", "categorical_crossentropy")
    ng.fit(model, IMAGES, ONE_HOT, verbose=0)
    first = model.layers[1].get_weights()[0]
    model.layers[1].trainable = False
    model.compile("sgd", "categorical_crossentropy")
    ng.fit(model, IMAGES, ONE_HOT, verbose=0)
    assert np.array_equal(model.layers[1].get_weights()[0], first)


def test_keras_goes_on_after_netgain_and_the_model_saves(tmp_path: Any) -> None:
    model = plain()
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    ng.fit(model, IMAGES, ONE_HOT, verbose=0)
    quiet: dict[str, Any] = {"verbose": 0}
    model.fit(IMAGES, ONE_HOT, **quiet)
    evaluated: Any = model.evaluate(IMAGES, ONE_HOT, **quiet)
    model.save(tmp_path / "model.keras")
    again: Any = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.evaluate(IMAGES, ONE_HOT, verbose=0), evaluated, rtol=1e-5)


@pytest.mark.parametrize(("size", "batch_size"), [(60_000, 128), (54_000, 30), (31, 32), (467 * 8, 8), (8, 1)])
def test_pieces_are_equal_and_no_batch_is_lost(size: int, batch_size: int) -> None:
    cut = Cut.of(size, batch_size, MOST_PIECES)
    pieces = [min(cut.piece, size - start) for start in range(0, size, cut.piece)]
    assert len(set(pieces[:-1])) <= 1
    assert len(pieces) <= MOST_PIECES + 1
    assert all(piece % batch_size == 0 or piece < batch_size for piece in pieces)
    assert cut.batches_after(len(pieces) - 1) == cut.num_batches


NO_OPTIMIZER_OF_ITS_OWN = {
    "LossScaleOptimizer": "wraps another one, for float16",
    "MultiOptimizer": "wraps others, each for weights that it is told",
    "Optimizer": "is the base of all",
}
OPTIMIZERS = sorted(
    name
    for name, value in vars(keras.optimizers).items()
    if isinstance(value, type) and issubclass(value, keras.optimizers.Optimizer)
)

NO_LOSS_OF_A_CLASSIFIER = {
    "CTC": "is of sequences",
    "CategoricalGeneralizedCrossEntropy": "takes integers, and is tried with them below",
    "Circle": "compares embeddings",
    "Loss": "is the base of all",
    "SparseCategoricalCrossentropy": "takes integers, and is tried with them below",
}
WITH_INTEGERS = ("CategoricalGeneralizedCrossEntropy", "SparseCategoricalCrossentropy")
LOSSES = sorted(
    name
    for name, value in vars(keras.losses).items()
    if isinstance(value, type) and issubclass(value, keras.losses.Loss)
)


def assert_equal_to_train_on_batch(optimizer: Any, loss: Any, labels: np.ndarray) -> None:
    starts = range(0, len(IMAGES), 32)
    sizes = [len(IMAGES[start : start + 32]) for start in starts]

    def trained(by_netgain: bool) -> tuple[Any, Any]:
        keras.utils.set_random_seed(2)
        model = plain()
        model.compile(optimizer.from_config(optimizer.get_config()), loss)
        if by_netgain:
            history = ng.fit(model, IMAGES, labels, batch_size=32, epochs=2, shuffle=False, verbose=0)
            return history.history["loss"], model.get_weights()
        batches = [(IMAGES[start : start + 32], labels[start : start + 32]) for start in starts]
        epochs = [[float(model.train_on_batch(*batch)) for batch in batches] for _ in range(2)]  # pyright: ignore
        return [np.average(losses, weights=sizes) for losses in epochs], model.get_weights()

    slow, fast = trained(by_netgain=False), trained(by_netgain=True)
    np.testing.assert_allclose(fast[0], slow[0], rtol=1e-4)
    for given, expected in zip(fast[1], slow[1], strict=True):
        np.testing.assert_allclose(given, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in NO_OPTIMIZER_OF_ITS_OWN])
def test_every_optimizer_of_keras(name: str) -> None:
    assert_equal_to_train_on_batch(getattr(keras.optimizers, name)(), "categorical_crossentropy", ONE_HOT)


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in NO_LOSS_OF_A_CLASSIFIER])
def test_every_loss_of_keras(name: str) -> None:
    assert_equal_to_train_on_batch(keras.optimizers.SGD(0.1), getattr(keras.losses, name)(), ONE_HOT)


@pytest.mark.parametrize("name", WITH_INTEGERS)
def test_losses_that_take_integers(name: str) -> None:
    assert_equal_to_train_on_batch(keras.optimizers.SGD(0.1), getattr(keras.losses, name)(), LABELS)


def test_what_is_left_out_exists() -> None:
    assert set(OPTIMIZERS) > set(NO_OPTIMIZER_OF_ITS_OWN)
    assert set(LOSSES) > set(NO_LOSS_OF_A_CLASSIFIER) >= set(WITH_INTEGERS)
