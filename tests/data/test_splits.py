import numpy as np
import pytest

from netgain.data import Dataset, SplitKind, split, warn_of_split
from netgain.errors import DataError


@pytest.mark.parametrize(
    ("train_size", "validation_size", "expected"), [(10, 5, 10), (None, 5, 25), (30, 0, 30), (None, 0, 30)]
)
def test_first_to_train_last_to_validate(
    small: Dataset, train_size: int | None, validation_size: int, expected: int
) -> None:
    parts = split(small, train_size, validation_size)
    np.testing.assert_array_equal(parts.x_train, small.x_train[:expected])
    np.testing.assert_array_equal(parts.y_train, small.y_train[:expected])
    np.testing.assert_array_equal(parts.x_validation, small.x_train[30 - validation_size :])
    np.testing.assert_array_equal(parts.y_validation, small.y_train[30 - validation_size :])
    assert np.shares_memory(parts.x_train, small.x_train)


@pytest.mark.parametrize(
    ("train_size", "validation_size", "words"),
    [
        (26, 5, "set train_size to 25 or less"),
        (31, 0, "set train_size to 30 or less"),
        (10, 29, "set train_size to 1 or less"),
        (10, 30, "set validation_size below 30"),
        (None, 30, "set validation_size below 30"),
        (0, 5, "1 or more"),
        (5, -1, "validation_size=-1"),
    ],
)
def test_parts_that_do_not_fit(small: Dataset, train_size: int | None, validation_size: int, words: str) -> None:
    with pytest.raises(DataError) as caught:
        split(small, train_size, validation_size)
    assert words in str(caught.value)
    assert f"train_size={train_size}" in str(caught.value)


def sorted_by_class(num_classes: int = 10, per_class: int = 40) -> Dataset:
    """Images that are numbered by their pixels, all of class 0 first, as many a file has them."""
    labels = np.repeat(np.arange(num_classes), per_class)
    numbers = np.arange(len(labels)).astype("<u4").view(np.uint8).reshape(-1, 2, 2)
    names = [f"c{number}" for number in range(num_classes)]
    images = {"x_train": numbers, "x_test": numbers[::7]}
    return Dataset(**images, y_train=labels, y_test=labels[::7], class_names=names, name="sorted", value_range=(0, 255))


def numbers(images: np.ndarray) -> list[int]:
    return np.ascontiguousarray(images).reshape(-1, 4).view("<u4").ravel().tolist()


@pytest.mark.parametrize(
    ("train_size", "validation_size", "words"),
    [
        (None, 130, "none of the classes c7, c8, c9, so"),
        (100, 0, "none of the classes c3, c4, c5, c6, c7 and 2 more, so"),
        (200, 0, "none of the classes c5, c6, c7, c8, c9, so"),
        (320, 0, "none of the classes c8, c9, so the network would never learn these classes;"),
        (360, 0, "lack the class c9, so the network would never learn this class;"),
        (361, 39, "all of the class 'c9', so"),
        (361, 2, "all of the class 'c9', so"),
    ],
)
def test_a_cut_that_loses_a_class_is_refused(train_size: int | None, validation_size: int, words: str) -> None:
    """It trained, with early stopping on class 9 alone: 21.9 % in place of 72.8 %, without a word."""
    dataset = sorted_by_class()
    with pytest.raises(DataError) as caught:
        split(dataset, train_size, validation_size)
    assert words in str(caught.value)
    assert "--set split=stratified" in str(caught.value)
    if "all of" not in words:
        assert f"with train_size={train_size} and validation_size={validation_size} the" in str(caught.value)
        assert str(caught.value).endswith("a larger train_size" if train_size else "a smaller validation_size")
    with pytest.raises(DataError, match=words):
        warn_of_split(dataset, train_size, validation_size)
    parts = split(dataset, train_size, validation_size, "stratified")
    assert set(parts.y_train) == set(range(10))


@pytest.mark.parametrize(("train_size", "validation_size"), [(1, 0), (None, 399)])
def test_one_image_cannot_train_all_classes(train_size: int | None, validation_size: int) -> None:
    with pytest.raises(DataError, match="the 1 training images have none of the classes c1, .* and 4 more"):
        split(sorted_by_class(), train_size, validation_size)


def test_one_image_that_validates_has_one_class() -> None:
    assert split(sorted_by_class(), 399, 1).y_validation.tolist() == [9]


def test_a_class_of_one_image_cannot_validate() -> None:
    images = np.full((10, 2, 2), 255, np.uint8)
    dataset = Dataset(images, [0] * 9 + [1], images[:2], [0, 1])
    with pytest.raises(DataError, match="all of the class '0', .*; use a larger validation_size, with at least"):
        split(dataset, None, 2, "stratified")


def test_a_validation_part_that_lacks_a_class_is_warned_of() -> None:
    """The 130 last of 1,437 sorted digits are all nines, of which 13 more train."""
    dataset = sorted_by_class(per_class=150)
    words = (
        "300 validation images have none of the classes c0, .*c4 and 3 more, .*ignores these classes; .* in proportion"
    )
    with pytest.warns(UserWarning, match=words):
        warn_of_split(Dataset(
            np.concatenate([dataset.x_train, dataset.x_train]), np.concatenate([dataset.y_train, dataset.y_train]),
            dataset.x_test, dataset.y_test, class_names=dataset.class_names, value_range=(0, 255),
        ), None, 300)  # fmt: skip
    warn_of_split(dataset, None, 300, "stratified")


def test_stratified_parts_have_the_shares_of_the_classes() -> None:
    shares = [400, 150, 40, 7, 2]
    labels = np.repeat(np.arange(5), shares)
    images = np.arange(len(labels)).astype("<u4").view(np.uint8).reshape(-1, 2, 2)
    dataset = Dataset(images, labels, images[::50], labels[::50], value_range=(0, 255))
    for train_size, validation_size in ((5, 5), (100, 30), (400, 150), (None, 199), (None, 0)):
        for seed in (0, 1):
            parts = split(dataset, train_size, validation_size, "stratified", seed)
            for part in (parts.y_train, parts.y_validation):
                exact = len(part) * np.array(shares) / sum(shares)
                found = np.bincount(part, minlength=5)
                assert not len(part) or found.min() >= 1
                assert np.abs(found - exact).max() <= 3
            np.testing.assert_array_equal(parts.train_images, numbers(parts.x_train))
            used = numbers(parts.x_train) + numbers(parts.x_validation)
            assert len(set(used)) == len(used) == (train_size or 599 - validation_size) + validation_size
            np.testing.assert_array_equal(labels[numbers(parts.x_train)], parts.y_train)
            np.testing.assert_array_equal(labels[numbers(parts.x_validation)], parts.y_validation)


def test_the_classes_of_a_stratified_order_by_hand() -> None:
    """Of 6 and of 3 images the first and the last stand outside; the others at 1.5/6, 2.5/6, 3.5/6, 4.5/6 and 1.5/3."""
    images = np.full((9, 2, 2), 255, np.uint8)
    dataset = Dataset(images, [0] * 6 + [1] * 3, images[:2], [0, 1])
    for seed in range(10):
        order = split(dataset, None, 0, "stratified", seed).y_train.tolist()
        assert order[2:7] == [0, 0, 1, 0, 0]
        assert sorted(order[:2]) == sorted(order[7:]) == [0, 1]


def test_what_is_left_out_is_ordered_and_seed_0() -> None:
    dataset = sorted_by_class()
    assert split(dataset, None, 0).train_images.tolist() == list(range(400))
    default, first, second = (split(dataset, None, 5, "stratified", *seed).train_images for seed in ((), (0,), (1,)))
    assert default.tolist() == first.tolist() != second.tolist()
    with pytest.raises(DataError, match="must be 'ordered' or 'stratified'; received 'Stratified'"):
        split(dataset, None, 5, "Stratified")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("seed", [(), (0,), (1,), (2,)])
def test_what_is_warned_of_is_what_the_split_lacks(seed: tuple[int, ...]) -> None:
    dataset = sorted_by_class()
    lacks = sorted(set(range(10)) - set(split(dataset, None, 5, "stratified", *seed).y_validation.tolist()))
    with pytest.warns(UserWarning, match="5 validation images") as caught:
        warn_of_split(dataset, None, 5, "stratified", *seed)
    assert f"none of the classes {', '.join(f'c{label}' for label in lacks)}, so" in str(caught[0].message)
    assert str(caught[0].message).endswith("use a larger validation_size, with at least one image of each class")


def test_stratified_parts_follow_the_seed_and_nest() -> None:
    dataset = sorted_by_class()
    first, again, other = (split(dataset, 100, 50, "stratified", seed) for seed in (3, 3, 4))
    assert numbers(first.x_train) == numbers(again.x_train)
    assert set(numbers(first.x_train)) != set(numbers(other.x_train))
    assert set(numbers(first.x_validation)) != set(numbers(other.x_validation))
    larger = split(dataset, 200, 50, "stratified", 3)
    assert set(numbers(first.x_train)) < set(numbers(larger.x_train))
    assert numbers(first.x_validation) == numbers(larger.x_validation)


def test_stratified_needs_an_image_of_every_class() -> None:
    assert set(split(sorted_by_class(), 10, 10, "stratified").y_validation) == set(range(10))
    with pytest.raises(DataError, match="use a larger train_size, with at least one image of each class"):
        split(sorted_by_class(), 9, 0, "stratified")


@pytest.fixture
def with_validation() -> Dataset:
    whole = sorted_by_class()
    own = slice(None, None, 5)
    return Dataset(
        whole.x_train, whole.y_train, whole.x_test, whole.y_test, x_validation=whole.x_train[own] + np.uint8(100),
        y_validation=whole.y_train[own], class_names=whole.class_names, name="three", value_range=(0, 255),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["ordered", "stratified"])
def test_the_datasets_own_validation_part_is_never_trained_on(with_validation: Dataset, kind: SplitKind) -> None:
    for train_size in (None, 400):
        parts = split(with_validation, train_size, 80, kind)
        assert sorted(numbers(parts.x_train)) == numbers(with_validation.x_train)
        assert with_validation.x_validation is not None
        assert sorted(numbers(parts.x_validation)) == sorted(numbers(with_validation.x_validation))
    for train_size, validation_size in ((401, 0), (None, 81)):
        with pytest.raises(DataError, match="400 training images and a validation part of 80.* to 400 and 80 or less"):
            split(with_validation, train_size, validation_size, kind)


def test_what_is_said_of_a_datasets_own_validation_part(with_validation: Dataset) -> None:
    assert len(split(with_validation, None, 0).y_train) == 400
    unused = "validation part of 80 images, which is not used .*--set validation_size=80"
    with pytest.warns(UserWarning, match=unused):
        warn_of_split(with_validation, None, 0)
    with pytest.warns(
        UserWarning, match=r"20 validation images have none of the classes c0, .*use a larger validation_size$"
    ):
        warn_of_split(with_validation, None, 20)
    warn_of_split(with_validation, None, 20, "stratified")
    warn_of_split(with_validation, None, 80)


def test_a_whole_validation_part_that_lacks_a_class_needs_more_images(with_validation: Dataset) -> None:
    images, labels = with_validation.x_validation, with_validation.y_validation
    assert images is not None
    assert labels is not None
    lacking, of_one_class = (
        Dataset(
            with_validation.x_train, with_validation.y_train, with_validation.x_test, with_validation.y_test,
            x_validation=images[part], y_validation=labels[part], value_range=(0, 255),
        )
        for part in (slice(8, None), slice(8))
    )  # fmt: skip
    ends = "use a larger validation part, with at least one image of each class"
    words = f"72 validation images lack the class 0, .*such as early stopping, ignores this class; {ends}$"
    for kind in ("ordered", "stratified"):
        with pytest.warns(UserWarning, match=words):
            warn_of_split(lacking, None, 72, kind)
        with pytest.raises(DataError, match=f"8 validation images are all of the class '0', .*; {ends}$"):
            split(of_one_class, None, 8, kind)
