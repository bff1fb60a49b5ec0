"""The loss is Keras' CTC and the sum over all paths; whether a path spells a string is what decoding finds."""

import itertools

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine.ctc import ctc_loss, slots_loss, spells
from netgain.tasks.reading.decoding import greedy


def log_probs_of(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    logits = 3 * np.random.default_rng(seed).normal(size=shape)
    return np.asarray(jax.nn.log_softmax(logits), np.float32)


def padded(texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    longest = max(map(len, texts))
    return np.array([text + [0] * (longest - len(text)) for text in texts], np.int32), np.array(list(map(len, texts)))


TEXTS = [[1], [2, 2], [1, 2, 1], [3, 3, 3, 3, 3, 3], [1, 2, 3, 1], [2, 2, 1, 1, 3]]  # repeats, one character, full


def spelt(path: tuple[int, ...]) -> list[int]:
    """What a path spells: repeats merged, blanks left out."""
    return [label for label, _ in itertools.groupby(path) if label]


@pytest.mark.parametrize("text", [[], [1], [2, 2], [1, 2], [1, 2, 1]])
def test_the_loss_is_the_sum_over_all_paths(text: list[int]) -> None:
    log_probs = log_probs_of((1, 5, 3))
    paths = [path for path in itertools.product(range(3), repeat=5) if spelt(path) == text]
    total = sum(np.exp(sum(float(log_probs[0, step, label]) for step, label in enumerate(path))) for path in paths)
    labels = np.array([[*text, *[0] * (3 - len(text))]], np.int32)
    assert float(ctc_loss(log_probs, labels, np.array([len(text)]))[0]) == pytest.approx(-np.log(total), rel=1e-5)


def test_loss_and_gradient_are_those_of_keras() -> None:
    labels, lengths = padded(TEXTS)
    logits = jnp.asarray(3 * np.random.default_rng(1).normal(size=(len(TEXTS), 14, 5)), jnp.float32)

    def ours(logits: jax.Array) -> jax.Array:
        return ctc_loss(jax.nn.log_softmax(logits), labels, lengths).mean()

    def of_keras(logits: jax.Array) -> jax.Array:
        return keras.losses.CTC()(labels, logits)  # pyright: ignore[reportReturnType]

    assert float(ours(logits)) == pytest.approx(float(of_keras(logits)), rel=1e-6)
    np.testing.assert_allclose(jax.jit(jax.grad(ours))(logits), jax.grad(of_keras)(logits), atol=2e-6)


def test_a_string_that_no_path_spells_has_a_loss_that_cannot_be_missed() -> None:
    two, repeated = log_probs_of((1, 2, 3)), np.array([[1, 1]], np.int32)
    assert float(ctc_loss(two, repeated, np.array([2]))[0]) > 1e29  # two equal characters need a blank between them
    assert float(ctc_loss(two, np.array([[1, 2]], np.int32), np.array([2]))[0]) < 100


def test_the_loss_of_slots_is_the_cross_entropy_of_every_slot() -> None:
    log_probs, labels = log_probs_of((2, 4, 3)), np.array([[1, 2, 0], [2, 0, 0]], np.int32)
    wanted = [[1, 2, 0, 0], [2, 0, 0, 0]]
    sums = [-sum(log_probs[row, slot, label] for slot, label in enumerate(each)) for row, each in enumerate(wanted)]
    np.testing.assert_allclose(slots_loss(log_probs, labels), sums, rtol=1e-6)


@pytest.mark.parametrize("merge_repeats", [True, False])
def test_a_path_spells_a_string_where_greedy_decoding_finds_it(merge_repeats: bool) -> None:
    log_probs = log_probs_of((400, 4, 3), seed=2)
    found = greedy(log_probs, merge_repeats=merge_repeats)
    labels = np.pad(np.array([[1, 2, 0]] * 200 + [[1, 1, 0]] * 200, np.int32), ((0, 0), (0, 1)))
    found = np.pad(found, ((0, 0), (0, 4 - found.shape[1])))
    right = np.asarray(spells(jnp.asarray(log_probs), labels, np.full(400, 2), merge_repeats=merge_repeats))
    np.testing.assert_array_equal(right, (found == labels).all(axis=1))
    assert 0 < right[:200].sum() < 200
    assert 0 < right[200:].sum() < 200
