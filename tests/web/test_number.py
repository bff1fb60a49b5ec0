"""What the tab Draw says of a number."""

from __future__ import annotations

import base64
import io
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from netgain.networks.families.fixed_slots import FixedSlots
from netgain.networks.strings import Stem
from netgain.runs.store import Store
from netgain.tasks.reading.predict import Read, read_files
from netgain.tasks.reading.recipe import Reader
from netgain.web.number import reading_of
from netgain.web.shelf import Shelf

from .conftest import untrained


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "png")
    return buffer.getvalue()


def written(*lines: tuple[int, int, int, int]) -> bytes:
    """Strokes on black paper, as the field sends them."""
    picture = Image.new("L", (840, 280))
    for line in lines:
        ImageDraw.Draw(picture).line(line, fill=255, width=18)
    return png(picture)


def url_of(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


ELEVEN = written((100, 60, 100, 220), (220, 60, 200, 220))
SLANTED = written((100, 60, 300, 220), (400, 220, 520, 60), (600, 60, 600, 220), (600, 60, 700, 60))
LONG = written(*[(40 * place, 100, 40 * place + 10, 180) for place in range(1, 20)])


@pytest.mark.parametrize("content", [ELEVEN, SLANTED, LONG], ids=["eleven", "slanted", "longer than in training"])
def test_the_page_and_the_command_line_read_the_same(content: bytes, reader_store: Path, tmp_path: Path) -> None:
    shelf, answers = Shelf(str(reader_store), {}), []
    ((name, runs),) = shelf.readers().items()
    (tmp_path / "number.png").write_bytes(content)
    for run in runs:
        (tmp_path / "reader.keras").write_bytes(Store(reader_store).model_file(run.key))
        (found,) = read_files(tmp_path / "reader.keras", [tmp_path / "number.png"])
        assert isinstance(found, Read)
        answers.append(found)
    said = reading_of(shelf, url_of(content), [name])
    (text,) = re.findall('data-text="([^"]*)"', said)
    counts = Counter(found.text for found in answers)
    assert counts[text] == max(counts.values())
    agreeing = [found for found in answers if found.text == text]
    assert f"{len(agreeing)} of 2 networks read this" in said
    assert f"{100 * sum(found.probability for found in agreeing) / len(agreeing):.1f} %" in said
    assert re.findall("<b>([0-9])</b><i>", said) == list(text)
    others = [found.text for found in answers if found.text != text]
    assert not others or f"Others: {others[0] or 'no character'}" in said


def test_readers_and_classifiers_are_told_apart(digit_store: Path, reader_store: Path) -> None:
    without, both = Shelf(str(digit_store), {}), Shelf(str(reader_store), {})
    assert without.readers() == {}
    assert without.favourite_reader() is None
    assert list(both.networks()) == list(without.networks())
    (reader,) = both.readers()
    assert reader not in both.networks()
    assert reader == both.favourite_reader()
    assert both.reading(str(both.favourite())) is None
    assert both.answering(reader) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Nothing is written yet"),
        (url_of(png(Image.new("L", (840, 280)))), "differs from its background"),
        (url_of(b"import os"), "cannot be read as an image"),
        ("../../etc/passwd", "this is not an image"),
    ],
)
def test_what_is_no_number_is_said(reader_store: Path, content: str, said: str) -> None:
    shelf = Shelf(str(reader_store), {})
    assert said in reading_of(shelf, content, list(shelf.readers()))


def test_a_doubt_is_said(reader_store: Path) -> None:
    shelf = Shelf(str(reader_store), {})
    two_lines = written((100, 20, 300, 100), (100, 180, 300, 260))
    assert "The answer may be wrong: there are 2 lines" in reading_of(shelf, url_of(two_lines), list(shelf.readers()))
    assert "may be wrong" not in reading_of(shelf, url_of(ELEVEN), list(shelf.readers()))


def test_without_a_reader_the_page_says_how_to_train_one(digit_store: Path, reader_store: Path) -> None:
    assert "netgain train reader" in reading_of(Shelf(str(digit_store), {}), url_of(ELEVEN), [])
    assert "No network is chosen" in reading_of(Shelf(str(reader_store), {}), url_of(ELEVEN), [])
    assert "No network is chosen" in reading_of(Shelf(str(reader_store), {}), url_of(ELEVEN), ["/etc/passwd"])


def test_fixed_slots_have_no_places(digit_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copy(digit_store, tmp_path))
    recipe = Reader(network=FixedSlots(slots=4, dense=8, stem=Stem(filters=(4,), pools=((8, 8),))))
    Store(store).add(untrained(recipe, 0), recipe)
    shelf = Shelf(str(store), {})
    said = reading_of(shelf, url_of(LONG), list(shelf.readers()))
    assert "One network; the whole text has a probability of" in said
    assert "Fixed slots say which character is the first" in said
    assert 'class="steps"' not in said
    assert "it was squeezed" in said
