import io
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from netgain.data import Dataset, load_dataset, load_npz
from netgain.errors import DataError


def test_keras_own_layout(tmp_path: Path) -> None:
    """The file of keras.datasets.mnist has the four arrays and nothing else."""
    images = 4 * np.arange(64, dtype=np.uint8).reshape(4, 4, 4)
    path = tmp_path / "four.npz"
    np.savez_compressed(path, x_train=images, y_train=[0, 1, 0, 1], x_test=images, y_test=[0, 1, 0, 1])
    dataset = load_npz(str(path))
    assert (dataset.name, dataset.num_train, dataset.class_names) == ("four", 4, ("0", "1"))


def test_names_in_the_file(tmp_path: Path, small: Dataset) -> None:
    arrays = {name: getattr(small, name) for name in ("x_train", "y_train", "x_test", "y_test")}
    for shape in ((3,), (3, 1)):
        names = np.array(["x", "y", "zed"]).reshape(shape)
        loaded = load_npz(saved(tmp_path / "file.npz", **arrays, class_names=names, name="mine"))
        assert (loaded.name, loaded.class_names) == ("mine", ("x", "y", "zed"))


def test_an_array_that_is_shorter_than_it_says(tmp_path: Path, small: Dataset) -> None:
    arrays = {name: getattr(small, name) for name in ("y_train", "x_test", "y_test")}
    path, header = saved(tmp_path / "short.npz", **arrays), io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (30, 4, 5, 3)})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", header.getvalue() + bytes(1000))
    with pytest.raises(DataError, match=r"short\.npz' is damaged \(the array x_train is incomplete\)"):
        load_npz(path)


def saved(path: Path, **arrays: object) -> Path:
    np.savez(path, **arrays)  # pyright: ignore[reportArgumentType]
    return path


def test_what_is_no_npz(tmp_path: Path, small: Dataset) -> None:
    whole = small.save(tmp_path / "small.npz")
    content = whole.read_bytes()
    cut, damaged, text, single = (tmp_path / f"{name}.npz" for name in ("cut", "damaged", "text", "single"))
    cut.write_bytes(content[: len(content) // 2])
    middle = content.index(small.x_train.tobytes()) + 100
    damaged.write_bytes(content[:middle] + b"damage" + content[middle + 6 :])
    text.write_text("x_train")
    with single.open("wb") as file:
        np.save(file, small.x_train)
    for path, words in (
        (tmp_path / "absent.npz", "there is no file"),
        (tmp_path, "there is no file"),
        (cut, "is not an .npz file, or is incomplete"),
        (damaged, "is damaged"),
        (text, "is not an .npz file"),
        (single, "np.savez(path, x_train=..."),
    ):
        with pytest.raises(DataError) as caught:
            load_npz(path)
        assert words in str(caught.value)
        assert str(path) in str(caught.value)


def test_arrays_that_lack_or_are_pickled(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.npz' lacks the arrays x_train, y_test; it has y_train, x_test, extra"):
        load_npz(saved(tmp_path / "a.npz", y_train=[0], x_test=[0], extra=[0]))
    objects = np.array([{"a": 1}], object)
    with pytest.raises(DataError, match=r"array y_train in '.*b\.npz' cannot be read .* no pickled objects"):
        load_npz(saved(tmp_path / "b.npz", x_train=[0], y_train=objects, x_test=[0], y_test=[0]))
    with pytest.raises(DataError, match="x_train has shape"):
        load_npz(saved(tmp_path / "c.npz", x_train=[0], y_train=[0], x_test=[0], y_test=[0]))


def test_white_is_said_in_the_file(tmp_path: Path) -> None:
    """Pixels 0..16, as scikit-learn's digits have them, were read as almost black images."""
    images = (np.arange(64) % 17).reshape(4, 4, 4)
    arrays = {"x_train": images, "y_train": [0, 1, 0, 1], "x_test": images, "y_test": [0, 1, 0, 1]}
    path = saved(tmp_path / "old.npz", **arrays)
    with pytest.raises(DataError) as caught:
        load_npz(path)
    advice = "np.savez('new.npz', **np.load('old.npz'), value_range=[0, 16])"
    assert advice in str(caught.value)
    with np.load(path) as old:
        new = load_npz(saved(tmp_path / "new.npz", **old, value_range=[0, 16]))
    assert new.x_train.max() == 255
    assert load_npz(new.save(tmp_path / "again.npz")).digest == new.digest
    dark = load_npz(saved(tmp_path / "dark.npz", **arrays, value_range=[0, 255]))
    assert dark.x_train.max() == 16
    assert load_npz(dark.save(tmp_path / "again.npz")).digest == dark.digest, "what is saved need not be asked again"


def test_arrays_that_are_not_used_are_named(tmp_path: Path, small: Dataset) -> None:
    arrays = {name: getattr(small, name) for name in ("x_train", "y_train", "x_test", "y_test")}
    path = saved(tmp_path / "more.npz", **arrays, x_val=small.x_test, y_val=small.y_test)
    with pytest.warns(UserWarning, match=r"more\.npz' also has x_val, y_val, which netgain does not use") as caught:
        assert load_npz(path).num_validation == 0
    known = "x_train, y_train, x_test, y_test it knows x_validation, y_validation, class_names, test_groups"
    assert known in str(caught[0].message)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_large_file_is_in_memory_once(tmp_path: Path, save) -> None:
    images, labels = np.full((20_000, 28, 28), 255, np.uint8), np.arange(20_000) % 2
    save(tmp_path / "large.npz", x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    tracemalloc.start()
    dataset = load_npz(tmp_path / "large.npz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.3 * dataset.x_train.nbytes


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_images_lie_where_the_engine_can_use_them_in_place(tmp_path: Path, save) -> None:
    digits = load_dataset("digits")
    arrays = {name: np.asarray(getattr(digits, name)) for name in ("x_train", "y_train", "x_test", "y_test")}
    save(tmp_path / "my.npz", **arrays | {"x_test": np.asfortranarray(arrays["x_test"])})
    loaded = load_npz(tmp_path / "my.npz")
    assert loaded.digest == digits.digest
    assert loaded.x_train.ctypes.data % 64 == 0
    assert not loaded.x_train.flags.writeable
    kept = []
    for number in range(2, 18):
        images = np.full((number, 4, 4), 255, np.uint8)
        save(tmp_path / "small.npz", x_train=images, y_train=np.arange(number) % 2, x_test=images[:2], y_test=[0, 1])
        kept.append(load_npz(tmp_path / "small.npz").x_train)
    assert {images.ctypes.data % 64 for images in kept} == {0}, "wherever the memory begins that they were given"
