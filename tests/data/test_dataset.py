import errno
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netgain.data import Dataset, load_npz
from netgain.errors import DataError, OutputError

IMAGES = 2 * np.arange(6 * 16, dtype=np.uint8).reshape(6, 4, 4)
LABELS = np.array([0, 1, 2, 0, 1, 2])


def made(**changes: Any) -> Dataset:
    arguments = {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES[:3], "y_test": LABELS[:3], **changes}
    return Dataset(**arguments)


def test_what_it_says_of_itself(small: Dataset) -> None:
    assert small.image_shape == (4, 5, 3)
    assert (small.num_train, small.num_test, small.num_classes) == (30, 6, 3)
    assert small.class_names == ("a", "b", "c")
    assert repr(small) == "Dataset 'small': 30 training and 6 test images of 4x5x3, 3 classes"
    assert small.x_train.dtype == np.uint8
    assert small.y_test.dtype == np.int32
    assert made().class_names == ("0", "1", "2")
    assert made().name == "own"
    assert made().image_shape == (4, 4, 1)


def test_nothing_can_be_changed(small: Dataset) -> None:
    with pytest.raises(AttributeError, match="make a new one"):
        small.name = "other"
    with pytest.raises(AttributeError, match="make a new one"):
        del small.name
    for array in (small.x_train, small.y_train, small.x_test, small.y_test):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_the_users_arrays_stay_the_users() -> None:
    images = IMAGES.copy()
    dataset = made(x_train=images)
    digest = made().digest
    images[:] = 0
    assert dataset.digest == digest


def test_groups_are_whole_numbers_of_64_bits_or_texts() -> None:
    for given, kind in ((np.array([7, 7, 9], np.uint8), "i8"), (["ann", "ann", "bo"], "U3")):
        groups = made(test_groups=given).test_groups
        assert groups is not None
        assert (groups.dtype, groups.tolist()) == (np.dtype(kind), list(given))


@pytest.mark.parametrize(("number", "shown"), [(12, "c10, c11"), (13, "c10, c11, …"), (20, "c10, c11, …")])
def test_of_many_names_twelve_are_shown(number: int, shown: str) -> None:
    with pytest.raises(DataError) as caught:
        made(class_names=[f"c{place}" for place in range(number)])
    assert str(caught.value).endswith(f"received c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, {shown}")


def test_value_range_is_what_is_black_and_white() -> None:
    sixteen = IMAGES % 17
    np.testing.assert_array_equal(
        made(x_train=sixteen, x_test=sixteen[:3], value_range=(0, 16)).x_train[..., 0], np.rint(sixteen * (255 / 16))
    )


@pytest.mark.parametrize("digit_box", [None, 20 / 28, 1, np.float32(0.5)])
def test_the_box_of_centred_digits(tmp_path: Path, digit_box: Any) -> None:
    dataset = made(digit_box=digit_box)
    assert dataset.digit_box == digit_box
    assert dataset.digit_box is None or type(dataset.digit_box) is float
    assert load_npz(dataset.save(tmp_path / "own.npz")).digit_box == digit_box
    assert dataset.digest == made().digest


@pytest.mark.parametrize("digit_box", [0, -1, 1.01, 28, "mnist", [0.5], True, np.nan])
def test_what_is_no_box(digit_box: Any) -> None:
    with pytest.raises(DataError, match="digit_box must be the longer side .*, above 0 and at most 1, "):
        made(digit_box=digit_box)


def test_survives_a_pickle(small: Dataset) -> None:
    copy = pickle.loads(pickle.dumps(small))
    assert copy.digest == small.digest
    assert not copy.x_train.flags.writeable


def test_digest_sees_every_array_and_shape_but_no_name() -> None:
    assert made().digest == made(name="other", class_names=["a", "b", "c"]).digest
    assert made().digest == made(x_train=IMAGES / 255, y_train=np.eye(3)[LABELS], x_test=IMAGES[:3] / 255).digest
    others = [
        made(x_train=IMAGES[::-1]),
        made(y_train=LABELS[::-1]),
        made(x_test=IMAGES[3:]),
        made(y_test=LABELS[2::-1]),
        made(x_train=IMAGES.reshape(6, 2, 8), x_test=IMAGES[:3].reshape(3, 2, 8)),
        made(test_groups=[1, 1, 2]),
        made(test_groups=["1", "1", "2"]),
    ]
    assert len({made().digest, *(other.digest for other in others)}) == 8


def test_a_validation_part_of_ones_own(tmp_path: Path) -> None:
    own = made(x_validation=IMAGES[2:], y_validation=np.eye(3)[LABELS[2:]], name="mine")
    assert repr(own) == "Dataset 'mine': 6 training, 4 validation and 3 test images of 4x4x1, 3 classes"
    assert (made().num_validation, made().x_validation, made().y_validation) == (0, None, None)
    assert own.x_validation is not None
    assert own.y_validation is not None
    assert own.y_validation.tolist() == LABELS[2:].tolist()
    assert not own.x_validation.flags.writeable
    others = [
        made(),
        made(x_validation=IMAGES[1:5], y_validation=LABELS[2:]),
        made(x_validation=IMAGES[2:], y_validation=LABELS[1:5]),
    ]
    assert len({own.digest, *(other.digest for other in others)}) == 4
    for copy in (load_npz(own.save(tmp_path / "mine.npz")), pickle.loads(pickle.dumps(own))):
        assert copy.digest == own.digest
        assert copy.num_validation == 4


@pytest.mark.parametrize("groups", [None, [7, 7, 9], ["ann", "ann", "bo"]])
def test_save_and_load(tmp_path: Path, groups: list[Any] | None) -> None:
    dataset = made(class_names=["x", "y", "zed"], test_groups=groups, name="mine")
    path = dataset.save(tmp_path / "mine.npz")
    loaded = load_npz(path)
    assert loaded.digest == dataset.digest
    assert (loaded.name, loaded.class_names) == ("mine", ("x", "y", "zed"))
    assert (loaded.test_groups is None) == (groups is None)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.npz"]


def test_save_where_it_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match=r"received '.*mine\.zip': give a name that ends in \.npz"):
        made().save(tmp_path / "mine.zip")
    with pytest.raises(OutputError, match=r"nowhere/mine\.npz' \(No such file or directory\): choose a folder"):
        made().save(tmp_path / "nowhere" / "mine.npz")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    made().save(tmp_path / "mine.npz")
    before = (tmp_path / "mine.npz").read_bytes()
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        made().save(tmp_path / "mine.npz")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.npz"]
    assert (tmp_path / "mine.npz").read_bytes() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"y_train": LABELS[:5]}, "y_train has 5 labels for 6 images"),
        ({"y_test": LABELS}, "y_test has 6 labels for 3 images"),
        ({"y_train": LABELS + 1}, "has the labels 1, 2, 3, expected 0..K-1"),
        ({"y_train": LABELS - 1}, "renumber both parts"),
        ({"y_train": LABELS * 0}, "only one class"),
        (
            {"y_test": [0, 1, 3]},
            "y_test has the labels 3, which are not in y_train (0..2): every class of the test part",
        ),
        ({"class_names": ["a", "b"]}, "2 names, 2 of them different, for 3 classes"),
        (
            {"class_names": ["a", "b", "b"]},
            "3 names, 2 of them different, for 3 classes: give one name for each class 0..2; received a, b, b",
        ),
        ({"x_validation": IMAGES}, "x_validation is given without y_validation"),
        ({"y_validation": LABELS}, "y_validation is given without x_validation"),
        ({"x_validation": IMAGES[:0], "y_validation": LABELS[:0]}, "x_validation has shape (0, 4, 4, 1): it is empty"),
        ({"x_validation": IMAGES[:2], "y_validation": LABELS}, "y_validation has 6 labels for 2 images"),
        ({"x_validation": IMAGES[:2], "y_validation": [0, 7]}, "y_validation has the labels 7"),
        ({"x_validation": IMAGES[:2, :3], "y_validation": LABELS[:2]}, "x_validation of shape (3, 4, 1)"),
        ({"x_validation": IMAGES[:3] > 90, "y_validation": LABELS[:3]}, "different scales"),
        ({"test_groups": [1, 2]}, "each of the 3 test images"),
        ({"test_groups": [0.5, 1.5, 2.5]}, "one integer or string"),
        ({"test_groups": [7, 7, 7]}, "all test images in one group"),
        ({"test_groups": [[1], [2, 3], 4]}, "test_groups is not an array"),
        ({"y_train": np.arange(6) * 20}, "100"),
    ],
)
def test_what_is_no_dataset(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as caught:
        made(**changes)
    assert words in str(caught.value)
