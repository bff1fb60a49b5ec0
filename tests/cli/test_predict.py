"""`netgain predict` with right and wrong pictures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.photos import photo

from netgain.data import load_dataset
from netgain.networks.families.mlp import MLP
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe

from .program import Done, netgain

MNIST = load_dataset("mnist")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network of MNIST's digits, two photos of digits and what is not a digit."""
    folder = tmp_path_factory.mktemp("predict")
    run = train(Recipe(dataset="mnist", train_size=3000, network=MLP(hidden=(60,)), optimizer="adam", epochs=8), 0)
    (folder / "m.keras").write_bytes(run.model)
    for number, name in ((0, "seven.jpg"), (3, "zero.jpg")):
        content = photo(MNIST.x_test[number, :, :, 0], np.random.default_rng(number), falloff=90)
        (folder / name).write_bytes(content)
    two = [np.pad(MNIST.x_test[number, :, :, 0], 20) for number in (0, 2)]
    Image.fromarray(255 - np.hstack(two)).save(folder / "two.png")
    Image.new("L", (100, 100), 200).save(folder / "blank.png")
    (folder / "text.png").write_text("I am not an image")
    (folder / "folder.png").mkdir()
    Image.new("1", (20_000, 10_000)).save(folder / "large.png")
    return folder


def predict(*arguments: str, cwd: Path) -> Done:
    done = netgain("predict", *arguments, cwd=cwd)
    assert "Traceback" not in done.stderr
    return done


def test_photos_are_answered_and_shown(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    done = predict("m.keras", "seven.jpg", "zero.jpg", "--show", str(sheet), cwd=folder)
    assert done.returncode == 0, done.stderr
    assert [line[:12] for line in done.stdout.splitlines()] == ["seven.jpg: 7", "zero.jpg: 0 "]
    assert done.stderr == f"What the network saw is in {sheet}.\n"
    with Image.open(sheet) as image:
        assert image.width > image.height > 196
        assert np.asarray(image.convert("L")).min() == 0


def test_printed_probabilities_sum_to_one(folder: Path) -> None:
    """The network ends with a softmax; the same one with sigmoids gives separate scores."""
    import keras

    network: Any = keras.models.load_model(folder / "m.keras")
    network.layers[-1].activation = keras.activations.sigmoid
    network.save(folder / "sigmoids.keras")
    separate = predict("sigmoids.keras", "seven.jpg", "--as", "digit", cwd=folder).stdout
    assert re.search(r"separate yes-or-no scores, which need not sum to one: 7 [01]\.", separate)
    said = predict("m.keras", "seven.jpg", "zero.jpg", cwd=folder).stdout
    for line in said.splitlines():
        numbers = re.findall(r"\d\.\d{3}", line)
        assert len(numbers) == 4
        assert sum(int(number.replace(".", "")) for number in numbers) == 1000
        assert "others " in line
    found = json.loads(predict("m.keras", "seven.jpg", "--json", cwd=folder).stdout)
    assert found[0]["scores_sum_to_one"] is True
    assert sum(found[0]["scores"].values()) == pytest.approx(1, abs=1e-5)


def test_what_cannot_be_answered_is_said_and_the_rest_is_answered(folder: Path) -> None:
    wrong = ["blank.png", "text.png", "folder.png", "missing.png", "large.png"]
    done = predict("m.keras", "seven.jpg", *wrong, "two.png", "--json", cwd=folder)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [one["image"] for one in found] == ["seven.jpg", *wrong, "two.png"]
    assert found[0]["class"] == "7"
    assert found[0]["doubts"] == []
    assert found[0]["scores"]["7"] == max(found[0]["scores"].values())
    said = ("differs from its background", "cannot be read as", "Is a directory", "No such file", "200 million")
    for one, words in zip(found[1:6], said, strict=True):
        assert words in one["error"]
        assert f"netgain: {one['error']}\n" in done.stderr
        assert "class" not in one
    assert "2 separate objects" in found[6]["doubts"][0]
    assert "two.png: the answer may be wrong: there are 2 separate objects" in done.stderr


def test_as_a_photo_on_demand(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    done = predict("m.keras", "seven.jpg", "--as", "photo", "--show", str(sheet), cwd=folder)
    assert done.returncode == 0, done.stderr
    with Image.open(sheet) as image:
        assert np.asarray(image.convert("L"))[30:190, 30:190].mean() > 100  # the paper is still pale


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["m.keras", "seven.jpg", "--show", "folder.png"], "it is a folder"),
        (["m.keras", "seven.jpg", "--show", "sheet.jpg"], "must end in .png"),
        (["m.keras", "seven.jpg", "--show", "nowhere/sheet.png"], "its folder is missing"),
        (["m.keras", "two.png", "--show", "./two.png"], "would be overwritten"),
        (["m.keras", "seven.jpg", "--as", "drawing"], "drawing"),
        (["missing.keras", "seven.jpg"], "no file"),
        (["text.png", "seven.jpg"], "text.png"),
        (["m.keras"], "Missing argument"),
    ],
)
def test_refused_before_anything_is_answered(folder: Path, arguments: list[str], words: str) -> None:
    before = (folder / "two.png").read_bytes()
    done = predict(*arguments, cwd=folder)
    assert done.returncode != 0
    assert done.stdout == ""
    assert words in " ".join(done.stderr.split())
    assert (folder / "two.png").read_bytes() == before


def test_no_sheet_where_nothing_was_answered(folder: Path, tmp_path: Path) -> None:
    done = predict("m.keras", "blank.png", "--show", str(tmp_path / "sheet.png"), cwd=folder)
    assert done.returncode == 1
    assert "was not written" in done.stderr
    assert list(tmp_path.iterdir()) == []
