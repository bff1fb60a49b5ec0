import numpy as np
import pytest

from netgain.data import Dataset, split
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
