"""A dataset of strings: what it keeps, and what it refuses."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netgain.data import Dataset, StringDataset, load_dataset, load_npz, load_strings
from netgain.errors import DataError, OutputError, UnknownNameError

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 32, 40), np.uint8)


def made(**changes: Any) -> StringDataset:
    values = {"x_train": IMAGES[:3], "texts_train": ["20", "26", "7"], "x_test": IMAGES[3:], "texts_test": ["07", "6"]}
    return StringDataset(**{**values, **changes})


def test_labels_are_numbers_of_the_alphabet_and_zero_is_padding() -> None:
    strings = made()
    assert strings.alphabet == "0267"
    assert strings.num_characters == 4
    assert strings.longest == 2
    assert strings.y_train.tolist() == [[2, 1], [2, 3], [4, 0]]
    assert strings.y_test.tolist() == [[1, 4], [3, 0]]
    assert strings.lengths_train.tolist() == [2, 2, 1]
    assert strings.y_train.dtype == strings.lengths_test.dtype == strings.widths_train.dtype == np.int32
    assert strings.widths_test.tolist() == [40, 40]
    assert (strings.num_train, strings.num_test, strings.image_shape) == (3, 2, (32, 40, 1))
    longer = made(alphabet="9876543210")
    assert longer.alphabet == "0123456789"
    assert longer.y_train.tolist() == [[3, 1], [3, 7], [8, 0]]


def test_it_cannot_be_changed() -> None:
    for strings in (made(), pickle.loads(pickle.dumps(made()))):
        for array in (strings.x_train, strings.widths_test, strings.y_train, strings.lengths_test):
            assert not array.flags.writeable
        with pytest.raises(AttributeError, match="make a new one with another name"):
            strings.name = "other"
        with pytest.raises(AttributeError, match="make a new one without name"):
            del strings.name


def test_the_digest_is_that_of_images_texts_and_alphabet() -> None:
    same = made(name="other")
    assert same.digest == made().digest
    others = [
        made(texts_train=["20", "26", "0"], texts_test=["0", "6"]),
        made(widths_test=[40, 39]),
        made(alphabet="02679"),
        made(x_train=255 - IMAGES[:3]),
        made(test_groups=["a", "b"]),
    ]
    assert len({strings.digest for strings in (*others, made())}) == 6


def test_it_is_saved_and_read_back(tmp_path: Path) -> None:
    strings = made(test_groups=["a", "b"], widths_train=[40, 20, 9], alphabet="0123456789", name="mine")
    again = load_strings(strings.save(tmp_path / "mine.npz"))
    assert again.digest == strings.digest
    assert again.name == "mine"
    assert again.test_groups is not None
    assert again.test_groups.tolist() == ["a", "b"]
    with pytest.raises(OutputError, match=r"ends in \.npz"):
        strings.save(tmp_path / "mine.txt")
    with pytest.raises(OutputError, match="choose a folder that exists"):
        strings.save(tmp_path / "nowhere" / "mine.npz")


def test_a_name_of_netgain_is_not_the_users(tmp_path: Path) -> None:
    assert load_strings(made(name="digit-strings").save(tmp_path / "a.npz")).name == "digit-strings (own)"


def test_it_shows_itself_in_a_notebook() -> None:
    assert repr(made(name="a")) == (
        "StringDataset 'a': 3 training and 2 test strings of '0267' in images of 32x40, 1 to 2 characters long"
    )
    html = made()._repr_html_()
    assert html.count("<figure>") == 2
    assert 'alt="test image 1, text 6"' in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"texts_train": ["20", "", "7"]}, r"texts_train\[1\] is '', expected at least one character"),
        ({"texts_train": ["20", "2\n6", "7"]}, r"texts_train\[1\] is '2\\n6', .*line break"),
        ({"texts_test": ["07 ", "6"]}, r"texts_test\[0\] is '07 ', .* space at the ends"),
        ({"texts_train": ["20", 26, "7"]}, r"texts_train\[1\] is 26 of type int, expected a string"),
        ({"texts_train": "207"}, "the single text '207', expected a list"),
        ({"texts_train": ["20", "26"]}, "2 texts for 3 images"),
        ({"texts_test": ["07", "5"]}, r"texts_test\[1\] is '5'; its character '5' is in no training text .*'0267'"),
        ({"alphabet": "0267"[:3]}, r"texts_train\[2\] is '7'; its character '7' is not in the alphabet '026'"),
        ({"alphabet": "02677"}, "the alphabet '02677' has '7' twice"),
        ({"alphabet": ""}, "an alphabet is a text of all characters"),
        ({"alphabet": "0123456789", "texts_test": ["07", "5"]}, "in no training text"),
        (
            {"texts_train": ["20", "2６", "76"]},
            r"'6' and '６' \(FULLWIDTH DIGIT SIX\), two forms of the same character",
        ),
        ({"x_train": np.zeros((3, 32, 40, 3), np.uint8) + IMAGES[:3, ..., np.newaxis]}, "one shape"),
        ({"x_train": IMAGES[:3].swapaxes(1, 2), "x_test": IMAGES[3:].swapaxes(1, 2)}, "height 40 and width 32, higher"),
        ({"widths_train": [40, 41, 1]}, "whole numbers from 1 to 40; .* from 1 to 41"),
        ({"widths_train": [40, 0, 1]}, "from 0 to 40"),
        ({"widths_test": [40]}, r"each of the 2 images .*shape \(1,\)"),
        ({"widths_test": [40.0, 3.5]}, "type float64"),
        ({"test_groups": ["a"]}, "expected one integer or string for each of the 2 test images"),
    ],
)
def test_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        made(**changes)


def test_colour_is_refused_with_a_way_out() -> None:
    images = np.repeat(IMAGES[..., np.newaxis], 3, axis=3)
    with pytest.raises(DataError, match=r"in colour; expected grey .*x_train\.mean\(axis=3\)"):
        made(x_train=images[:3], x_test=images[3:])


def test_one_character_may_be_higher_than_wide() -> None:
    images = IMAGES.swapaxes(1, 2)
    strings = StringDataset(images[:3], list("076"), images[3:], list("07"))
    assert strings.image_shape == (40, 32, 1)


def test_a_file_of_the_other_kind_is_told(tmp_path: Path) -> None:
    images = Dataset(IMAGES[:4], [0, 1, 0, 1], IMAGES[4:], [1])
    with pytest.raises(DataError, match="lacks the arrays texts_train, texts_test; .* dataset of images with cl"):
        load_strings(images.save(tmp_path / "images.npz"))
    path = made().save(tmp_path / "strings.npz")
    with pytest.raises(DataError, match=r"lacks the arrays y_train, y_test; .* a dataset of strings, .*load_strings"):
        load_npz(path)
    with pytest.raises(DataError, match="dataset of strings"):
        load_dataset(path)
    np.savez(tmp_path / "half.npz", x_train=IMAGES, texts_train=np.array(list("12345")))
    with pytest.raises(
        DataError, match=r"lacks the arrays x_test, texts_test; .*and, if you like, widths_train"
    ) as told:
        load_strings(tmp_path / "half.npz")
    assert "dataset of images with classes" not in str(told.value)


def test_an_object_of_the_other_kind_is_told() -> None:
    images = Dataset(IMAGES[:4], [0, 1, 0, 1], IMAGES[4:], [1])
    with pytest.raises(DataError, match="^Dataset 'own': .* has images with a class each, expected strings"):
        load_strings(images)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match="^the dataset 'mnist' has images with a class each, expected strings"):
        load_strings("mnist")
    with pytest.raises(DataError, match="^StringDataset 'own strings': .* has strings, expected images"):
        load_dataset(made())  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match="^the dataset 'digit-strings' has strings, .*netgain train reader"):
        load_dataset("digit-strings")


@pytest.mark.parametrize("spec", ["", 3, None])
def test_what_is_no_dataset(spec: Any) -> None:
    with pytest.raises(DataError, match="strings are a name, a path or a StringDataset; received"):
        load_strings(spec)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="there is no dataset of strings 'digit-string'; did you mean 'digit-s"):
        load_strings("digit-string")
    with pytest.raises(DataError, match="there is no file or folder"):
        load_strings(tmp_path / "nowhere" / "strings")
    with pytest.raises(DataError, match="there is no file"):
        load_strings(tmp_path / "missing.npz")
    (tmp_path / "text.npz").write_text("I am not an archive")
    with pytest.raises(DataError, match=r"is not an \.npz file"):
        load_strings(tmp_path / "text.npz")
