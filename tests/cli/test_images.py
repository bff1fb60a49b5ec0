"""A stranger's images on the command line: photos of any size, files in odd orders, and every wrong input."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.phone_photos import ORIENTATION, write_photos

from netgain.cli.images import parse_image_size
from netgain.data import Dataset, load_dataset
from netgain.errors import RecipeError
from netgain.runs.store import Store

from .program import netgain, refused

SMALL = ["--image-size", "16", "--set", "epochs=1", "--set", "network.dense=[8]"]


def test_a_study_on_a_folder_of_phone_photos(tmp_path: Path) -> None:
    """The README's example, with fewer and smaller photos."""
    write_photos(tmp_path / "photos", 40, scale=0.05)
    command = ["convnet-deep", "--data", "photos", *SMALL]
    done = netgain("study", *command, "--seeds", "2", "--workers", "1", "-o", "page.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = " ".join(done.stdout.split())
    assert "convnet-deep against baseline on the 8 test images of photos (2 seeds each)" in printed
    page = (tmp_path / "page.html").read_text()
    assert "netgain study convnet-deep --seeds 2 --data photos --image-size 16 --set epochs=1" in page
    assert "# The dataset was read into memory: replace its name with its file or folder." in page
    said = refused("report", *command, "--color-mode", "grayscale", cwd=tmp_path)
    assert "has no runs with these options for convnet-deep" in said
    again = netgain("report", *command, "--seeds", "2", cwd=tmp_path)
    assert again.returncode == 0, again.stderr


def test_photos_lie_as_the_camera_was_held(tmp_path: Path) -> None:
    write_photos(tmp_path, 40, scale=0.1)
    found = set()
    for file in tmp_path.rglob("*.jpg"):
        with Image.open(file) as photo:
            found.add((photo.size, photo.getexif()[ORIENTATION]))
    assert len({size for size, _ in found}) > 4
    assert {orientation for _, orientation in found} == {1, 3, 6, 8}
    dataset = load_dataset(tmp_path, image_size=16)
    assert (dataset.num_train, dataset.num_test, dataset.class_names) == (32, 8, ("discs", "squares"))


def test_named_images_in_another_size(tmp_path: Path) -> None:
    options = ["--data", "digits", "--image-size", "12x10", "--color-mode", "rgb", "--set", "epochs=1", "--json"]
    done = netgain("train", "small-sample", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["dataset"]["name"] == "digits (12x10 rgb)"
    assert found["dataset"]["digest"] == load_dataset("digits", image_size=(12, 10), color_mode="rgb").digest


def save_sorted_digits(path: Path) -> None:
    digits = load_dataset("digits")
    order = np.argsort(digits.y_train, kind="stable")
    Dataset(digits.x_train[order], digits.y_train[order], digits.x_test, digits.y_test).save(path)


def test_a_file_that_is_sorted_by_class(tmp_path: Path) -> None:
    """With a validation part of 130 images it had 21.9 %, mixed 72.8 %, and exit code 0."""
    save_sorted_digits(tmp_path / "sorted.npz")
    command = ["train", "small-sample", "--data", "sorted.npz", "--set", "early_stopping={patience=3}", "--set",
               "validation_size=130", "--set", "optimizer=adam", "--set", "epochs=6"]  # fmt: skip
    for size, words in (("500", "none of the classes 4, 5, 6, 7, 8 and 1 more"), ("1300", "all of the class '9'")):
        said = refused(*command, "--set", f"train_size={size}", cwd=tmp_path)
        assert words in said
        assert "--set split=stratified" in said
    assert not Store(tmp_path / "netgain.db").num_runs()
    mixed = netgain(*command, "--set", "split=stratified", "--json", cwd=tmp_path)
    assert mixed.returncode == 0, mixed.stderr
    assert "validation" not in mixed.stderr
    assert json.loads(mixed.stdout)["verdicts"][0]["accuracy"] > 60


def test_a_warning_is_shown_once(tmp_path: Path) -> None:
    options = ["--data", "digits", "--set", "validation_size=8", "--set", "epochs=1", "--seeds", "2", "--workers", "1"]
    done = netgain("train", "small-sample", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the 8 validation images have none of the classes ") == 1


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A folder with images that cannot be used."""
    digits = load_dataset("digits")
    for name, width in (("a", 5), ("b", 6)):
        for folder in ("mixed", "text", "parts/train", "parts/val"):
            (tmp_path / folder / name).mkdir(parents=True)
            Image.fromarray(digits.x_test[width, :, :width, 0]).save(tmp_path / folder / name / "1.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "text" / "b" / "note.txt").write_text("no image")
    x_train, x_test = digits.x_train // 16, digits.x_test // 16
    np.savez(tmp_path / "dark.npz", x_train=x_train, y_train=digits.y_train, x_test=x_test, y_test=digits.y_test)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("train small-sample --image-size abc", "--image-size: must be a number of pixels such as 28, or HEIGHTxWIDTH"),
        ("study dropout --image-size 28x", "received '28x'"),
        ("ladder --image-size 1x2x3", "received '1x2x3'"),
        ("report --image-size abc", "received 'abc'"),
        ("study slow-learning --image-size 28", "does not train a recipe, so it has no such setting"),
        ("train small-sample --data digits --image-size 0", "must be in whole pixels, 1 to 10,000"),
        ("train small-sample --data digits --image-size 28x0", "received (28, 0)"),
        ("train small-sample --data digits --color-mode grey", "must be 'grayscale' or 'rgb', or be omitted"),
        ("train small-sample --data nowhere/photos", "there is no file or folder 'nowhere/photos'"),
        ("train small-sample --data empty", "'empty' has no sub-folder"),
        ("train small-sample --data mixed", "stretch all of them to one with --image-size 64"),
        ("train small-sample --data text --image-size 8", "note.txt' cannot be read as an image"),
        ("train small-sample --data parts", "'train', 'val' but no folder 'test'"),
        ("train small-sample --data dark.npz", "value_range=[0, 15]"),
        ("train small-sample --data digits --set split=mixed", "split: must be 'ordered' or 'stratified'"),
        ("train small-sample --data digits --set train_size=5", "none of the classes 5, 6, 7, 8, 9"),
    ],
)
def test_every_wrong_input_is_one_message(wrong: Path, command: str, words: str) -> None:
    said = refused(*command.split(), cwd=wrong)
    assert words in said
    assert said.count("\n") == 1
    assert not (wrong / "netgain.db").exists() or not Store(wrong / "netgain.db").num_runs()


@pytest.mark.parametrize("text", ["", "x", "28x", "x28", "-1", "2.5", "28x28x3", "28,28"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(RecipeError, match="--image-size"):
        parse_image_size(text)
