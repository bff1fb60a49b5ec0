"""New images of a saved generator: the class that was asked for, the same with the same seed, and what is refused."""

import keras
import numpy as np
import pytest

from netgain.engine.saving import model_bytes
from netgain.errors import DataError
from netgain.networks.families.generator import ConvGenerator
from netgain.networks.own_description import expect_pixels
from netgain.runs.record import RunResult
from netgain.tasks.generation.generate import generate, opened


@pytest.fixture(scope="module")
def path(trained: RunResult, tmp_path_factory):
    place = tmp_path_factory.mktemp("generators") / "generator.keras"
    trained.save_model(place)
    return place


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory):
    place = tmp_path_factory.mktemp("generators") / "unlabelled.keras"
    note = {"generates": ["a", "b"], "latent": 4, "conditional": False, "image": [8, 8, 1]}
    model = ConvGenerator(latent=4, filters=(4, 4)).build_generator((8, 8, 1), 0)
    place.write_bytes(model_bytes(expect_pixels(model, "0..255"), note))
    return place


def test_all_classes_in_turn_or_the_one_that_was_asked_for(path) -> None:
    images, labels = generate(path, 7)
    assert images.shape == (7, 8, 8, 1)
    assert images.dtype == np.uint8
    assert labels is not None
    assert labels.tolist() == [0, 1, 2, 0, 1, 2, 0]
    beams, labels = generate(path, 5, digit="beam")
    assert labels is not None
    assert labels.tolist() == [1] * 5
    assert beams[:, 4:6].mean() > beams[:, :3].mean() + 60


def test_a_seed_gives_the_same_images_and_of_more_the_first_are_these(path) -> None:
    few, more, other = generate(path, 3, seed=4)[0], generate(path, 130, seed=4)[0], generate(path, 3, seed=5)[0]
    np.testing.assert_array_equal(few, more[:3])
    assert (few != other).any()


def test_a_generator_without_classes_makes_images_without_labels(unlabelled) -> None:
    images, labels = generate(unlabelled, 2)
    assert images.shape == (2, 8, 8, 1)
    assert labels is None
    with pytest.raises(DataError, match="trained without classes, so it cannot make 'a' only"):
        generate(unlabelled, 2, digit="a")


def test_a_file_says_what_it_makes(path) -> None:
    file = opened(path)
    assert file.class_names == ("bar", "beam", "box")
    assert (file.latent, file.conditional, file.image_shape, file.dataset) == (8, True, (8, 8, 1), "shapes")


def test_what_cannot_be_made_is_refused(path, tmp_path) -> None:
    with pytest.raises(DataError, match="the number of images must be 1 or more; received 0"):
        generate(path, 0)
    with pytest.raises(DataError, match="there is no class 'baem'; did you mean 'beam'"):
        generate(path, 1, digit="baem")
    with pytest.raises(DataError, match="there is no file"):
        generate(tmp_path / "missing.keras", 1)
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(tmp_path / "classifier.keras")
    (tmp_path / "text.keras").write_text("no archive")
    for name in ("classifier.keras", "text.keras"):
        with pytest.raises(DataError, match="is not a generator; give a file from netgain train generator --save"):
            generate(tmp_path / name, 1)
