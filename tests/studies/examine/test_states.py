"""The states of a recurrent layer and the gradients by them, against Keras' own layer run from each state on."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from netgain.engine.ambient import keras_alone
from netgain.networks.families.rnn import RNN
from netgain.studies.examine.states import recurrent_layer, state_gradients, states_of

STEPS, UNITS = 5, 3
IMAGES = np.random.default_rng(0).integers(0, 256, (4, STEPS, 6, 1), dtype=np.uint8)
LABELS = np.array([0, 1, 1, 0])


def a_model(cell) -> keras.Model:
    with keras_alone(seed=1):
        return RNN(cell=cell, units=UNITS).build((STEPS, 6, 1), 2)


def losses(model: keras.Model, states: np.ndarray, step: int) -> np.ndarray:
    """Each image's cross-entropy where Keras' layer goes on from these states after so many steps."""
    layer = recurrent_layer(model)
    split = [states[:, part : part + UNITS] for part in range(0, states.shape[1], UNITS)]
    rest = IMAGES[:, step:, :, 0].astype("float32") / 255
    last = layer(rest, initial_state=[part.astype("float32") for part in split]) if step < STEPS else split[0]
    scores = np.asarray(model.layers[-1](last), np.float64)
    return -np.log(scores[np.arange(len(LABELS)), LABELS])


@pytest.mark.parametrize("cell", ["simple", "gru", "lstm"])
def test_states_and_gradients_are_those_of_keras(cell) -> None:
    model = a_model(cell)
    states, gradients = states_of(model, IMAGES), state_gradients(model, IMAGES, LABELS)
    assert states.shape == gradients.shape == (4, STEPS, UNITS * (2 if cell == "lstm" else 1))
    scores = np.asarray(model.layers[-1](states[:, -1, :UNITS]))
    np.testing.assert_allclose(scores, np.asarray(model(IMAGES / np.float32(1.0), training=False)), atol=1e-6)
    for step in (1, 3, STEPS):
        for place in range(states.shape[2]):
            moved = np.zeros(states.shape[2])
            moved[place] = 1e-2
            after, before = (losses(model, states[:, step - 1] + sign * moved, step) for sign in (1, -1))
            np.testing.assert_allclose(gradients[:, step - 1, place], (after - before) / 2e-2, atol=3e-4)
