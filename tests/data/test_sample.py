"""Samples: images whose classes need not be known, from folders, files, datasets and arrays."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.data import Dataset, ImageForm, load_dataset
from netgain.data.sample import Sample, read_sample
from netgain.errors import DataError

DIGITS = load_dataset("digits")
FORM = ImageForm.of(DIGITS)
NAMES = DIGITS.class_names


def read(spec: object, **options: object) -> Sample:
    return read_sample(spec, FORM, NAMES, **options)  # pyright: ignore


def write(folder: Path, numbers: range, *, by_class: bool) -> Path:
    for number in numbers:
        place = folder / str(DIGITS.y_test[number]) if by_class else folder
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(DIGITS.x_test[number, :, :, 0]).save(place / f"{number:03}.png")
    return folder


def test_pictures_of_a_flat_folder_have_no_labels_and_are_prepared_as_predict_does(tmp_path: Path) -> None:
    sample = read(write(tmp_path / "mine", range(12), by_class=False))
    assert (sample.name, sample.labels, len(sample)) == ("the 12 pictures in the folder 'mine'", None, 12)
    np.testing.assert_array_equal(sample.images, DIGITS.x_test[:12])


def test_class_folders_give_labels_by_their_names(tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", range(20), by_class=True)
    sample = read(str(folder))
    assert sample.labels is not None
    assert sorted(sample.labels.tolist()) == sorted(DIGITS.y_test[:20].tolist())
    first = DIGITS.y_test[0]
    shutil.copytree(folder / str(first), folder / "eleven")
    more = read(folder)
    assert more.labels is not None
    assert (more.labels == -1).sum() == (DIGITS.y_test[:20] == first).sum()
    assert "of classes that the network does not know (eleven)" in more.doubts[-1]
    test_part = tmp_path / "divided" / "test"
    shutil.copytree(folder, test_part)
    shutil.copytree(folder / "eleven", tmp_path / "divided" / "train" / "eleven")
    assert len(read(tmp_path / "divided")) == len(more)


def test_a_file_of_images_alone_or_with_labels(tmp_path: Path) -> None:
    images, labels = DIGITS.x_test[:30, :, :, 0], DIGITS.y_test[:30]
    np.savez(tmp_path / "alone.npz", images)
    np.savez(tmp_path / "both.npz", images=images / np.float32(255), labels=labels)
    np.savez(tmp_path / "named.npz", images=images, labels=[0] * 30, class_names=["7"])
    alone, both, named = (read(tmp_path / f"{name}.npz") for name in ("alone", "both", "named"))
    assert alone.labels is None
    np.testing.assert_array_equal(both.images, DIGITS.x_test[:30])
    np.testing.assert_array_equal(both.labels, labels)  # pyright: ignore
    np.testing.assert_array_equal(named.labels, [7] * 30)  # pyright: ignore


def test_a_dataset_gives_its_test_images_or_the_part_named(tmp_path: Path) -> None:
    assert read("digits").name == "the 360 test images of digits"
    assert len(read("digits:train")) == DIGITS.num_train
    path = DIGITS.save(tmp_path / "mine.npz")
    np.testing.assert_array_equal(read(path).labels, DIGITS.y_test)  # pyright: ignore
    assert read(f"{path}:train").name == "the 1,437 training images of digits (own)"
    with pytest.raises(DataError, match="say which part of 'digits' is meant, such as digits:test"):
        read("digits", part=None)
    with pytest.raises(DataError, match="'digits' has no validation part of its own"):
        read("digits:validation")


def test_arrays_and_objects_are_samples_too() -> None:
    assert read(DIGITS.x_test[:9]).name == "the 9 images given"
    groups = np.arange(DIGITS.num_test) // 2
    grouped = Dataset(DIGITS.x_train, DIGITS.y_train, DIGITS.x_test, DIGITS.y_test, test_groups=groups)
    assert "belong together, but the errors take every image as independent" in read(grouped).doubts[0]
    others = Dataset(
        DIGITS.x_train, DIGITS.y_train, DIGITS.x_test, DIGITS.y_test, class_names=[f"c{k}" for k in range(10)]
    )
    assert read(others).labels is None


def test_what_cannot_be_a_sample_gives_one_clear_message(tmp_path: Path) -> None:
    flat = write(tmp_path / "flat", range(5), by_class=False)
    broken = shutil.copytree(flat, tmp_path / "broken")
    (broken / "text.png").write_text("I am not an image")
    mixed = write(shutil.copytree(flat, tmp_path / "mixed"), range(5), by_class=True)
    (tmp_path / "empty").mkdir()
    np.savez(tmp_path / "large.npz", images=np.full((20, 28, 28), 255, np.uint8))
    np.savez(tmp_path / "unnamed.npz", a=DIGITS.x_test, b=DIGITS.y_test)
    np.savez(tmp_path / "beyond.npz", images=DIGITS.x_test, labels=DIGITS.y_test + 1)
    wrong = {
        broken: r"1 of the 6 pictures .* cannot be used: .*text\.png.* cannot be read as an image",
        mixed: "beside its folders .* expected pictures alone, or one folder for each class",
        tmp_path / "empty": "there are no pictures in the folder 'empty'",
        tmp_path / "large.npz": r"shape 28x28x1 \(height, width, channels\), but the network takes 8x8x1",
        tmp_path / "unnamed.npz": "has the arrays a, b; expected the images of a sample as images",
        tmp_path / "beyond.npz": "have labels up to 10, but there are 10 classes",
        flat / "000.png": "is a single file that is not an .npz file; give the folder",
        "absent": "there are no images 'absent'; give a folder of pictures, an .npz file or a dataset",
    }
    for spec, words in wrong.items():
        with pytest.raises(DataError, match=words):
            read(spec)


def test_shared_images_are_counted_pixel_by_pixel() -> None:
    sample = read("digits")
    changed = sample.images[:10].copy()
    changed[:, 0, 0] ^= 255
    assert sample.num_shared(sample.images[:10]) >= 10
    assert sample.num_shared(changed) == 0
    assert sample.num_shared(np.zeros((3, 28, 28, 1), np.uint8)) == 0
