import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.data import load_folder
from netgain.errors import DataError

from .conftest import write_image


def as_set(images: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in images}


def test_classes_are_the_folders_and_each_gives_its_share(image_folder: Path) -> None:
    dataset = load_folder(image_folder)
    assert (dataset.name, dataset.class_names, dataset.image_shape) == ("pets", ("cat", "dog"), (4, 4, 1))
    assert np.bincount(dataset.y_train).tolist() == [8, 8]
    assert np.bincount(dataset.y_test).tolist() == [2, 2]
    assert not as_set(dataset.x_train) & as_set(dataset.x_test)
    assert np.bincount(load_folder(image_folder, test_fraction=0.5).y_test).tolist() == [5, 5]
    with Image.open(image_folder / "cat" / "0.png") as image:
        assert np.asarray(image).tobytes() in as_set(dataset.x_train) | as_set(dataset.x_test)


def test_images_come_mixed(image_folder: Path) -> None:
    labels = load_folder(image_folder).y_train
    assert 2 < np.count_nonzero(np.diff(labels)) < 15


def test_names_decide_nothing(image_folder: Path) -> None:
    digest = load_folder(image_folder).digest
    for file in list((image_folder / "cat").iterdir()):
        file.rename(file.with_name(f"z{100 - int(file.stem)}.png"))
    assert load_folder(image_folder).digest == digest


def test_hidden_files_are_passed_over(image_folder: Path) -> None:
    digest = load_folder(image_folder).digest
    (image_folder / ".hidden").mkdir()
    (image_folder / "README").write_text("text beside the classes")
    (image_folder / "cat" / ".DS_Store").write_text("x")
    (image_folder / "cat" / "Thumbs.db").write_text("x")
    assert load_folder(image_folder).digest == digest


def test_copies_stay_on_one_side(tmp_path: Path) -> None:
    for number in range(12):
        file = write_image(tmp_path / ("a" if number < 6 else "b") / f"{number}.png", number)
        for copy in range(3):
            shutil.copy(file, file.with_name(f"{number}-{copy}.png"))
    shutil.copy(tmp_path / "a" / "0.png", tmp_path / "b" / "other-class.png")
    for fraction in (0.01, 0.1, 0.3, 0.5, 0.9, 0.99):
        dataset = load_folder(tmp_path, test_fraction=fraction)
        assert not as_set(dataset.x_train) & as_set(dataset.x_test)
        assert dataset.num_train + dataset.num_test == 49


def test_parts_that_are_already_divided(tmp_path: Path) -> None:
    for number in range(8):
        part = "train" if number < 6 else "test"
        write_image(tmp_path / part / ("a" if number % 2 else "b") / f"{number}.png", number)
    dataset = load_folder(tmp_path)
    assert (dataset.num_train, dataset.num_test, dataset.class_names) == (6, 2, ("a", "b"))
    shutil.copy(tmp_path / "train" / "a" / "1.png", tmp_path / "test" / "a" / "again.png")
    with pytest.warns(UserWarning, match="1 of the 3 test images .* byte for byte"):
        load_folder(tmp_path)
    write_image(tmp_path / "test" / "new" / "9.png", 9)
    with pytest.raises(DataError, match=r"new' is a class that the folder 'train' has not \(it has a, b\)"):
        load_folder(tmp_path)
    shutil.rmtree(tmp_path / "test")
    (tmp_path / "test").mkdir()
    with pytest.raises(DataError, match="test' holds no images"):
        load_folder(tmp_path)


def test_grey_stays_grey_and_one_colour_makes_all_colour(image_folder: Path) -> None:
    grey_digest = load_folder(image_folder).digest
    for file in list((image_folder / "cat").iterdir())[:3]:
        Image.open(file).convert("RGB").save(file.with_suffix(".bmp"))
        file.unlink()
    grey = load_folder(image_folder)
    assert grey.image_shape == (4, 4, 1), "saved as RGB, but without colour"
    assert grey.digest != grey_digest, "other files are ordered otherwise"
    write_image(image_folder / "dog" / "colour.png", 77, mode="RGB")
    assert load_folder(image_folder).image_shape == (4, 4, 3)


def test_sizes_must_agree_or_be_given(image_folder: Path) -> None:
    write_image(image_folder / "dog" / "wide.png", 5, size=(9, 6))
    with pytest.raises(DataError) as caught:
        load_folder(image_folder)
    for words in ("4x4", "wide.png' is 6x9", "image_size=(28, 28)"):
        assert words in str(caught.value)
    assert load_folder(image_folder, image_size=(6, 3)).image_shape == (6, 3, 1)


def test_what_is_no_folder_of_images(image_folder: Path, tmp_path: Path) -> None:
    lonely, loose, empty, deep = (tmp_path / name for name in ("lonely", "loose", "empty", "deep"))
    write_image(lonely / "a" / "1.png", 1)
    write_image(loose / "1.png", 1)
    write_image(empty / "a" / "1.png", 1)
    (empty / "b").mkdir()
    write_image(deep / "a" / "more" / "1.png", 1)
    (deep / "b").mkdir()
    for path, words in (
        (tmp_path / "absent", "is not a folder"),
        (image_folder / "cat" / "0.png", "is not a folder"),
        (lonely, "only the class 'a', expected at least two"),
        (loose, "has no sub-folder"),
        (empty, "b' holds no images"),
        (deep, "its sub-folders (more, …) are not searched"),
    ):
        with pytest.raises(DataError) as caught:
            load_folder(path)
        assert words in str(caught.value)
        assert str(path) in str(caught.value)


def test_too_few_images_to_hold_one_out(image_folder: Path) -> None:
    file = write_image(image_folder / "rat" / "1.png", 50)
    shutil.copy(file, file.with_name("2.png"))
    with pytest.raises(DataError, match="'rat' has fewer than 2 different images"):
        load_folder(image_folder)
    with pytest.raises(DataError, match=r"between 0 and 1, such as 0\.2; received 1"):
        load_folder(image_folder, test_fraction=1)


def test_a_broken_image_is_named(image_folder: Path) -> None:
    (image_folder / "dog" / "notes.txt").write_text("woof")
    with pytest.raises(DataError, match=r"notes\.txt' cannot be read as an image"):
        load_folder(image_folder)
    (image_folder / "dog" / "notes.txt").unlink()
    Image.fromarray(np.ones((4, 4), np.uint16)).save(image_folder / "dog" / "deep.png")
    with pytest.raises(DataError, match=r"deep\.png' has more than 8 bits"):
        load_folder(image_folder)
