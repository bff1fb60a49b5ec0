"""Gradients in chunks against the whole batch's and image by image, and where a batch must not be cut."""

from collections.abc import Iterator

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine import native
from netgain.engine.chunks import chunk_size, gradient_in_chunks
from netgain.engine.dropout import counted_from, kept
from netgain.engine.kernels import PLAIN_JAX, available
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.convnet import ConvNet
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.slow import train_slowly
from netgain.tasks.classification.training import Training

layers = keras.layers


@pytest.fixture(autouse=True)
def plain_jax() -> Iterator[None]:
    """A machine on which no kernels were built."""
    with native.using(PLAIN_JAX):
        yield


def convnet(*others: keras.layers.Layer, side: int = 12) -> keras.Sequential:
    """The lecture's second layer: columns and maps of 212,992 bytes an image of 12×12 pixels."""
    first = keras.Input((side, side, 32)), layers.Conv2D(32, 5, activation="relu"), layers.MaxPooling2D()
    return keras.Sequential([*first, *others, layers.Flatten(), layers.Dense(3)])


@pytest.mark.parametrize(("batch_size", "expected"), [(128, 4), (100, 4), (96, 4), (101, 4), (9, 3), (4, 4), (1, 1)])
def test_a_chunk_fits_into_the_cache_and_divides_the_batch_if_it_can(batch_size: int, expected: int) -> None:
    assert chunk_size(convnet(layers.Dropout(0.5)), batch_size) == expected


def test_larger_images_make_smaller_chunks_but_never_of_one() -> None:
    assert [chunk_size(convnet(side=side), 128) for side in (8, 12, 28)] == [16, 4, 2]


def test_a_batch_stays_whole_where_every_chunk_would_go_over_many_weights() -> None:
    few, many = (convnet(layers.Flatten(), layers.Dense(units)) for units in (1_000, 2_000))
    assert chunk_size(few, 128) == 4
    assert chunk_size(many, 128) == 128


class Own(layers.Dense):
    pass


class Around(layers.Layer):
    """A convolution inside a layer of a user's, which Keras knows no output of."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = layers.Conv2D(4, 3)

    def build(self, input_shape) -> None:
        self.inner.build(input_shape)

    def call(self, inputs):
        return self.inner(inputs)


def by_place(inputs: jax.Array) -> jax.Array:
    return inputs - inputs.mean(axis=0)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.BatchNormalization(),
        lambda: layers.GaussianNoise(0.1),
        lambda: layers.Dropout(0.5, noise_shape=(1, 4, 4, 32)),
        lambda: layers.Dense(3, activation=by_place),
        lambda: layers.Dense(3, activation=layers.BatchNormalization()),
        lambda: Own(3),
        lambda: Around(),
        lambda: keras.Sequential([layers.BatchNormalization()]),
        lambda: keras.Sequential([layers.Reshape((4, -1)), layers.SimpleRNN(3, recurrent_initializer="zeros")]),
    ],
    ids=[
        "batch normalisation",
        "noise",
        "one mask for all",
        "own activation",
        "batch normalisation as an activation",
        "own layer",
        "convolution in a layer",
        "nested",
        "time steps",
    ],
)
def test_a_batch_stays_whole_where_an_answer_may_depend_on_the_others_or_rows_would_be_few(layer) -> None:
    assert chunk_size(convnet(), 128) < 128
    assert chunk_size(convnet(layer()), 128) == 128


def test_a_batch_stays_whole_for_operations_between_layers() -> None:
    model = convnet()
    inputs = keras.Input((12, 12, 32))
    centred = keras.ops.subtract(inputs, keras.ops.mean(inputs, axis=0))
    assert chunk_size(keras.Model(inputs, model(inputs)), 128) < 128
    assert chunk_size(keras.Model(inputs, model(centred)), 128) == 128


def test_a_batch_stays_whole_without_convolutions_of_known_size_and_with_kernels() -> None:
    any_size = [keras.Input((None, None, 32)), layers.Conv2D(32, 5), layers.GlobalMaxPooling2D(), layers.Dense(3)]
    assert chunk_size(keras.Sequential(any_size), 128) == 128
    assert chunk_size(keras.Sequential([keras.Input((5_000,)), layers.Dense(100)]), 128) == 128
    if available():
        with native.using(available()[0]):
            assert chunk_size(convnet(), 128) == 128


@pytest.mark.parametrize("size", [1, 4, 5, 12, 13])
def test_chunks_add_up_to_the_gradient_of_the_whole(size: int) -> None:
    generator = np.random.default_rng(3)
    weights = [jnp.asarray(generator.normal(size=(7, 3)), jnp.float32)]
    x = jnp.asarray(generator.normal(size=(12, 7)), jnp.float32)
    y = jnp.asarray(generator.integers(0, 3, 12))

    def objective(trainable, x, y):
        scores = x @ trainable[0]
        loss = -jax.nn.log_softmax(scores)[jnp.arange(len(y)), y].mean() + 0.01 * (trainable[0] ** 2).sum()
        return loss, ([jnp.asarray([7, 1], jnp.uint32)], scores)

    whole = jax.value_and_grad(objective, has_aux=True)(weights, x, y)
    chunked = jax.jit(lambda *given: gradient_in_chunks(objective, size, *given))(weights, x, y)
    jax.tree.map(lambda one, other: np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6), chunked, whole)


@pytest.mark.parametrize("size", [4, 5])
def test_targets_may_be_a_tree_and_answers_of_any_shape(size: int) -> None:
    """A network that reads letters answers each image with as many rows of scores as the word has letters."""
    generator = np.random.default_rng(4)
    weights = [jnp.asarray(generator.normal(size=(7, 2, 3)), jnp.float32)]
    x = jnp.asarray(generator.normal(size=(12, 7)), jnp.float32)
    y = {"wanted": jnp.asarray(generator.normal(size=(12, 2, 3)), jnp.float32), "weight": jnp.arange(12.0)}

    def objective(trainable, x, y):
        answers = jnp.einsum("bi,ijk->bjk", x, trainable[0])
        loss = (y["weight"] * ((answers - y["wanted"]) ** 2).sum(axis=(1, 2))).mean()
        return loss, ([], answers)

    whole = jax.value_and_grad(objective, has_aux=True)(weights, x, y)
    chunked = jax.jit(lambda *given: gradient_in_chunks(objective, size, *given))(weights, x, y)
    assert chunked[0][1][1].shape == (12, 2, 3)
    jax.tree.map(lambda one, other: np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5), chunked, whole)


def test_masks_of_parts_are_those_of_the_whole() -> None:
    seed = jnp.asarray([3, 4], jnp.uint32)
    whole = np.asarray(kept((10, 3, 7), seed, 0.4))
    for first, length in ((0, 4), (4, 5), (9, 1)):
        with counted_from(first):
            part = np.asarray(kept((length, 3, 7), seed, 0.4))
        np.testing.assert_array_equal(part, whole[first : first + length])
    assert not np.array_equal(whole[:4], whole[4:8])


NETWORK = ConvNet(filters=(64, 8), pooling="none", kernel_size=3, dense=(6,), dropout=0.2, l2=1e-3)


@pytest.mark.parametrize("batch_size", [100, 101])  # one that chunks divide, and one that leaves a rest
def test_training_in_chunks_equals_training_batch_by_batch(batch_size: int) -> None:
    recipe = Recipe(
        dataset="digits",
        network=NETWORK,
        optimizer=Optimizer("sgd", 0.1),
        train_size=333,
        batch_size=batch_size,
        epochs=2,
    )
    assert 1 < chunk_size(NETWORK.build((8, 8, 1), 10), batch_size) < batch_size / 2
    weights: list[np.ndarray] = []

    def keep(state: Training) -> None:
        weights[:] = [np.asarray(value) for value in state.weights.trainable]

    train(recipe, 1, keep_model=False, on_state=keep)
    slow = [np.asarray(variable.value) for variable in train_slowly(recipe, 1).trainable_variables]
    assert len(weights) == len(slow) == 8
    for one, other in zip(weights, slow, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-5)
