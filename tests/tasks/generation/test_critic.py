"""What a critic says of images is what plain Keras says, however many there are."""

import numpy as np
import pytest

from netgain.engine.ambient import keras_alone
from netgain.engine.score import weights_of
from netgain.networks.families.generator import ConvCritic
from netgain.tasks.generation.critic import critic_logits


@pytest.mark.parametrize("num_classes", [0, 3])
@pytest.mark.parametrize("number", [1, 501])
def test_logits_are_those_of_the_model(num_classes: int, number: int) -> None:
    drawn = np.random.default_rng(0)
    images, labels = drawn.integers(0, 256, (number, 8, 8, 1), dtype=np.uint8), drawn.integers(0, 3, number)
    with keras_alone(seed=0):
        critic = ConvCritic(filters=(4,)).build_critic((8, 8, 1), num_classes)
    found = critic_logits(critic, weights_of(critic), images, labels)
    given = [images.astype(np.float32), labels] if num_classes else [images.astype(np.float32)]
    np.testing.assert_allclose(found, np.asarray(critic(given)).ravel(), rtol=1e-4, atol=1e-5)
