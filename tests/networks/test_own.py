import pickle
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from netgain.errors import RecipeError
from netgain.networks.families.own import KerasNetwork

SHAPE = (6, 6, 1)


class Doubled(layers.Layer):
    """A layer of the user's own, registered nowhere."""

    def __init__(self, factor: float = 2.0, **settings) -> None:
        super().__init__(**settings)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


def own_model(units: int = 5, factor: float = 3.0) -> keras.Model:
    inputs = keras.Input(SHAPE)
    x = layers.Flatten()(inputs)
    stem = layers.Dense(8, trainable=False)
    x = layers.BatchNormalization()(Doubled(factor)(stem(x)))
    x = layers.Dropout(0.2)(layers.Dense(units)(x))
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(x))


def weights_of(model: keras.Model, kind: type) -> list[np.ndarray]:
    return [layer.get_weights()[0] for layer in model.layers if isinstance(layer, kind)]


def test_frozen_layers_keep_their_weights_and_others_start_anew() -> None:
    model = own_model()
    stem, hidden, output = weights_of(model, layers.Dense)
    built = KerasNetwork(model).build(SHAPE, 3)
    np.testing.assert_array_equal(weights_of(built, layers.Dense)[0], stem)
    assert not np.allclose(weights_of(built, layers.Dense)[1], hidden)
    assert not np.allclose(weights_of(built, layers.Dense)[2], output)


def test_own_layers_travel_to_another_process() -> None:
    network = pickle.loads(pickle.dumps(KerasNetwork(own_model(factor=4.0))))
    factors = [layer.factor for layer in network.build(SHAPE, 3).layers if hasattr(layer, "factor")]
    assert factors == [4.0]


def test_fingerprint_is_of_the_network_and_not_of_keras_counters() -> None:
    model = own_model()
    again = own_model()  # its layers are counted on: dense_3, dense_4, …
    again.set_weights(model.get_weights())
    network = KerasNetwork(model)
    assert KerasNetwork(again).fingerprint == network.fingerprint
    assert KerasNetwork(again).identity() == {"family": "keras", "fingerprint": network.fingerprint}
    assert KerasNetwork(own_model(units=6)).fingerprint != network.fingerprint
    assert KerasNetwork(own_model()).fingerprint != network.fingerprint  # another frozen stem


SCALE = 2.0


class ByConstant(layers.Layer):
    """A layer whose answer hangs on a constant of its module."""

    def call(self, inputs):
        return inputs * SCALE


def half_rectified(x):
    return keras.ops.maximum(x, 0.5 * x)


def ends_in_softmax(*inner: layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input(SHAPE), layers.Flatten(), *inner, layers.Dense(3, activation="softmax")])


def test_a_constant_that_a_layer_uses_is_part_of_the_fingerprint(monkeypatch) -> None:
    before = KerasNetwork(ends_in_softmax(ByConstant())).fingerprint
    monkeypatch.setitem(globals(), "SCALE", 20.0)
    assert KerasNetwork(ends_in_softmax(ByConstant())).fingerprint != before


def test_checking_a_recipe_leaves_the_users_class_alone() -> None:
    call = ByConstant.call
    KerasNetwork(ends_in_softmax(ByConstant())).check(SHAPE, 3)
    assert ByConstant.call is call
    assert ByConstant.call.__globals__ is globals()


def test_own_functions_and_regularizers_travel_along() -> None:
    class Cubed(keras.regularizers.Regularizer):
        def __call__(self, x):  # pyright: ignore
            return keras.ops.sum(keras.ops.abs(x) ** 3)  # pyright: ignore

        def get_config(self):
            return {}

    model = ends_in_softmax(layers.Dense(4, activation=half_rectified, kernel_regularizer=Cubed()))
    built = pickle.loads(pickle.dumps(KerasNetwork(model))).build(SHAPE, 3)
    assert built.layers[1].activation(np.float32(-2.0)) == -1
    assert len(built.losses) == 1


def test_a_lambda_travels_by_value() -> None:
    factor = 3.0
    model = ends_in_softmax(layers.Lambda(lambda x: x * factor))
    built = pickle.loads(pickle.dumps(KerasNetwork(model))).build(SHAPE, 3)
    assert next(layer for layer in built.layers if isinstance(layer, layers.Lambda)).function(2.0) == 6.0


def test_an_adapted_normalization_normalises_again() -> None:
    normalization = layers.Normalization()
    normalization.adapt(np.random.default_rng(0).normal(3, 1, (50, 36)).astype("float32"))
    model = ends_in_softmax(normalization)
    built: Any = KerasNetwork(model).build(SHAPE, 3)
    kept = next(layer for layer in built.layers if isinstance(layer, layers.Normalization))
    images = np.random.default_rng(1).normal(3, 1, (4, 36)).astype("float32")
    np.testing.assert_array_equal(kept(images), normalization(images))
    assert abs(float(np.mean(np.asarray(kept(images))))) < 0.5  # and not 3, as without it


def test_statistics_without_scale_and_shift_start_anew() -> None:
    """Fault 23: a batch normalisation of which nothing trains is no frozen layer."""
    model: Any = ends_in_softmax(layers.BatchNormalization(center=False, scale=False))
    fresh = KerasNetwork(model).fingerprint
    model(np.random.default_rng(0).normal(5, 2, (64, *SHAPE)).astype("float32"), training=True)
    assert not np.allclose(model.layers[1].moving_mean, 0)
    assert KerasNetwork(model).fingerprint == fresh
    np.testing.assert_array_equal(KerasNetwork(model).build(SHAPE, 3).layers[1].moving_mean, np.zeros(36))


def test_frozen_batch_normalisation_keeps_its_statistics() -> None:
    model: Any = ends_in_softmax(layers.BatchNormalization())
    model(np.random.default_rng(0).normal(5, 2, (64, *SHAPE)).astype("float32"), training=True)
    model.layers[1].trainable = False
    built: Any = KerasNetwork(model).build(SHAPE, 3)
    np.testing.assert_array_equal(built.layers[1].moving_mean, model.layers[1].moving_mean)


class Positions(layers.Layer):
    """Learns a factor and holds constants that were worked out from data."""

    def build(self, input_shape):
        self.factor = self.add_weight(shape=(), initializer="ones")
        self.constants = self.add_weight(shape=(input_shape[-1],), initializer="zeros", trainable=False)

    def call(self, inputs):
        return inputs * self.factor + self.constants


def test_constants_beside_weights_that_learn_are_kept() -> None:
    layer = Positions()
    model = ends_in_softmax(layer)
    layer.constants.assign(np.arange(36))
    layer.factor.assign(7)
    built: Any = KerasNetwork(model).build(SHAPE, 3)
    np.testing.assert_array_equal(built.layers[1].constants, np.arange(36))
    assert float(built.layers[1].factor) == 1.0


class Forgetful(layers.Layer):
    """Works out a mean that is neither in its config nor a weight."""

    mean = 0.0

    def adapt(self, images):
        self.mean = float(np.mean(images))

    def call(self, inputs):
        return inputs - self.mean


def test_a_layer_that_cannot_be_made_again_as_it_is_is_refused() -> None:
    layer = Forgetful()
    KerasNetwork(ends_in_softmax(layer))
    layer.adapt(np.full(3, 0.7))
    with pytest.raises(RecipeError, match="its config and weights gives other answers; .*get_config"):
        KerasNetwork(ends_in_softmax(layer))


def test_a_fixed_seed_of_an_initializer_does_not_fix_the_start() -> None:
    always_the_same: Any = keras.initializers.GlorotUniform(seed=1)
    network = KerasNetwork(ends_in_softmax(layers.Dense(4, kernel_initializer=always_the_same)))
    starts = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        starts.append(weights_of(network.build(SHAPE, 3), layers.Dense)[0])
    assert not np.allclose(*starts)


def in_and_out() -> tuple[Any, Any]:
    inputs = keras.Input(SHAPE)
    return inputs, layers.Dense(3, activation="softmax")(layers.Flatten()(inputs))


def test_one_output_in_a_dict_is_taken_out() -> None:
    """Fault 18."""
    inputs, scores = in_and_out()
    for outputs in ({"scores": scores}, [scores]):
        built: Any = KerasNetwork(keras.Model(inputs, outputs)).build(SHAPE, 3)
        assert built(np.zeros((2, *SHAPE))).shape == (2, 3)


class WithItsOwnStep(keras.Model):
    def train_step(self, *given):  # pyright: ignore
        return super().train_step(*given)


def test_what_netgain_would_train_otherwise_is_refused() -> None:
    """Fault 22."""
    inputs, scores = in_and_out()
    other = layers.Dense(3, name="other")(layers.Flatten()(inputs))
    with pytest.raises(RecipeError, match=r"has 2 outputs \(.*\); netgain trains classifiers with one input"):
        KerasNetwork(keras.Model(inputs, [scores, other]))
    with pytest.raises(RecipeError, match="'WithItsOwnStep' has its own train_step, which netgain does not call"):
        KerasNetwork(WithItsOwnStep(inputs, scores))
    with pytest.raises(RecipeError, match="computes in float16, for which Keras scales the loss"):
        KerasNetwork(ends_in_softmax(layers.Dense(3, dtype="mixed_float16")))


def test_what_a_model_reaches_without_a_value_is_refused(tmp_path) -> None:
    with (tmp_path / "scale.txt").open("w") as file:
        model = ends_in_softmax(layers.Lambda(lambda x: x * len(file.name)))
        with pytest.raises(
            RecipeError, match="has no value to compare it by .*a result must record everything that it depends on"
        ):
            KerasNetwork(model)


NUMBERS = {"bfloat16": 0.3, "int32": 2**24 + 1, "float32": 0.1}


class Held(layers.Layer):
    """Holds a number of each type."""

    def build(self, input_shape):
        self.held = [self.add_weight(shape=(), initializer="ones", trainable=False, dtype=name) for name in NUMBERS]

    def call(self, inputs):
        for held in self.held:
            inputs = inputs + keras.ops.cast(held, inputs.dtype)
        return inputs


def test_numbers_of_any_type_are_kept_as_they_are() -> None:
    """NumPy's files have no bfloat16; an integer may have more digits than a float32."""
    layer = Held()
    model = ends_in_softmax(layer)
    for held, value in zip(layer.held, NUMBERS.values(), strict=True):
        held.assign(value)
    kept: Any = KerasNetwork(model).build(SHAPE, 3).layers[1]
    assert [held.dtype for held in kept.held] == list(NUMBERS)
    assert int(kept.held[1].value) == NUMBERS["int32"]
    for held, before in zip(kept.held, layer.held, strict=True):
        np.testing.assert_array_equal(np.asarray(held.value), np.asarray(before.value))
