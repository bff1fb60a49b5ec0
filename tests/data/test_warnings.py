"""Each warning points at the line of the user's program that called netgain.

They have a file of their own, since `python -m mutants` puts a call of its own between the two.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.data import Dataset, load_folder, load_npz, warn_of_split

from .conftest import write_image


def warned_of(folder: Path, words: str) -> None:
    with pytest.warns(UserWarning, match=words) as caught:
        load_folder(folder)
    assert caught[0].filename == __file__


def test_of_a_folder(image_folder: Path) -> None:
    write_image(image_folder / "loose.png", 1000)
    warned_of(image_folder, "not used")
    (image_folder / "loose.png").unlink()
    shutil.copy(image_folder / "cat" / "3.png", image_folder / "dog" / "copy.png")
    warned_of(image_folder, "in two classes")
    (image_folder / "dog" / "copy.png").unlink()
    for part in ("train", "test"):
        shutil.copytree(image_folder, image_folder.parent / "parts" / part)
    warned_of(image_folder.parent / "parts", "byte for byte")
    frames = [Image.fromarray(np.full((4, 4), value, np.uint8)) for value in (10, 250)]
    frames[0].save(image_folder / "cat" / "a.gif", save_all=True, append_images=frames[1:])
    warned_of(image_folder, "several frames")


def test_of_a_dark_folder(tmp_path: Path) -> None:
    for number in range(8):
        path = tmp_path / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.full((4, 4), number, np.uint8)).save(path)
    warned_of(tmp_path, "no pixel")


def test_of_an_npz_file(tmp_path: Path, small: Dataset) -> None:
    arrays = {name: getattr(small, name) for name in ("x_train", "y_train", "x_test", "y_test")}
    np.savez(tmp_path / "more.npz", **arrays, x_val=small.x_test)
    with pytest.warns(UserWarning, match="also has") as caught:
        load_npz(tmp_path / "more.npz")
    assert caught[0].filename == __file__


def test_of_a_split(small: Dataset) -> None:
    own = Dataset(
        small.x_train, small.y_train, small.x_test, small.y_test, x_validation=small.x_test, y_validation=small.y_test
    )
    for dataset, validation_size, words in (
        (small, 2, "validation images lack the class a"),
        (own, 0, "which is not used"),
    ):
        with pytest.warns(UserWarning, match=words) as caught:
            warn_of_split(dataset, None, validation_size)
        assert caught[0].filename == __file__
