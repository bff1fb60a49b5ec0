import numpy as np
import pytest

from netgain.data import Dataset, load_dataset
from netgain.data.four_parts import LEAST_PER_CLASS, four_parts
from netgain.errors import DataError


def made(per_class, copies=0):
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], per_class)
    images = rng.integers(0, 256, (len(labels), 4, 4), np.uint8)
    images[0, 0, 0] = 255
    images = np.concatenate([images, np.repeat(images[:1], copies, axis=0)])
    labels = np.concatenate([labels, np.zeros(copies, int)])
    return Dataset(images, labels, images[:2] ^ 1, [0, 1])


def test_the_parts_are_all_training_images_and_no_test_image():
    data = load_dataset("digits")
    parts = four_parts(data)
    together = np.concatenate(list(parts.places.values()))
    assert np.array_equal(np.sort(together), np.arange(data.num_train))
    assert np.array_equal(parts.select.x_test, data.x_train[parts.places["select"]])
    assert np.array_equal(parts.confirm.y_test, data.y_train[parts.places["confirm"]])
    known = {image.tobytes() for part in parts[:2] for image in (*part.x_train, *part.x_test)}
    assert not known & {image.tobytes() for image in data.x_test} - {image.tobytes() for image in data.x_train}


def test_every_part_has_its_share_of_each_class():
    data = load_dataset("digits")
    for places in four_parts(data).places.values():
        shares = np.bincount(data.y_train[places]) / np.bincount(data.y_train)
        assert np.ptp(shares) < 0.02


def test_copies_and_groups_are_not_torn_apart():
    data = made(40, copies=9)
    places = four_parts(data).places
    assert sum(bool({0, *range(80, 89)} & set(part.tolist())) for part in places.values()) == 1
    groups = np.arange(89) // 4
    parts = four_parts(data, groups)
    belongs = [set(groups[part].tolist()) for part in parts.places.values()]
    assert not belongs[0] & belongs[1] | belongs[0] & belongs[2] | belongs[1] & belongs[2]
    assert parts.confirm.test_groups is not None
    assert four_parts(data).confirm.test_groups is None


def test_too_few_images_of_a_class_are_refused():
    four_parts(made(LEAST_PER_CLASS))
    with pytest.raises(DataError, match=r"too few of the classes 0 \(6\), 1 \(6\).* at least 7 images of each class"):
        four_parts(made(LEAST_PER_CLASS - 1))


def test_groups_that_leave_a_part_without_a_class_are_refused():
    with pytest.raises(DataError, match="has no image of .* give more groups"):
        four_parts(made(20), np.repeat([0, 1], 20))
