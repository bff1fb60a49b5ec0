import random
import threading
from collections.abc import Callable

import keras
import numpy as np
import pytest

from netgain.engine.ambient import keras_alone
from netgain.engine.randomness import random_streams, tracing_seed


def draw_in_another_thread() -> None:
    """From Python's generator, as Dask does, and a seed of Keras', as another model that is built there."""

    def draw() -> None:
        random.random()
        keras.initializers.GlorotUniform()

    thread = threading.Thread(target=draw)
    thread.start()
    thread.join()


def weights(seed: int, between: Callable[[], None] = lambda: None) -> list[np.ndarray]:
    """Of many layers, each of which Keras gives a seed of its own; `between` is called before each is made."""
    with keras_alone(seed=seed):
        layers = [between() or keras.layers.Dense(3, activation="relu") for _ in range(20)]
        model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dropout(0.5)])
        return [np.asarray(variable.value) for variable in model.variables]


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_other_threads_disturb_no_initial_weights() -> None:
    alone = weights(5)
    assert same(weights(5, draw_in_another_thread), alone)
    assert not same(weights(6), alone)


def test_weights_are_those_that_keras_gives_for_the_seed() -> None:
    keras.utils.set_random_seed(5)
    layers = [keras.layers.Dense(3, activation="relu") for _ in range(20)]
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dropout(0.5)])
    assert same([np.asarray(variable.value) for variable in model.variables], weights(5))


def test_threads_build_the_same_networks_as_one_after_the_other() -> None:
    found: dict[int, list[np.ndarray]] = {}
    threads = [threading.Thread(target=lambda seed=seed: found.update({seed: weights(seed)})) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(found[seed], weights(seed)) for seed in range(6))


def test_a_layer_of_the_users_that_draws_for_itself_draws_what_the_seed_decides() -> None:
    def drawn() -> tuple[float, float, float]:
        with keras_alone(seed=7):
            noise = np.asarray(keras.random.normal((1,)))
            return random.random(), float(np.random.random()), float(noise[0])

    first = drawn()
    random.random()
    np.random.random()
    keras.random.normal((1,))
    assert drawn() == first


def test_the_users_own_generators_are_left_alone() -> None:
    def draws() -> tuple[float, float, float]:
        return random.random(), float(np.random.random()), float(np.asarray(keras.random.normal((1,)))[0])

    keras.utils.set_random_seed(5)
    expected = [draws() for _ in range(2)]
    keras.utils.set_random_seed(5)
    found = [draws()]
    weights(3)
    assert [*found, draws()] == expected
    with pytest.raises(RuntimeError), keras_alone(seed=3):
        raise RuntimeError


def test_streams_of_a_recipe_are_different_and_tracing_has_one_for_all_seeds() -> None:
    digest = "0123456789abcdef" * 4
    seeds = [random_streams(digest, seed)[0] for seed in range(3)]
    assert len({*seeds, tracing_seed(digest), tracing_seed("f" * 64)}) == 5


def test_seeds_of_two_recipes_are_independent() -> None:
    streams = [random_streams(digest * 8, seed)[0] for digest in ("0123456789abcdef", "f" * 16) for seed in range(3)]
    assert len(set(streams)) == 6
