"""The dataset `digit-strings`: strings of 1 to 8 of MNIST's digits, made once and kept in the cache."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from netgain.data.cache import cache_errors, cache_folder
from netgain.data.source import OnProgress, Supply
from netgain.data.strings.dataset import StringDataset
from netgain.data.strings.drawing import Handwriting, draw_strings
from netgain.data.strings.npz import read_strings
from netgain.errors import DataError
from netgain.files import write_atomically

NAME = "digit-strings"
DESCRIPTION = "strings of 1 to 8 handwritten digits, 32 pixels high, 60,000 to train and 2,508 to test: made from MNIST"

VERSION = 3
"""To be raised when other images come of the same numbers below."""

NUM_TRAIN = 60_000
WEIGHTS = (4, 4, 4, 4, 4, 3, 2, 2)
"""How often the lengths 1 to 8 are, relative to each other; their mean is 4."""

SEED_OF_TRAINING, SEED_OF_TEST = 0, 1
HAND = Handwriting()


class _Part(NamedTuple):
    images: np.ndarray
    texts: list[str]
    widths: np.ndarray


def fetch_digit_strings(on_progress: OnProgress | None) -> Path:
    """Have the strings in the cache, made from MNIST; their folder.

    Raises:
        FetchError: where nothing delivers MNIST.
        DataError: where the cache cannot be read or written.
    """
    _mnist().fetch(on_progress)
    load_digit_strings()
    return _file().parent


def are_digit_strings_cached() -> bool:
    """Whether they are there, or MNIST is, from which they are made in seconds."""
    return _file().is_file() or _mnist().is_cached()


def load_digit_strings() -> StringDataset:
    """The strings, from the cache or made and put there.

    Raises:
        FetchError, DataError: as :func:`fetch_digit_strings`.
    """
    path = _file()
    with cache_errors(path):
        is_there = path.is_file()
    if is_there:
        try:
            return read_strings(path)
        except DataError as error:
            warnings.warn(f"{error}; making the strings again", stacklevel=2)
    strings = make_digit_strings(*_mnist().load(), NUM_TRAIN)
    with cache_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path) as file:
            strings.write(file)
    return strings


def make_digit_strings(
    x_train: np.ndarray, y_train: np.ndarray, x_test: np.ndarray, y_test: np.ndarray, num_train: int
) -> StringDataset:
    """Training strings of training digits, test strings of test digits: every test digit is in one string.

    Training digits are taken in turn, all of them before any is taken again. The digits of a string are independent, so
    that knowing some of them does not help to read the others.

    Args:
        x_train: training digits uint8 `[m, 28, 28]`, white on black.
        y_train: their labels 0..9, `[m]`.
        x_test: test digits, as `x_train`.
        y_test: their labels.
        num_train: how many training strings to make.
    """
    generator = np.random.default_rng(SEED_OF_TRAINING)
    lengths = _lengths(num_train, generator)
    rounds = -(-int(lengths.sum()) // len(x_train))
    order = np.concatenate([generator.permutation(len(x_train)) for _ in range(rounds)])[: lengths.sum()]
    train = _part(x_train, y_train, order, lengths, generator)
    generator = np.random.default_rng(SEED_OF_TEST)
    lengths = _using_up(len(x_test), _lengths(len(x_test), generator))
    test = _part(x_test, y_test, generator.permutation(len(x_test)), lengths, generator)
    width = max(part.images.shape[2] for part in (train, test))
    images = [np.pad(part.images, ((0, 0), (0, 0), (0, width - part.images.shape[2]))) for part in (train, test)]
    for array in images:
        array.flags.writeable = False  # so that they are kept without a copy
    return StringDataset(
        images[0], train.texts, images[1], test.texts,
        widths_train=train.widths, widths_test=test.widths, alphabet="0123456789", name=NAME,
    )  # fmt: skip


def _lengths(count: int, generator: np.random.Generator) -> np.ndarray:
    chances = np.array(WEIGHTS) / sum(WEIGHTS)
    return generator.choice(np.arange(1, len(WEIGHTS) + 1), count, p=chances)


def _using_up(total: int, lengths: np.ndarray) -> np.ndarray:
    """The first of the lengths that sum to a total; the last of them is cut."""
    ends = np.cumsum(lengths)
    count = int(np.searchsorted(ends, total)) + 1
    used = lengths[:count].copy()
    used[-1] -= ends[count - 1] - total
    return used


def _part(
    images: np.ndarray, labels: np.ndarray, order: np.ndarray, lengths: np.ndarray, generator: np.random.Generator
) -> _Part:
    drawn = draw_strings(images[order], lengths, HAND, generator)
    digits = "".join(map(str, labels[order].tolist()))
    ends = np.cumsum(lengths).tolist()
    return _Part(drawn.images, [digits[start:end] for start, end in zip([0, *ends], ends, strict=False)], drawn.widths)


def _mnist() -> Supply:
    from netgain.data.sources.mnist import SOURCE  # with what fetches files, which takes its time to start

    return SOURCE.supply


def _file() -> Path:
    """Where they are kept: the name has all that decides them, so that a change never finds the file of before."""
    decides = (VERSION, NUM_TRAIN, WEIGHTS, SEED_OF_TRAINING, SEED_OF_TEST, HAND)
    return cache_folder() / NAME / f"{hashlib.sha256(repr(decides).encode()).hexdigest()[:16]}.npz"
