import pickle
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from netgain.errors import RecipeError
from netgain.networks.own import KerasNetwork

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


def test_model_from_a_file(tmp_path) -> None:
    plain = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dense(3, activation="softmax")])
    plain.save(tmp_path / "plain.keras")
    network = KerasNetwork(tmp_path / "plain.keras")
    assert network.fields() == {"family": "keras", "model": str(tmp_path / "plain.keras")}
    assert network.fingerprint == KerasNetwork(plain).fingerprint
    assert not network.in_memory
    assert KerasNetwork(plain).in_memory


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ([layers.Dense(3, activation="softmax")], "softmax"),
        ([layers.Dense(3), layers.Softmax()], "softmax"),
        ([layers.Dense(3), layers.Activation("sigmoid")], "sigmoid"),
        ([layers.Dense(3)], "linear"),
    ],
)
def test_output_activation(tail: list[layers.Layer], expected: str) -> None:
    model = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), *tail])
    assert KerasNetwork(model).output_activation == expected


def test_models_that_do_not_fit_are_refused() -> None:
    network = KerasNetwork(own_model())
    network.check(SHAPE, 3)
    with pytest.raises(RecipeError, match=r"inputs of shape \(6, 6, 1\), the images have \(28, 28, 1\)"):
        network.check((28, 28, 1), 3)
    with pytest.raises(RecipeError, match=r"the dataset has 10 classes; end it with Dense\(10, 'softmax'\)"):
        network.check(SHAPE, 10)


def test_what_is_no_model_is_refused(tmp_path) -> None:
    (tmp_path / "text.keras").write_text("hello")
    with pytest.raises(RecipeError, match="is no Keras model that opens"):
        KerasNetwork(tmp_path / "text.keras")
    with pytest.raises(RecipeError, match="there is no file"):
        KerasNetwork(tmp_path / "missing.keras")
    with pytest.raises(RecipeError, match="no input shape yet"):
        KerasNetwork(keras.Sequential([layers.Dense(3)]))
    with pytest.raises(RecipeError, match=r"must be a keras\.Model or a path; received 3"):
        KerasNetwork(3)  # pyright: ignore


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


def test_a_lambda_is_refused_with_advice() -> None:
    network = KerasNetwork(ends_in_softmax(layers.Lambda(lambda x: x * 2)))
    with pytest.raises(RecipeError, match="write a Lambda or a lambda as a Layer class"):
        network.check(SHAPE, 3)


def test_an_adapted_normalization_is_kept() -> None:
    normalization = layers.Normalization()
    normalization.adapt(np.random.default_rng(0).normal(3, 1, (50, 36)).astype("float32"))
    built = KerasNetwork(ends_in_softmax(normalization)).build(SHAPE, 3)
    kept = next(layer for layer in built.layers if isinstance(layer, layers.Normalization))
    np.testing.assert_array_equal(kept.get_weights()[0], normalization.get_weights()[0])


def test_a_fixed_seed_of_an_initializer_does_not_fix_the_start() -> None:
    always_the_same: Any = keras.initializers.GlorotUniform(seed=1)
    network = KerasNetwork(ends_in_softmax(layers.Dense(4, kernel_initializer=always_the_same)))
    starts = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        starts.append(weights_of(network.build(SHAPE, 3), layers.Dense)[0])
    assert not np.allclose(*starts)


def test_a_model_that_ends_in_a_model() -> None:
    head = keras.Sequential([keras.Input((36,)), layers.Dense(3)])
    nested = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), head])
    assert KerasNetwork(nested).output_activation == "linear"
