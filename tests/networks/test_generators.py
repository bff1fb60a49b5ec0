"""Networks that make images, and critics: shapes, labels, files that plain Keras opens, and what is refused."""

from typing import Any

import keras
import numpy as np
import pytest

from netgain.engine.ambient import keras_alone
from netgain.errors import RecipeError, UnknownNameError
from netgain.networks import CriticNetwork, GeneratorNetwork, families_of, network_of
from netgain.networks.families.generator import ConvCritic, ConvGenerator

SMALL, CRITIC = ConvGenerator(latent=5, filters=(6, 4)), ConvCritic(filters=(4, 6))


def z_and_labels(count: int = 3) -> list[np.ndarray]:
    return [np.random.default_rng(0).standard_normal((count, 5)).astype("float32"), np.arange(count, dtype=np.int32)]


@pytest.mark.parametrize("shape", [(28, 28, 1), (8, 8, 3)])
@pytest.mark.parametrize("num_classes", [0, 10])
def test_a_generator_makes_pixels_and_a_critic_gives_each_image_a_logit(
    shape: tuple[int, int, int], num_classes: int
) -> None:
    given = z_and_labels()[: 2 if num_classes else 1]
    pixels = np.asarray(SMALL.build_generator(shape, num_classes)(given))
    assert pixels.shape == (3, *shape)
    assert 0 <= pixels.min() < pixels.max() <= 255
    logits = np.asarray(CRITIC.build_critic(shape, num_classes)([pixels, *given[1:]]))
    assert logits.shape == (3, 1)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_plain_keras_opens_a_saved_generator(batch_norm: bool, tmp_path) -> None:
    model = SMALL.change("batch_norm", batch_norm).build_generator((8, 8, 1), 4)
    model.save(tmp_path / "generator.keras")
    opened: Any = keras.saving.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(np.asarray(opened(z_and_labels())), np.asarray(model(z_and_labels())))


def test_both_are_told_the_class() -> None:
    with keras_alone(seed=0):
        generator, critic = SMALL.build_generator((8, 8, 1), 4), CRITIC.build_critic((8, 8, 1), 4)
    z, labels = z_and_labels()
    images = [np.asarray(generator([z, (labels + shift) % 4])) for shift in (0, 1)]
    assert abs(images[0] - images[1]).max() > 1e-3
    logits = [np.asarray(critic([images[0], (labels + shift) % 4])) for shift in (0, 1)]
    assert (logits[0] != logits[1]).all()


def test_a_critic_answers_an_image_whatever_else_is_in_the_batch() -> None:
    critic = CRITIC.build_critic((8, 8, 1), 0)
    images = np.random.default_rng(0).uniform(0, 255, (4, 8, 8, 1)).astype("float32")
    np.testing.assert_allclose(np.asarray(critic([images]))[:2], np.asarray(critic([images[:2]])), rtol=1e-5)


REFUSED = {
    "not square": ((28, 20, 1), r"square images whose side 4 divides; received images of 28×20 pixels; .*size 20 "),
    "not divisible": ((30, 30, 1), r"received images of 30×30 pixels; use --image-size 32 .*, or 1 of the filters"),
    "odd": ((7, 7, 1), r"use --image-size 8 \(image_size=8\)$"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_images_that_do_not_fit_are_refused_with_what_does(case: str) -> None:
    shape, message = REFUSED[case]
    with pytest.raises(RecipeError, match=message):
        SMALL.check_generator(shape)
    with pytest.raises(RecipeError, match=message):
        CRITIC.check_critic(shape)


def test_what_is_advised_is_taken() -> None:
    SMALL.check_generator((8, 8, 1))
    SMALL.change("filters", (6,)).check_generator((30, 30, 1))


def test_families_are_found_and_read_back() -> None:
    assert families_of(GeneratorNetwork) == {"conv-generator": ConvGenerator}
    assert families_of(CriticNetwork) == {"conv-critic": ConvCritic}
    assert network_of(GeneratorNetwork, SMALL.fields()) == SMALL
    assert network_of(CriticNetwork, CRITIC.fields()) == CRITIC
    with pytest.raises(UnknownNameError, match="there is no network family 'mlp'"):
        network_of(CriticNetwork, {"family": "mlp"})
