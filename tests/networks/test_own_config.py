"""Two models have one fingerprint when only the names that Keras counts differ, or the name of an own class."""

from collections.abc import Callable
from typing import Any

import keras
import pytest
from keras import layers

from netgain.networks.families.own import KerasNetwork

SHAPE = (6, 6, 1)


def fingerprint(*inner: layers.Layer) -> str:
    ends = layers.Flatten(), layers.Dense(3, activation="softmax")
    return KerasNetwork(keras.Sequential([keras.Input(SHAPE), *inner, *ends])).fingerprint


def own_layer(name: str, by: float = 2.0) -> layers.Layer:
    """A layer whose config has a name and nothing of Keras'."""

    class Own(layers.Layer):
        def __init__(self, name: str) -> None:
            super().__init__(name=name)

        def call(self, inputs: Any) -> Any:
            return inputs * by

        def get_config(self) -> Any:
            return {"name": self.name}

    Own.__name__ = Own.__qualname__ = f"Own{name}"
    Own.__module__ = f"a_module_{name}"
    return Own(name)


class ByName(keras.initializers.Initializer):
    """An initializer to which its name is what it does."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, shape, dtype=None):  # pyright: ignore
        return (keras.ops.zeros if self.name == "zeros" else keras.ops.ones)(shape, dtype)

    def get_config(self) -> Any:
        return {"name": self.name}


class Nameless(layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs

    def get_config(self) -> Any:
        return {}


def halved(x: Any) -> Any:
    return x / 2


def around(skipped: int, names: tuple[str | None, ...] = (None, None, None)) -> str:
    """Three convolutions in a row, to which what enters one of them is added."""
    passed: list[Any] = [keras.Input(SHAPE)]
    for name in names:
        passed.append(layers.Conv2D(1, 3, padding="same", name=name)(passed[-1]))
    x = keras.ops.relu(layers.Add()([passed[-1], passed[skipped]]))
    outputs: Any = layers.Dense(3, activation="softmax")(layers.Flatten()(x))
    return KerasNetwork(keras.Model(passed[0], outputs)).fingerprint


ALIKE: dict[str, Callable[[], list[layers.Layer]]] = {
    "a dense layer": lambda: [layers.Dense(4)],
    "a model in the model": lambda: [keras.Sequential([keras.Input(SHAPE), layers.Conv2D(2, 3)])],
    "a layer around a layer": lambda: [layers.TimeDistributed(layers.Dense(2))],
    "layers of their own": lambda: [own_layer("here")],
    "a layer that does not say its name": lambda: [Nameless()],
    "an own function": lambda: [layers.Dense(4, activation=halved)],
}


@pytest.mark.parametrize("inner", ALIKE.values(), ids=ALIKE)
def test_the_names_that_keras_counts_do_not_matter(inner: Callable[[], list[layers.Layer]]) -> None:
    assert fingerprint(*inner()) == fingerprint(*inner())


def test_wires_matter_and_the_names_at_their_ends_do_not() -> None:
    assert around(1) == around(1) == around(1, names=("c", "b", "a"))
    assert len({around(0), around(1), around(2)}) == 3


def test_the_name_of_an_own_class_and_layer_does_not_matter_but_what_it_does() -> None:
    assert fingerprint(own_layer("here")) == fingerprint(own_layer("there")) != fingerprint(own_layer("here", 3.0))


POLICIES = ["float32", "bfloat16", "mixed_bfloat16"]


@pytest.mark.parametrize("inner", [lambda of: layers.Dense(4, dtype=of), lambda of: layers.Flatten(dtype=of)])
def test_every_dtype_policy_has_a_fingerprint_of_its_own(inner: Callable[[str], layers.Layer]) -> None:
    """Weights in bfloat16 and in float32 shared their results: the policy's name was taken for a layer's."""
    assert len({fingerprint(inner(policy)) for policy in POLICIES}) == 3


def test_a_name_that_is_no_layers_matters() -> None:
    zeros: Any = ByName("zeros")
    ones: Any = ByName("ones")
    alike: Any = [layers.Dense(4, name=name, kernel_initializer=ones) for name in ("zeros", "ones")]
    assert len({fingerprint(layers.Dense(4, kernel_initializer=start)) for start in (zeros, ones)}) == 2
    assert len({fingerprint(layer) for layer in alike}) == 1


def test_what_is_asked_of_a_layer_matters() -> None:
    assert len({fingerprint(layers.Dense(units)) for units in (4, 5)}) == 2
    assert len({fingerprint(layers.Dense(4, activation=name)) for name in ("relu", "tanh")}) == 2
    pools = layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D  # with one config
    assert len({fingerprint(pool(keepdims=True)) for pool in pools}) == 2


def starting(seed: int | None) -> Any:
    return keras.initializers.HeNormal(seed=seed)


@pytest.mark.parametrize(
    "seeded",
    [
        lambda seed: layers.Dropout(0.5, seed=seed),
        lambda seed: layers.Dense(4, kernel_initializer=starting(seed)),
        lambda seed: keras.Sequential([keras.Input(SHAPE), layers.GaussianNoise(0.1, seed=seed)]),
        lambda seed: keras.Sequential([keras.Input(SHAPE), layers.RandomContrast((0.1, 0.2), seed=seed)]),
    ],
)
def test_seeds_do_not_matter(seeded: Callable[[int | None], layers.Layer]) -> None:
    """Every seed of a run is another start."""
    assert len({fingerprint(seeded(seed)) for seed in (None, 0, 7)}) == 1
