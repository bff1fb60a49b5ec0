"""A user's folder of images with a CSV file of their texts."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.line_photos import line_photo

from netgain.data import load_dataset, load_strings
from netgain.data.strings.folder import load_string_folder
from netgain.errors import DataError

DIGITS = load_dataset("digits")
TEXTS = ["120", "012", "21", "10", "102", "20", "201", "1", "2", "0"]


def picture(text: str, number: int = 0) -> Image.Image:
    """Digits in a row, dark on pale paper, unlike those of any other number."""
    row = [DIGITS.x_train[np.flatnonzero(DIGITS.y_train == int(one))[number], :, :, 0] for one in text]
    ink = np.pad(np.hstack(row), 4)
    return Image.fromarray((230 - ink * 0.8).astype(np.uint8)).resize((6 * ink.shape[1], 6 * ink.shape[0]))


Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a folder with images 0.png, 1.png, ... of texts, and a CSV file."""

    def make(table: str | None = None, texts: list[str] | None = None, name: str = "texts.csv") -> Path:
        texts = TEXTS if texts is None else texts
        path = tmp_path / "mine"
        path.mkdir()
        for number, text in enumerate(texts):
            picture(text, number).save(path / f"{number}.png")
        rows = "".join(f"{number}.png,{text}\n" for number, text in enumerate(texts))
        (path / name).write_text(f"file,text\n{rows}" if table is None else table, encoding="utf-8")
        return path

    return make


def test_a_folder_becomes_a_dataset(folder: Folder) -> None:
    strings = load_strings(folder())
    assert strings.name == "mine"
    assert (strings.num_train, strings.num_test) == (8, 2)
    assert sorted(strings.texts_train + strings.texts_test) == sorted(TEXTS)
    assert strings.alphabet == "012"
    height, width, _ = strings.image_shape
    assert height == 32
    assert width == max(strings.widths_train.max(), strings.widths_test.max())
    for image, columns in zip(strings.x_train[..., 0], strings.widths_train, strict=True):
        assert not image[:, columns:].any()
        assert not image[:, :4].any()
        assert image[4:27, 4 : columns - 4].max() > 200, "white on black"
        assert image.mean() < 100


def test_the_parts_follow_from_the_files_and_not_from_their_names(folder: Folder, tmp_path: Path) -> None:
    path = folder()
    first = load_strings(path)
    for number in range(10):
        (path / f"{number}.png").rename(path / f"x{number}.png")
    rows = [f"x{number}.png,{text}" for number, text in enumerate(TEXTS)]
    (path / "texts.csv").write_text("\n".join(["file,text", *reversed(rows)]))
    assert load_strings(path).digest == first.digest


def test_every_character_of_the_test_part_is_trained(folder: Folder) -> None:
    """Only one image has a 9: it must train."""
    for number in range(3):
        texts = ["12", "21", "112", "1", "2", "122"]
        texts[number] += "9"
        path = folder(texts=texts)
        strings = load_strings(path)
        assert any("9" in text for text in strings.texts_train)
        for file in path.iterdir():
            file.unlink()
        path.rmdir()


def test_copies_and_groups_stay_on_one_side(folder: Folder) -> None:
    path = folder()
    (path / "copy.png").write_bytes((path / "0.png").read_bytes())
    writers = ["ann", "ben", "cem", "dan", "eve", "ann", "ben", "cem", "dan", "eve"]
    rows = [f"{number}.png,{text},{who}" for number, (text, who) in enumerate(zip(TEXTS, writers, strict=True))]
    (path / "texts.csv").write_text("\n".join(["file,text,group", *rows, "copy.png,120,ann"]))
    strings = load_strings(path)
    assert strings.test_groups is not None
    assert len(set(strings.test_groups)) == 2, "one would not say how much groups differ"
    of = dict(zip(TEXTS, writers, strict=True))
    assert not {of[text] for text in strings.texts_train} & {of[text] for text in strings.texts_test}


def test_a_column_says_the_parts(folder: Folder) -> None:
    parts = ["Train", "test", "train", "train", "train", "test", "train", "train", "train", "test"]
    rows = [f"{number}.png;{text};{part}" for number, (text, part) in enumerate(zip(TEXTS, parts, strict=True))]
    strings = load_strings(folder("\n".join(["File;Text;Part", *rows]) + "\n\n"))
    assert sorted(strings.texts_test) == ["0", "012", "20"]
    assert strings.num_train == 7


def test_images_may_be_in_sub_folders_and_the_table_may_begin_with_a_mark(folder: Folder) -> None:
    path = folder()
    (path / "inner").mkdir()
    for number in range(10):
        (path / f"{number}.png").rename(path / "inner" / f"{number}.png")
    rows = [f'{text},"inner/{number}.png"' for number, text in enumerate(TEXTS)]
    (path / "texts.csv").write_text("\n".join(["\ufefftext,file", *rows]), encoding="utf-8")
    assert load_strings(path).num_train == 8


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "is empty and lacks file and text; expected file,text in its first line"),
        ("file,text\n", "has no lines below its first one"),
        ("name,text\n0.png,120\n", "has the columns 'name', 'text' and lacks file;"),
        ("file,label\n0.png,120\n", "has the columns 'file', 'label' and lacks text;"),
        ("0.png,120\n1.png,012\n", r"has the columns '0\.png', '120' and lacks file and text;.*add the first line"),
        (
            "file,text\n0.png,120\nnowhere.png,12\na/b.png,1\n",
            r"2 of the 3 files .*'nowhere\.png' \(line 3\), 'a/b\.png'",
        ),
        ("file,text\n0.png,120\n1.png,\n", r"line 3 of .* has no text for '1\.png'"),
        ("file,text\n0.png\n", "line 2 of .* has no text"),
        ("file,text\n,120\n", "line 2 of .* names no file"),
        ("file,text\n0.png,120\n1.png,012\n0.png,121\n", r"'0\.png' in line 2 \(120\) and in line 4 \(121\)"),
        ("file,text,part\n0.png,120,train\n1.png,012,exam\n", "line 3 of .* the part 'exam', expected train or test"),
        ("file,text,part\n0.png,120,train\n1.png,012,train\n", "no line of .* has the part test"),
        ("file,text\n0.png,120\n", "1 images, too few to hold some out"),
        ("file,text\n0.png,120\n1.png,0１2\n2.png,21\n", "two forms of the same character"),
    ],
)
@pytest.mark.filterwarnings("ignore:.* not used")
def test_a_table_that_is_refused(folder: Folder, table: str, words: str) -> None:
    path = folder(table)
    with pytest.raises(DataError, match=words):
        load_strings(path)


def test_a_table_in_another_encoding(folder: Folder) -> None:
    path = folder()
    (path / "texts.csv").write_bytes("file,text\n0.png,é\n".encode("latin-1"))
    with pytest.raises(DataError, match="is not UTF-8 text .*save it as CSV in UTF-8"):
        load_strings(path)


def test_none_or_two_tables(folder: Folder, tmp_path: Path) -> None:
    path = folder()
    (path / "more.csv").write_text("file,text\n")
    with pytest.raises(DataError, match=r"has 2 CSV files, 'more\.csv', 'texts\.csv'; expected one"):
        load_strings(path)
    for file in path.glob("*.csv"):
        file.unlink()
    with pytest.raises(DataError, match="has no CSV file; expected one with the columns file,text") as told:
        load_strings(path)
    assert "sub-folders" not in str(told.value)
    (path / "cats").mkdir()
    with pytest.raises(DataError, match="sub-folders with one class each, such as 'cats', are for a recipe that class"):
        load_strings(path)
    with pytest.raises(DataError, match="is not a folder"):
        load_string_folder(tmp_path / "nowhere")


def test_a_folder_of_strings_is_told_where_classes_are_expected(folder: Folder) -> None:
    path = folder()
    with pytest.raises(DataError, match=r"has no sub-folder, .*with the CSV file 'texts\.csv' it may be a dataset"):
        load_dataset(path)


def test_an_image_that_cannot_be_used_is_named(folder: Folder) -> None:
    path = folder()
    whole = (path / "3.png").read_bytes()
    (path / "3.png").write_bytes(whole[:100])
    with pytest.raises(DataError, match=r"3\.png' cannot be read as an image"):
        load_strings(path)
    Image.new("L", (90, 60), 200).save(path / "3.png")
    with pytest.raises(DataError, match=r"nothing on .*3\.png' differs from its background"):
        load_strings(path)


def test_an_image_that_is_turned_is_refused(folder: Folder) -> None:
    path = folder()
    picture("120").transpose(Image.Transpose.ROTATE_90).save(path / "0.png")
    with pytest.raises(DataError, match=r"0\.png' is 192 pixels high and 96 wide, .*'120': it is prob"):
        load_strings(path)
    wide = Image.new("L", (100, 400), 230)  # an upright photo with a line of writing across is fine
    wide.paste(picture("10").resize((80, 48)), (10, 100))
    wide.save(path / "0.png")
    assert load_strings(path).num_train == 8


def test_images_that_are_not_used_or_doubtful_are_said(folder: Folder) -> None:
    path = folder()
    picture("12").save(path / "more.png")
    with pytest.warns(UserWarning, match=r"1 image file in .*, such as 'more\.png', not used: 'texts\.csv'"):
        load_strings(path)
    (path / "more.png").unlink()
    cut = picture("120")
    cut.crop((42, 0, cut.width, cut.height)).save(path / "0.png")
    with pytest.warns(UserWarning, match=r"1 of the 10 images in .* may be cut out wrongly, .*touches the border"):
        load_strings(path)
    picture("120").save(path / "0.png")
    (path / "1.png").write_bytes((path / "0.png").read_bytes())
    with pytest.warns(UserWarning, match=r"same image, byte for byte, with the texts '0?120?' and '0?120?'"):
        load_strings(path)


def test_photos_on_ruled_paper(tmp_path: Path) -> None:
    texts = ["12", "21", "11", "22", "121"]
    for number, text in enumerate(texts):
        photo = line_photo(text, np.random.default_rng(number), size=(480, 360))
        (tmp_path / f"{number}.jpg").write_bytes(photo)
    rows = "".join(f"{number}.jpg,{text}\n" for number, text in enumerate(texts))
    (tmp_path / "texts.csv").write_text(f"file,text\n{rows}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        strings = load_strings(tmp_path)
    ink = np.concatenate([strings.widths_train, strings.widths_test]) - 8
    lengths = np.concatenate([strings.lengths_train, strings.lengths_test])
    assert (ink / lengths < 40).all(), "the rules are gone: else every line were as wide as its paper"
