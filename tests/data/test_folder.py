import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netgain.data import load_dataset, load_folder, split
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
    for fraction in (0.01, 0.1, 0.3, 0.5, 0.9, 0.99):
        dataset = load_folder(tmp_path, test_fraction=fraction)
        assert not as_set(dataset.x_train) & as_set(dataset.x_test)
        assert dataset.num_train + dataset.num_test == 48


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
    for words in ("4x4", "wide.png' is 6x9", "--image-size 64", "netgain.load_dataset(path, image_size=64)"):
        assert words in str(caught.value)
    assert load_folder(image_folder, image_size=(6, 3)).image_shape == (6, 3, 1)
    assert load_dataset(image_folder, image_size=7).image_shape == (7, 7, 1)


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
        (deep, "a' holds 0 files and the sub-folders 'more' with 1 files, which are not searched"),
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


def test_images_that_would_be_left_out_are_named(image_folder: Path) -> None:
    """5 images were used of 55, and 6 of 10, without a word."""
    for number in range(50):
        write_image(image_folder / "cat" / "more" / f"{number}.png", 100 + number)
    with pytest.raises(DataError) as caught:
        load_folder(image_folder)
    for words in ("cat' holds 10 files and the sub-folders 'more' with 50 files", "move their images up"):
        assert words in str(caught.value)
    shutil.rmtree(image_folder / "cat" / "more")
    (image_folder / "cat" / "empty").mkdir()
    (image_folder / "cat" / "empty" / ".DS_Store").write_text("x")
    assert load_folder(image_folder).num_train == 16
    for number in range(4):
        (image_folder / "cat" / f"link{number}.png").symlink_to("nowhere.png")
    with pytest.raises(DataError, match=r"4 of the 15 entries of '.*cat' are links to files .* such as 'link0.png'"):
        load_folder(image_folder)


def test_a_class_behind_a_broken_link_and_images_beside_the_classes(image_folder: Path) -> None:
    (image_folder / "fish").symlink_to("nowhere")
    with pytest.raises(DataError, match=r"1 of the 3 entries of '.*pets' are links to files that are not there"):
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


@pytest.mark.parametrize(
    "names", [("train", "val", "test"), ("Training", "VALID", "testing"), ("train", "validation", "test")]
)
def test_a_validation_folder_is_the_datasets_own_validation_part(tmp_path: Path, names: tuple[str, ...]) -> None:
    for number in range(60):
        part = names[0] if number < 30 else names[1] if number < 42 else names[2]
        write_image(tmp_path / part / ("a" if number % 3 else "b") / f"{number}.png", number)
    dataset = load_folder(tmp_path)
    assert (dataset.num_train, dataset.num_validation, dataset.num_test) == (30, 12, 18)
    held = as_set(np.stack([np.asarray(Image.open(file))[..., None] for file in (tmp_path / names[1]).rglob("*.png")]))
    parts = split(dataset, None, 12)
    assert as_set(parts.x_validation) == held
    assert not as_set(parts.x_train) & held
    shutil.copy(next((tmp_path / names[1] / "a").iterdir()), tmp_path / names[2] / "a" / "again.png")
    with pytest.warns(UserWarning, match="1 of the 19 test images .* are validation images too"):
        load_folder(tmp_path)


def test_parts_that_are_missing_or_there_twice(image_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(image_folder, tmp_path / "parts" / "train")
    shutil.copytree(image_folder, tmp_path / "parts" / "val")
    with pytest.raises(DataError) as caught:
        load_folder(tmp_path / "parts")
    for words in ("'train', 'val' but no folder 'test'", "rename 'val' to 'test' if", "parts/train', of which a fifth"):
        assert words in str(caught.value)
    (tmp_path / "parts" / "val").rename(tmp_path / "parts" / "test")
    shutil.copytree(image_folder, tmp_path / "parts" / "Test")
    with pytest.raises(DataError, match="folders 'Test', 'test', 'train', two of them for the same part"):
        load_folder(tmp_path / "parts")
    (tmp_path / "parts" / "Test").rename(tmp_path / "parts" / "extra")
    with pytest.raises(DataError, match="folders 'extra', 'test', 'train'; expected .*: move 'extra' away"):
        load_folder(tmp_path / "parts")
    for name in ("bus", "train", "test"):
        shutil.copytree(image_folder / "cat", tmp_path / "vehicles" / name)
    with pytest.warns(UserWarning, match="in two classes"):
        assert load_folder(tmp_path / "vehicles").class_names == ("bus", "test", "train")


def test_the_same_file_in_two_classes(image_folder: Path) -> None:
    for number in (3, 4):
        shutil.copy(image_folder / "cat" / f"{number}.png", image_folder / "dog" / f"copy{number}.png")
    with pytest.warns(UserWarning, match="in two classes") as caught:
        load_folder(image_folder)
    message = str(caught[0].message)
    for words in ("2 images in two classes", "cat/", "(cat) and ", "dog/copy", "(dog)"):
        assert words in message


def test_files_of_several_frames(image_folder: Path) -> None:
    frames = [Image.fromarray(np.full((4, 4), value, np.uint8)) for value in (10, 250)]
    frames[0].save(image_folder / "cat" / "a.gif", save_all=True, append_images=frames[1:])
    frames[0].save(image_folder / "dog" / "b.tiff", save_all=True, append_images=frames[1:])
    frames[0].save(image_folder / "dog" / "one.gif")
    with pytest.warns(UserWarning, match=r"2 files with several frames or pages, such as '.*a\.gif'"):
        dataset = load_folder(image_folder)
    assert sum(image.max() == 10 for image in [*dataset.x_train, *dataset.x_test]) == 3
    preview = Image.fromarray(np.full((4, 4), 99, np.uint8))
    for file in (image_folder / "cat" / "a.gif", image_folder / "dog" / "b.tiff"):
        file.unlink()
    preview.save(image_folder / "cat" / "photo.jpg", "MPO", save_all=True, append_images=[preview.resize((2, 2))])
    assert load_folder(image_folder).num_train == 18, "a photo with a small copy of itself is one photo"


def test_files_as_dark_as_labels(tmp_path: Path) -> None:
    for number in range(12):
        path = tmp_path / ("a" if number % 2 else "b") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.full((4, 4), number + 5, np.uint8)).save(path)
    with pytest.warns(UserWarning, match=r"no pixel .* is brighter than 16 of 255: .* by 15\.94"):
        assert load_folder(tmp_path).x_train.max() <= 16


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


@pytest.mark.parametrize("image_size", [0, -3, 2.5, (3,), (3, 4, 5), "28", (0, 28), 10_001])
def test_what_is_no_image_size(image_folder: Path, image_size: Any) -> None:
    for spec in (image_folder, "digits"):
        with pytest.raises(DataError, match=r"whole pixels, 1 to 10,000: .* such as \(48, 64\), .* received"):
            load_dataset(spec, image_size=image_size)
        with pytest.raises(DataError, match="must be 'grayscale' or 'rgb', .* received 'grey'"):
            load_dataset(spec, color_mode="grey")  # pyright: ignore[reportArgumentType]
