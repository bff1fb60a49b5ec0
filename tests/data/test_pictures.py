"""What is read of a folder's files, through the dataset that is made of them."""

import errno
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.data import load_dataset, load_folder
from netgain.errors import DataError

from .conftest import as_set, write_image


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
    for words in (
        "cat/0.png' is 4x4",
        "wide.png' is 6x9",
        "--image-size 64",
        "netgain.load_dataset(path, image_size=64)",
    ):
        assert words in str(caught.value)
    assert load_folder(image_folder, image_size=(6, 3)).image_shape == (6, 3, 1)
    assert load_dataset(image_folder, image_size=7).image_shape == (7, 7, 1)


def test_a_broken_image_is_named(image_folder: Path) -> None:
    (image_folder / "dog" / "notes.txt").write_text("woof")
    with pytest.raises(DataError, match=r"notes\.txt' cannot be read as an image"):
        load_folder(image_folder)
    (image_folder / "dog" / "notes.txt").unlink()
    Image.fromarray(np.ones((4, 4), np.uint16)).save(image_folder / "dog" / "deep.png")
    with pytest.raises(DataError, match=r"deep\.png' has more than 8 bits"):
        load_folder(image_folder)


def test_images_that_would_be_left_out_are_named(image_folder: Path) -> None:
    """5 images were used of 55, and 6 of 10, without a word."""
    for number in range(50):
        write_image(image_folder / "cat" / "more" / f"{number}.png", 100 + number)
    with pytest.raises(DataError) as caught:
        load_folder(image_folder)
    for words in ("cat' has 10 files and the sub-folders 'more' with 50 files", "move their images into its folder"):
        assert words in str(caught.value)
    shutil.rmtree(image_folder / "cat" / "more")
    (image_folder / "cat" / "empty").mkdir()
    for name in (".DS_Store", "Thumbs.db"):
        (image_folder / "cat" / "empty" / name).write_text("x")
    assert load_folder(image_folder).num_train == 16
    for number in range(4):
        (image_folder / "cat" / f"link{number}.png").symlink_to("nowhere.png")
    with pytest.raises(
        DataError, match=r"4 of the 15 entries of '.*cat' are links to missing files, such as 'link0.png'"
    ):
        load_folder(image_folder)


@pytest.mark.parametrize(("number", "more"), [(3, ", which"), (4, ", …, which")])
def test_of_many_sub_folders_three_are_named(image_folder: Path, number: int, more: str) -> None:
    for name in "abcd"[:number]:
        write_image(image_folder / "cat" / name / "1.png", 100)
    with pytest.raises(DataError) as caught:
        load_folder(image_folder)
    assert f"the sub-folders 'a' with 1 files, 'b' with 1 files, 'c' with 1 files{more}" in str(caught.value)


def test_a_folder_that_cannot_be_read(image_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(DataError, match="the folder '.*pets' cannot be read: Permission denied"):
        load_folder(image_folder)


def test_a_class_behind_a_broken_link_and_images_beside_the_classes(image_folder: Path) -> None:
    (image_folder / "fish").symlink_to("nowhere")
    with pytest.raises(DataError, match=r"1 of the 3 entries of '.*pets' are links to missing files"):
        load_folder(image_folder)
    (image_folder / "fish").unlink()
    linked = image_folder.parent / "elsewhere"
    shutil.copytree(image_folder / "dog", linked)
    shutil.rmtree(image_folder / "dog")
    (image_folder / "dog").symlink_to(linked)
    assert load_folder(image_folder).class_names == ("cat", "dog")
    write_image(image_folder / "loose.PNG", 1000)
    with pytest.warns(UserWarning, match=r"1 image file in '.*pets', such as 'loose.PNG', not used"):
        load_folder(image_folder)
    write_image(image_folder / "more.png", 1001)
    with pytest.warns(UserWarning, match=r"2 image files in '.*pets', such as 'loose.PNG', not used"):
        load_folder(image_folder)


def test_files_of_several_frames(image_folder: Path) -> None:
    frames = [Image.fromarray(np.full((4, 4), value, np.uint8)) for value in (10, 250)]
    frames[0].save(image_folder / "cat" / "a.gif", save_all=True, append_images=frames[1:])
    frames[0].save(image_folder / "dog" / "b.tiff", save_all=True, append_images=frames[1:])
    frames[0].save(image_folder / "dog" / "one.gif")
    with pytest.warns(UserWarning, match=r"2 files with several frames or pages, such as '.*a\.gif'"):
        dataset = load_folder(image_folder)
    assert sum(image.max() == 10 for image in [*dataset.x_train, *dataset.x_test]) == 3
    preview = Image.fromarray(np.full((4, 4), 99, np.uint8))
    (image_folder / "cat" / "a.gif").unlink()
    with pytest.warns(UserWarning, match=r"^1 file with several frames"):
        load_folder(image_folder)
    (image_folder / "dog" / "b.tiff").unlink()
    preview.save(image_folder / "cat" / "photo.jpg", "MPO", save_all=True, append_images=[preview.resize((2, 2))])
    assert load_folder(image_folder).num_train == 18, "a photo with a small copy of itself is one photo"


@pytest.mark.parametrize("image_size", [None, 3])
def test_colour_is_kept_or_converted(image_folder: Path, image_size: int | None) -> None:
    grey = load_folder(image_folder, image_size=image_size)
    as_rgb = load_folder(image_folder, image_size=image_size, color_mode="rgb")
    np.testing.assert_array_equal(as_rgb.x_train, grey.x_train.repeat(3, axis=3))
    write_image(image_folder / "dog" / "colour.png", 77, mode="RGB")
    kept = load_folder(image_folder, image_size=image_size)
    assert kept.image_shape[2] == 3
    with Image.open(image_folder / "cat" / "0.png") as image:
        pixels = np.asarray(image.resize((3, 3), Image.Resampling.BILINEAR) if image_size else image)
    assert np.stack([pixels] * 3, axis=2).tobytes() in as_set(kept.x_train) | as_set(kept.x_test)
    assert load_folder(image_folder, image_size=image_size, color_mode="grayscale").image_shape[2] == 1
