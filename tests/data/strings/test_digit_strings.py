"""Strings made of MNIST's digits: which digits, how long, how far apart, and the same ones every time."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from netgain.data import StringDataset, fetch, is_cached, is_named, load_strings
from netgain.data.strings import digit_strings
from netgain.data.strings.digit_strings import load_digit_strings, make_digit_strings
from netgain.data.strings.drawing import INK, Handwriting, draw_strings

PLAIN = Handwriting(size=0, slant=0, wander=0)


DIGEST = "717f479523d9aeb0"


@pytest.fixture(scope="module")
def strings() -> StringDataset:
    return load_strings("digit-strings")


def marked_digits(count: int, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Images that are told apart by their grey value, and labels 0..9."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 10:16] = (first + np.arange(count))[:, np.newaxis, np.newaxis]
    return images, np.arange(count) % 10


def greys_of(image: np.ndarray) -> set[int]:
    return set(np.unique(image).tolist()) - {0}


def test_every_test_digit_is_in_one_string_and_no_training_digit_is() -> None:
    """Without overlaps and without scaling every digit of the strings is known by its grey value."""
    hand = Handwriting(size=0, slant=0, wander=0, baseline=26, overlap=0, apart=2)
    with mock.patch.object(digit_strings, "HAND", hand):
        made = make_digit_strings(*marked_digits(60, first=70), *marked_digits(50, first=150), num_train=40)
    assert made.lengths_test.sum() == 50
    seen = [grey for image in made.x_test for grey in greys_of(image)]
    assert sorted(seen) == list(range(150, 200)), "each of the 50 once, none of the others"
    in_training = [grey for image in made.x_train for grey in greys_of(image)]
    assert set(in_training) <= set(range(70, 130))
    assert max(in_training.count(grey) for grey in set(in_training)) <= -(-made.lengths_train.sum() // 60)


def test_texts_are_the_digits_from_left_to_right() -> None:
    hand = Handwriting(size=0, slant=0, wander=0, overlap=0, apart=2)
    images, labels = marked_digits(60, first=70)
    with mock.patch.object(digit_strings, "HAND", hand):
        made = make_digit_strings(images, labels, *marked_digits(50, first=150), num_train=40)
    for image, text in zip(made.x_train, made.texts_train, strict=True):
        greys = image[..., 0].max(axis=0)
        in_order = [grey for grey, before in zip(greys, [0, *greys[:-1]], strict=True) if grey and grey != before]
        assert text == "".join(str(labels[grey - 70]) for grey in in_order)


def test_sizes_and_lengths(strings: StringDataset) -> None:
    assert strings.num_train == 60_000
    assert strings.lengths_test.sum() == 10_000
    assert strings.alphabet == "0123456789"
    assert strings.image_shape[0] == 32
    shares = np.bincount(strings.lengths_train, minlength=9)[1:] / strings.num_train
    assert shares == pytest.approx(np.array([4, 4, 4, 4, 4, 3, 2, 2]) / 27, abs=0.01)
    for lengths in (strings.lengths_train, strings.lengths_test):
        assert lengths.min() == 1
        assert lengths.max() == strings.longest == 8
        assert lengths.mean() == pytest.approx(4, abs=4 * 2.1 / np.sqrt(len(lengths)))


def test_each_image_is_black_beyond_its_width_and_has_a_margin(strings: StringDataset) -> None:
    for image, width in zip(strings.x_test[..., 0], strings.widths_test, strict=True):
        assert not image[:, width:].any()
        ink = np.flatnonzero(image.max(axis=0) >= INK)
        assert ink[0] == 4
        assert ink[-1] == width - 5
    assert max(strings.widths_train.max(), strings.widths_test.max()) == strings.image_shape[1]


def test_its_bytes_are_those_of_its_version(strings: StringDataset) -> None:
    """Whoever changes them raises VERSION, so that a file in the cache is not taken for the new ones."""
    assert (digit_strings.VERSION, strings.digest[:16]) == (3, DIGEST)


def test_the_same_seed_gives_the_same_bytes() -> None:
    arrays = *marked_digits(60, first=70), *marked_digits(50, first=150)
    one, other = (make_digit_strings(*arrays, num_train=40) for _ in range(2))
    assert one.digest == other.digest


@pytest.mark.parametrize(("overlap", "apart"), [(4, 6), (0, 0), (3, 1)])
def test_spaces_have_the_whole_range_and_no_more(overlap: int, apart: int) -> None:
    blocks = np.full((2000, 20, 10), 255, np.uint8)
    hand = Handwriting(size=0, slant=0, wander=0, overlap=overlap, apart=apart)
    widths = draw_strings(blocks, np.full(1000, 2), hand, np.random.default_rng(0)).widths
    spaces = widths - 2 * 4 - 2 * 10
    assert set(spaces.tolist()) == set(range(-overlap, apart + 1))


def test_a_narrow_digit_is_not_hidden_by_an_overlap() -> None:
    blocks = np.full((400, 20, 4), 255, np.uint8)
    hand = Handwriting(size=0, slant=0, wander=0, overlap=4, apart=-4)
    drawn = draw_strings(blocks, np.full(200, 2), hand, np.random.default_rng(0))
    assert (drawn.widths == 4 + 4 + 2 + 4).all(), "they share half of four columns"


def test_sizes_slants_and_places_have_their_range() -> None:
    blocks = np.full((3000, 20, 12), 255, np.uint8)
    drawn = draw_strings(blocks, np.ones(3000, int), Handwriting(slant=0), np.random.default_rng(0))
    heights = (drawn.images.max(axis=2) >= INK).sum(axis=1)
    assert {heights.min(), heights.max()} == {17, 24}, "soft edges count from a quarter on"
    ends = 32 - (drawn.images.max(axis=2) >= INK)[:, ::-1].argmax(axis=1)
    assert {ends.min(), ends.max()} == {24, 28}
    slanted = draw_strings(blocks, np.ones(3000, int), Handwriting(size=0, wander=0), np.random.default_rng(0))
    wider = slanted.widths - 2 * 4 - 12
    assert wider.min() == 0
    assert wider.max() == pytest.approx(0.2 * 20, abs=1)


def slowly_transformed(digit: np.ndarray, scale: float, slant: float, base: float, cell: int) -> np.ndarray:
    """One digit, pixel by pixel: each asks where in the digit it comes from."""
    rows, columns = np.flatnonzero(digit.max(axis=1)), np.flatnonzero(digit.max(axis=0))
    middle = (columns[0] + columns[-1] + 1) / 2
    out = np.zeros((32, cell))
    for row in range(32):
        for column in range(cell):
            y = (row + 0.5 - base) / scale + rows[-1] + 1 - 0.5
            x = (column + 0.5 - cell / 2 + slant * (row + 0.5 - 16)) / scale + middle - 0.5
            for near_y in (int(np.floor(y)), int(np.floor(y)) + 1):
                for near_x in (int(np.floor(x)), int(np.floor(x)) + 1):
                    if 0 <= near_y < digit.shape[0] and 0 <= near_x < digit.shape[1]:
                        out[row, column] += (1 - abs(y - near_y)) * (1 - abs(x - near_x)) * digit[near_y, near_x]
    return out


def slowly_drawn(digits: list[np.ndarray], hand: Handwriting, generator: np.random.Generator) -> np.ndarray:
    """One string, digit by digit and pixel by pixel, drawn with the same random numbers."""
    count, cell = len(digits), 60
    scales, slants = (generator.uniform(low, high, count) for low, high in ((0.85, 1.15), (-hand.slant, hand.slant)))
    bases = hand.baseline + generator.uniform(-hand.wander, hand.wander, count)
    spaces = generator.integers(-hand.overlap, hand.apart, count, endpoint=True)
    canvas, right = np.zeros((32, 400)), hand.margin
    inked: list[int] = []
    for digit, scale, slant, base in zip(digits, scales, slants, bases, strict=True):
        cells = np.rint(slowly_transformed(digit, scale, slant, base, cell))
        columns = np.flatnonzero(cells.max(axis=0) >= INK)
        start, width = int(columns[0]), int(columns[-1] - columns[0] + 1)
        if inked:
            right += max(int(spaces[len(inked) - 1]), -(min(width, inked[-1]) // 2))
        for row in range(32):
            for column in range(cell):
                place = right - start + column
                if place >= 0:
                    canvas[row, place] = max(canvas[row, place], cells[row, column])
        right += width
        inked.append(width)
    return canvas[:, : right + hand.margin]


def test_drawing_equals_its_slow_twin() -> None:
    generator = np.random.default_rng(5)
    digits = np.zeros((6, 28, 28), np.uint8)
    digits[:, 4:24, 6:22] = generator.integers(0, 256, (6, 20, 16))
    digits[3, :, :10] = digits[3, :, 13:] = 0  # a narrow one
    drawn = draw_strings(digits, np.array([6]), Handwriting(), np.random.default_rng(9))
    expected = slowly_drawn(list(digits), Handwriting(), np.random.default_rng(9))
    assert drawn.widths.tolist() == [expected.shape[1]]
    assert np.abs(drawn.images[0].astype(int) - expected).max() <= 1  # float32 against float64


def test_they_are_made_once_and_again_if_the_file_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETGAIN_DATA", str(tmp_path))
    arrays = *marked_digits(60, first=70), *marked_digits(50, first=150)
    supply = mock.Mock(**{"load.return_value": arrays, "fetch.return_value": tmp_path})
    with (
        mock.patch.object(digit_strings, "_mnist", return_value=supply),
        mock.patch.object(digit_strings, "NUM_TRAIN", 40),
    ):
        first = load_digit_strings()
        (file,) = (tmp_path / "digit-strings").iterdir()
        assert load_digit_strings().digest == first.digest
        assert supply.load.call_count == 1, "the second time they come from the file"
        whole = file.read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
        with pytest.warns(UserWarning, match="making the strings again"):
            assert load_digit_strings().digest == first.digest
        assert file.read_bytes() == whole
        with mock.patch.object(digit_strings, "HAND", Handwriting(margin=5)):
            assert load_digit_strings().digest != first.digest, "other numbers never find the file of before"


def test_they_are_a_named_dataset() -> None:
    assert is_named("digit-strings")
    assert is_cached("digit-strings")
    folder = fetch("digit-strings")
    assert folder is not None
    assert folder.name == "digit-strings"
