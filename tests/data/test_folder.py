import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from netgain.data import load_folder, split
from netgain.errors import DataError

from .conftest import as_set, write_image


def comment(number: int) -> PngImagePlugin.PngInfo:
    """Makes files differ whose pixels are the same."""
    info = PngImagePlugin.PngInfo()
    info.add_text("number", str(number))
    return info


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


def test_at_least_one_image_of_a_class_tests_and_one_trains(image_folder: Path) -> None:
    for fraction, tested in ((0.01, 1), (0.99, 9)):
        dataset = load_folder(image_folder, test_fraction=fraction)
        assert np.bincount(dataset.y_test).tolist() == [tested, tested]
    digests = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in (image_folder / "cat").iterdir()}
    last = np.asarray(Image.open(digests[max(digests)]))
    np.testing.assert_array_equal(dataset.x_train[dataset.y_train == 0][0, :, :, 0], last)
    for name in ("cat", "dog"):
        for file in sorted((image_folder / name).iterdir())[2:]:
            file.unlink()
    two = load_folder(image_folder)
    assert np.bincount(two.y_test).tolist() == np.bincount(two.y_train).tolist() == [1, 1]


def test_parts_that_are_already_divided(tmp_path: Path) -> None:
    for number in range(8):
        part = "train" if number < 6 else "test"
        write_image(tmp_path / part / ("a" if number % 2 else "b") / f"{number}.png", number)
    dataset = load_folder(tmp_path)
    assert (dataset.num_train, dataset.num_test, dataset.class_names) == (6, 2, ("a", "b"))
    shutil.copy(tmp_path / "train" / "a" / "1.png", tmp_path / "test" / "a" / "again.png")
    found = "1 of the 3 test images in '.*' are training images too, byte for byte, such as '.*test/a/again.png'"
    with pytest.warns(UserWarning, match=found) as caught:
        load_folder(tmp_path)
    assert f"images in {str(tmp_path)!r} are" in str(caught[0].message)
    write_image(tmp_path / "test" / "new" / "9.png", 9)
    with pytest.raises(DataError, match=r"new' is a class that is not in the folder 'train' \(it has a, b\)"):
        load_folder(tmp_path)
    shutil.rmtree(tmp_path / "test")
    (tmp_path / "test").mkdir()
    with pytest.raises(DataError, match="test' has no images"):
        load_folder(tmp_path)


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
        (empty, "b' has no images"),
        (deep, "a' has 0 files and the sub-folders 'more' with 1 files, which are not searched"),
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
    for fraction in (0, 1):
        with pytest.raises(DataError, match=rf"between 0 and 1, such as 0\.2; received {fraction}"):
            load_folder(image_folder, test_fraction=fraction)


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
    (tmp_path / names[2] / "a" / "again.png").unlink()
    shutil.copy(next((tmp_path / names[0] / "b").iterdir()), tmp_path / names[1] / "b" / "again.png")
    with pytest.warns(UserWarning, match="1 of the 13 validation images .* are training images too"):
        load_folder(tmp_path)


def test_parts_that_are_missing_or_there_twice(image_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(image_folder, tmp_path / "parts" / "train")
    with pytest.raises(
        DataError, match="parts' has 'train' but no folder 'test'; .*'val' if you like: put some images"
    ):
        load_folder(tmp_path / "parts")
    shutil.copytree(image_folder, tmp_path / "parts" / "val")
    with pytest.raises(DataError) as caught:
        load_folder(tmp_path / "parts")
    for words in (
        "'train', 'val' but no folder 'test'",
        "rename 'val' to 'test' if",
        "parts/train'; a fifth of it is then held out",
    ):
        assert words in str(caught.value)
    shutil.copytree(image_folder, tmp_path / "alone" / "val")
    with pytest.raises(DataError, match="'val' but no folder 'train'; .* rename 'val' to 'train' if"):
        load_folder(tmp_path / "alone")
    (tmp_path / "parts" / "val").rename(tmp_path / "parts" / "test")
    shutil.copytree(image_folder, tmp_path / "parts" / "Test")
    with pytest.raises(
        DataError, match="parts' has the folders 'Test', 'test', 'train', two of them for the same part"
    ):
        load_folder(tmp_path / "parts")
    (tmp_path / "parts" / "Test").rename(tmp_path / "parts" / "extra")
    with pytest.raises(
        DataError, match="parts' has the folders 'extra', 'test', 'train'; expected .*: move 'extra' away"
    ):
        load_folder(tmp_path / "parts")
    for name in ("bus", "train", "test"):
        shutil.copytree(image_folder / "cat", tmp_path / "vehicles" / name)
    with pytest.warns(UserWarning, match="in two classes"):
        assert load_folder(tmp_path / "vehicles").class_names == ("bus", "test", "train")


def test_the_same_file_in_two_classes(image_folder: Path) -> None:
    for number, counted in ((3, "1 image in"), (4, "2 images in")):
        shutil.copy(image_folder / "cat" / f"{number}.png", image_folder / "dog" / f"copy{number}.png")
        with pytest.warns(UserWarning, match="in two classes") as caught:
            load_folder(image_folder)
        for words in (f"{counted} two classes", "cat/", "(cat) and ", "dog/copy", "(dog)"):
            assert words in str(caught[0].message)


def test_files_as_dark_as_labels(tmp_path: Path) -> None:
    for number in range(12):
        path = tmp_path / ("a" if number % 2 else "b") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.full((4, 4), number + 5, np.uint8)).save(path)
    with pytest.warns(UserWarning, match=r"no pixel .* is brighter than 16 of 255: .* by 15\.94") as caught:
        assert load_folder(tmp_path).x_train.max() <= 16
    assert str(tmp_path) in str(caught[0].message)


def test_black_images(tmp_path: Path) -> None:
    for number, part in enumerate(("train", "train", "test")):
        path = tmp_path / part / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True)
        Image.new("L", (4, 4)).save(path, pnginfo=comment(number))
    with pytest.warns(UserWarning, match="brighter than 0 of 255: if 1 means white .* of every image by 255 "):
        assert load_folder(tmp_path).num_test == 1
