"""`netgain predict` and `netgain train --data` with a network that reads strings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.line_photos import line_photo

from netgain.cli import completing
from netgain.data import LineForm, StringDataset, prepare_line
from netgain.data.strings.digit_strings import NAME
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.networks.strings import Stem
from netgain.runs.training import train
from netgain.tasks.reading.recipe import Reader

from .program import netgain, refused

NETWORK = FixedSlots(stem=Stem(filters=(4,)), dense=32, slots=4)
TEXTS = ("2026", "62", "0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader that knows three numbers from blank paper, and photos of them on ruled paper."""
    folder = tmp_path_factory.mktemp("reader")
    form = LineForm(width=120)
    plain = [
        prepare_line(line_photo(text, np.random.default_rng(number), rules=None, falloff=falloff), form).image
        for falloff in (0.0, 0.1, 0.2, 0.3)
        for number, text in enumerate(TEXTS)
    ]
    strings = StringDataset(np.stack(plain), TEXTS * 4, np.stack(plain[:3]), TEXTS, alphabet="0123456789", name="three")
    optimizer = {"name": "adam", "learning_rate": 0.01}
    recipe = Reader(dataset=strings, network=NETWORK, optimizer=optimizer, batch_size=12, epochs=40)
    run = train(recipe, 0)
    assert run.right.all()
    (folder / "reader.keras").write_bytes(run.model)
    for number, text in enumerate(TEXTS):
        (folder / f"{text}.jpg").write_bytes(line_photo(text, np.random.default_rng(number)))
    Image.new("L", (300, 100), 200).save(folder / "blank.png")
    two = Image.new("L", (300, 200), 230)
    for left in (100, 130, 160):
        two.paste(40, (left, 40, left + 8, 80))
        two.paste(40, (left, 120, left + 8, 160))
    two.save(folder / "two.png")
    return folder


def test_a_photo_of_a_number_on_ruled_paper_is_read(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    done = netgain("predict", "reader.keras", "2026.jpg", "62.jpg", "0.jpg", "--show", str(sheet), cwd=folder)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.partition("  ")[0] for line in lines] == ["2026.jpg: 2026", "62.jpg: 62", "0.jpg: 0"]
    assert all(line.rpartition("  ")[2].startswith("(probability ") for line in lines)
    assert done.stderr == f"What the network saw is in {sheet}.\n"
    with Image.open(sheet) as image:
        assert image.width > 3 * 2 * 196
        assert image.height < 250, "lines of writing lie in strips, not in squares"


def test_as_json_with_doubts_and_reasons(folder: Path) -> None:
    done = netgain("predict", "reader.keras", "2026.jpg", "blank.png", "two.png", "--json", cwd=folder)
    assert done.returncode == 1
    first, blank, two = json.loads(done.stdout)
    assert first["image"] == "2026.jpg"
    assert first["text"] == "2026"
    assert 0 < first["probability"] <= 1
    assert (first["characters"], first["doubts"]) == ([], [])
    assert "differs from its background" in blank["error"]
    assert f"netgain: {blank['error']}\n" in done.stderr
    assert "2 lines of writing" in two["doubts"][0]
    assert "two.png: the answer may be wrong: there are 2 lines of writing" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reader.keras", "0.jpg", "--as", "digit"], "reads strings, whose images are always prepared as lines"),
        (["missing.keras", "0.jpg"], "there is no file 'missing.keras'"),
        (["blank.png", "0.jpg"], "'blank.png' is not a Keras model"),
    ],
)
def test_refused_before_anything_is_read(folder: Path, arguments: list[str], words: str) -> None:
    assert words in refused("predict", *arguments, cwd=folder)


@pytest.mark.parametrize("command", [("evaluate", "--data", "digits"), ("fractions", "mine")])
def test_what_classifies_refuses_a_reader(folder: Path, command: tuple[str, ...]) -> None:
    said = refused(command[0], "reader.keras", *command[1:], cwd=folder)
    assert "the network in 'reader.keras' reads strings, expected one that gives each image a class" in said


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A folder with the photos of a user, a table of them and a recipe."""
    (tmp_path / "mine").mkdir()
    for number, text in enumerate(TEXTS * 4):
        content = line_photo(text, np.random.default_rng(number), size=(320, 240), high=0.2, rules=None)
        (tmp_path / "mine" / f"{number}.jpg").write_bytes(content)
    rows = "".join(f"{number}.jpg,{text}\n" for number, text in enumerate(TEXTS * 4))
    (tmp_path / "mine" / "texts.csv").write_text(f"file,text\n{rows}")
    Reader(network=NETWORK, epochs=1, batch_size=4, train_size=1000).save(tmp_path / "slots.toml")
    return tmp_path


def test_a_recipe_that_reads_takes_a_users_folder(own: Path) -> None:
    done = netgain("train", "slots.toml", "--data", "mine", "--save", "mine.keras", "--json", cwd=own)
    assert done.returncode == 0, done.stderr
    assert "mine has 10 strings to train on, fewer than the study wants: using all of them." in done.stderr
    again = netgain("train", "slots.toml", "--data", "mine", "--json", cwd=own)
    assert "1 of 1 networks came from netgain.db" in again.stderr
    read = netgain("predict", "mine.keras", "mine/0.jpg", cwd=own)
    assert read.stdout.startswith("mine/0.jpg: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["slots.toml", "--data", "mnist"], "the dataset 'mnist' has images with a class each, expected strings"),
        (["baseline", "--data", "digit-strings"], "the dataset 'digit-strings' has strings, expected images"),
        (["baseline", "--data", "mine"], "it may be a dataset of strings"),
        (["slots.toml", "--data", "nowhere"], "there is no dataset of strings 'nowhere'"),
        (["slots.toml", "--data", "mine", "--image-size", "20"], "prepares its images in its own way; remove --image"),
        (["slots.toml", "--data", "mine", "--color-mode", "rgb"], "remove --color-mode"),
        (["slots.toml", "--data", "mine", "--set", "network.slots=2"], "2"),
    ],
)
def test_data_of_the_other_kind(own: Path, arguments: list[str], words: str) -> None:
    assert words in refused("train", *arguments, cwd=own)


def test_strings_are_among_the_named_datasets(tmp_path: Path) -> None:
    listed = json.loads(netgain("data", "list", "--json", cwd=tmp_path).stdout)
    assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
    assert NAME in {one["name"] for one in listed}
    assert f"StringDataset '{NAME}': 60,000 training" in netgain("data", "fetch", NAME, cwd=tmp_path).stderr
    assert completing.STRINGS == NAME
    assert NAME in completing.datasets("digit")
