"""Training on plain numbers against Keras' own loop."""

import keras
import numpy as np

from netgain.engine.numbers import chain_of_neurons, train_on_numbers

START = [(2.0, 3.0), (4.0, 5.0)]


def test_training_is_the_one_of_keras() -> None:
    x, targets = np.random.default_rng(0).normal(size=(40, 1)), np.zeros((40, 1))
    fast = chain_of_neurons(START)
    history = train_on_numbers(
        fast, keras.losses.MeanSquaredError(), keras.optimizers.SGD(1.0), x, targets,
        batch_size=10, epochs=3, generator=np.random.default_rng(7),
    )  # fmt: skip
    slow, order = chain_of_neurons(START), np.random.default_rng(7)
    slow.compile(keras.optimizers.SGD(1.0), "mean_squared_error")
    for _ in range(3):
        for batch in order.permutation(40).reshape(-1, 10):
            slow.train_on_batch(x[batch], targets[batch])
    for one, other in zip(fast.get_weights(), slow.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)
    assert history.loss.shape == history.output.shape == (3,)
    assert 0.9 < history.output[0] < 1


def test_the_start_is_as_given() -> None:
    given = chain_of_neurons(START).predict(np.array([[0.5]]), verbose=0)  # pyright: ignore
    sigma = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    np.testing.assert_allclose(given, [[sigma(4 * sigma(2 * 0.5 + 3) + 5)]], rtol=1e-6)
