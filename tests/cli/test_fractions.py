"""`netgain fractions` with recipes and files, right and wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.data import load_dataset

from .program import netgain, refused

DIGITS = load_dataset("digits")
RECIPE = ["small-sample", "--data", "digits", "--set", "train_size=900", "--set", "epochs=4", "--workers", "1"]
VALIDATED = [*RECIPE, "--set", "validation_size=500"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a trained network, images without labels, and images that cannot be used."""
    folder = tmp_path_factory.mktemp("fractions")
    done = netgain("train", *VALIDATED, "--save", "m.keras", cwd=folder)
    assert done.returncode == 0, done.stderr
    for name in ("mine", "broken", "few"):
        (folder / name).mkdir()
        for number in range(3 if name == "few" else 40):
            Image.fromarray(DIGITS.x_test[number, :, :, 0]).save(folder / name / f"{number}.png")
    (folder / "broken" / "text.png").write_text("I am not an image")
    (folder / "empty").mkdir()
    np.savez(folder / "large.npz", images=np.full((20, 28, 28), 255, np.uint8))
    np.savez(folder / "unused.npz", images=DIGITS.x_train[900:], labels=DIGITS.y_train[900:])
    np.savez(folder / "six.npz", images=DIGITS.x_train[900:], labels=np.minimum(DIGITS.y_train[900:], 6))
    return folder


def test_a_recipe_is_trained_once_and_its_seeds_count_as_one_classifier(folder: Path) -> None:
    arguments = ["fractions", VALIDATED[0], "digits", *VALIDATED[1:], "--seeds", "2"]
    done = netgain(*arguments, "--nuisance", "rotation=N(0,5)", "-o", "chart.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "Classifier: small-sample (one classifier: the mean score of 2 networks)" in done.stdout
    assert "Target: population" in done.stdout
    assert "± data ± templates ± systematics" in done.stdout
    assert "Nuisance rotation=N(0,5): fitted" in done.stdout
    assert (folder / "chart.html").read_text().count("<svg") == 4
    again = netgain(*arguments, "--target", "sample", "--json", "-o", "chart.png", cwd=folder)
    assert "2 of 2 networks came from netgain.db" in again.stderr
    found = json.loads(again.stdout)
    assert (found["target"], found["images"], found["template_images"]) == ("sample", 360, 500)
    assert sum(row["fraction"] for row in found["classes"]) == pytest.approx(100)
    assert all("truth" in row for row in found["classes"])
    assert np.shape(found["correlation"]) == (10, 10)
    assert (folder / "chart.png").stat().st_size > 10_000


def test_a_file_and_a_folder_of_pictures(folder: Path) -> None:
    done = netgain("fractions", "m.keras", "mine", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Class fractions of the 40 pictures in the folder 'mine'\n")
    assert "true" not in done.stdout
    with_templates = netgain("fractions", "m.keras", "digits", "--templates", "unused.npz", cwd=folder)
    assert "Templates: the 537 images in 'unused.npz'" in with_templates.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["small-sample", "digits", *RECIPE[1:]], "has no validation part, .*validation_size=10000.* --templates"),
        (["m.keras", "digits", "--templates", "six.npz"], "have no image of the classes 7, 8, 9"),
        (["m.keras", "few"], "the 3 pictures in the folder 'few' are fewer than the 10 classes"),
        (["m.keras", "large.npz"], "have the shape 28x28x1 .* the network takes 8x8x1"),
        (["m.keras", "digits", "--templates", "digits:train"], "trained the network 'm.keras', so they cannot be"),
        (["m.keras", "digits", "--templates", "digits"], "say which part of 'digits' is meant"),
        (["basline", "digits"], "there is no recipe 'basline'; did you mean 'baseline'"),
        (["absent.keras", "digits"], r"there is no file 'absent\.keras'"),
        (["m.keras", "digits", "--nuisance", "rotaton=N(0,5)"], "there is no shift 'rotaton'; did you mean 'rotation'"),
        (["m.keras", "digits", "--nuisance", "blur=0.5"], "blur=0.5 has no width"),
        (["m.keras", "empty"], "there are no pictures in the folder 'empty'"),
        (["m.keras", "broken"], r"1 of the 41 pictures .*text\.png.* cannot be read as an image"),
        (["m.keras", "absent"], "there are no images 'absent'"),
        (["m.keras", "digits", "--seeds", "3"], "a .keras file is trained already"),
        (["small-sample", "digits", "--as", "digit"], "are for .keras files"),
        (["m.keras", "digits", "-o", "chart.pdf"], r"must end in \.png .* or \.html"),
    ],
)  # fmt: skip
def test_wrong_input_gives_one_clear_message(arguments: list[str], words: str, folder: Path) -> None:
    said = refused("fractions", *arguments, cwd=folder)
    assert said.startswith("netgain: ")
    assert said.count("\n") == 1
    assert re.search(words, said), said
