"""A model whose copy would train otherwise than the model itself is refused."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from netgain.errors import RecipeError
from netgain.networks.families.own import KerasNetwork
from netgain.networks.own_description import layers_of


def ends_in_softmax(inner: layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input((6, 6, 1)), layers.Flatten(), inner, layers.Dense(3, activation="softmax")])


class NoisyWhileTraining(layers.Layer):
    """Its config does not say how much noise it adds, and adds it while training only."""

    def __init__(self, amount: float = 0.1, **settings) -> None:
        super().__init__(**settings)
        self.amount = amount
        self.seed_generator = keras.random.SeedGenerator(3)

    def call(self, inputs, training=False):
        noise: Any = keras.random.normal(keras.ops.shape(inputs), seed=self.seed_generator)
        return inputs + self.amount * noise if training else inputs

    def get_config(self):
        return super().get_config()


class NumpyNoise(layers.Layer):
    """Draws once, when it is traced: the numbers of a run would hang on which process traced it."""

    def call(self, inputs, training=False):
        return inputs + np.random.normal(size=inputs.shape[1:]).astype("float32") if training else inputs


class Cubic(keras.regularizers.Regularizer):
    """Its config does not say how strong it is."""

    def __init__(self, strength: float = 0.1) -> None:
        self.strength = strength

    def __call__(self, x):  # pyright: ignore
        return self.strength * keras.ops.sum(keras.ops.abs(x) ** 3)  # pyright: ignore

    def get_config(self):
        return {}


@pytest.mark.parametrize(
    ("same", "another", "answers"),
    [
        (NoisyWhileTraining, lambda: NoisyWhileTraining(0.5), "answers in training"),
        (lambda: layers.Dropout(0.5), NumpyNoise, "answers in training"),
        (
            lambda: layers.Dense(4, kernel_regularizer=Cubic()),
            lambda: layers.Dense(4, kernel_regularizer=Cubic(0.5)),
            "answers",
        ),
    ],
)
def test_what_would_train_otherwise_once_made_again_is_refused(
    same: Callable[[], layers.Layer], another: Callable[[], layers.Layer], answers: str
) -> None:
    """Scores without training were equal, so that it was trained with another amount, without a word."""
    KerasNetwork(ends_in_softmax(same()))
    with pytest.raises(
        RecipeError, match=f"its config and weights gives other {answers}; .* must come from .*SeedGenerator"
    ):
        KerasNetwork(ends_in_softmax(another()))


class Transposed(layers.Layer):
    """Uses the weights of another layer, of which its config can only make a second one."""

    def __init__(self, other: Any, **settings) -> None:
        super().__init__(**settings)
        self.other = other

    def call(self, inputs):
        return keras.ops.matmul(inputs, keras.ops.transpose(self.other.kernel))

    def get_config(self):
        return {**super().get_config(), "other": keras.saving.serialize_keras_object(self.other)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config.pop("other")), **config)


def test_a_layer_that_uses_another_layers_weights_is_refused() -> None:
    """The description ended in a ValueError of Keras' about shapes."""
    inputs: Any = keras.Input((6, 6, 1))
    dense = layers.Dense(16)
    outputs = layers.Dense(3, activation="softmax")(Transposed(dense)(dense(layers.Flatten()(inputs))))
    words = "one layer cannot contain the weights of another; put layers that share weights into one layer .* or build$"
    with pytest.raises(RecipeError, match=words):
        KerasNetwork(keras.Model(inputs, outputs))


class Unseeded(layers.Layer):
    def call(self, inputs, training=False):
        if not training:
            return inputs
        noise: Any = keras.random.normal(keras.ops.shape(inputs))
        return inputs + noise


def test_a_layer_that_fails_in_training_is_refused_with_its_reason() -> None:
    """The description ended in a ValueError and a traceback."""
    with pytest.raises(RecipeError, match="cannot be called as in training: .*you should only use seeded random ops"):
        KerasNetwork(ends_in_softmax(Unseeded()))


class TwoLayers(keras.Model):
    """A model written as a class, with a call of its own."""

    def __init__(self, units: int = 4, **settings) -> None:
        super().__init__(**settings)
        self.units = units
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(units, activation="relu")
        self.scores = layers.Dense(3, activation="softmax")

    def build(self, shape):
        self.hidden.build((None, 36))
        self.scores.build((None, self.units))

    def call(self, inputs):
        return self.scores(self.hidden(self.flatten(inputs)))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def test_a_model_with_a_call_of_its_own_is_taken_once_it_is_wrapped() -> None:
    """The advice was to call it on images, which gives it no input shape."""
    model, inputs = TwoLayers(5), keras.Input((6, 6, 1))
    model(np.zeros((1, 6, 6, 1)))
    with pytest.raises(RecipeError, match=r"or wrap it: keras\.Model\(inputs, model\(inputs\)\)"):
        KerasNetwork(model)
    wrapped: Any = keras.Model(inputs, model(inputs))
    assert KerasNetwork(wrapped).build((6, 6, 1), 3).count_params() == model.count_params() == 37 * 5 + 6 * 3


class Spread(keras.initializers.Initializer):
    """Its config does not say how far the first weights are spread."""

    def __init__(self, width: float = 0.1, seed: int | None = None) -> None:
        self.width, self.seed = width, seed

    def __call__(self, shape, dtype=None):  # pyright: ignore
        return keras.random.uniform(shape, -self.width, self.width, dtype=dtype)

    def get_config(self):
        return {}


class AtMost(keras.constraints.Constraint):
    """Its config does not say how large a weight may be."""

    def __init__(self, largest: float = 1.0) -> None:
        self.largest = largest

    def __call__(self, w):  # pyright: ignore
        return keras.ops.clip(w, -self.largest, self.largest)

    def get_config(self):
        return {}


@pytest.mark.parametrize(
    ("same", "another", "named"),
    [
        (
            {"kernel_initializer": Spread(seed=5)},
            {"kernel_initializer": Spread(0.9)},
            r"kernel_initializer of 'held' \(Spread\)",
        ),
        ({"bias_constraint": AtMost()}, {"bias_constraint": AtMost(0.2)}, r"bias_constraint of 'held' \(AtMost\)"),
    ],
    ids=["an initializer", "a constraint"],
)
def test_helpers_whose_config_lacks_a_value_are_refused(
    same: dict[str, Any], another: dict[str, Any], named: str
) -> None:
    """No answer before training shows them: the start, or what an update does, would silently be another."""
    KerasNetwork(ends_in_softmax(layers.Dense(4, **same)))
    with pytest.raises(
        RecipeError, match=f"in a copy made from its config, {named} differs; its get_config must return"
    ):
        KerasNetwork(ends_in_softmax(layers.Dense(4, name="held", **another)))


class Line(layers.Layer):
    """Its config says what it multiplies with and adds, to so many digits."""

    def __init__(self, by: float, plus: float, digits: int = 9, **settings: Any) -> None:
        super().__init__(**settings)
        self.by, self.plus, self.digits = by, plus, digits

    def call(self, inputs):
        return inputs * self.by + self.plus

    def get_config(self):
        rounded = {"by": round(self.by, self.digits), "plus": round(self.plus, self.digits)}
        return {**super().get_config(), **rounded, "digits": self.digits}


@pytest.mark.parametrize(
    ("by", "plus", "is_same"),
    [
        (1.00005, 0.0, True),
        (1.0003, 0.0, False),
        (0.0, 0.00005, True),
        (0.0, 0.0003, False),
        (1.0003, float("nan"), True),
    ],
)
def test_a_rounding_in_a_config_is_let_through(by: float, plus: float, is_same: bool) -> None:
    """One part in 10,000 of an answer or 0.0001, whichever is more; no number is as good as no number."""
    line: Any = keras.Sequential([keras.Input((6, 6, 1)), layers.Flatten(), Line(by, plus, digits=3)])
    if is_same:
        KerasNetwork(line)
    else:
        with pytest.raises(
            RecipeError, match="its config and weights gives other answers; the arguments of your own layer must"
        ):
            KerasNetwork(line)


class Uncompiled(keras.Sequential):
    """Says nothing of what it was compiled with, not even that it was not."""

    def get_compile_config(self):  # pyright: ignore
        return None


def test_a_class_of_models_that_says_nothing_of_its_compilation() -> None:
    model: Any = Uncompiled([keras.Input((6, 6, 1)), layers.Flatten(), layers.Dense(3, activation="softmax")])
    assert KerasNetwork(model).build((6, 6, 1), 3).count_params() == 36 * 3 + 3


def test_all_layers_inside_however_deep() -> None:
    inner = keras.Sequential([keras.Input((36,)), layers.Dense(3, name="deep")], name="inner")
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Flatten(name="flat"), inner], name="outer")
    names = [layer.name for layer in layers_of(model)]
    assert {"flat", "inner", "deep"} <= set(names)
    assert "outer" not in names
