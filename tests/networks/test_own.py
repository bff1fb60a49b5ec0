import pickle

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
