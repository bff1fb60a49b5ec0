from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_digits

from netgain.data import Dataset, fetch, is_cached, list_sources, load_dataset, source_by_name
from netgain.data.download import IdxDownload
from netgain.data.source import OnProgress
from netgain.data.sources import digits
from netgain.errors import DataError, UnknownNameError


def test_sources_are_found_by_listing_the_folder() -> None:
    folder = Path(__file__).parents[2] / "src" / "netgain" / "data" / "sources"
    modules = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    assert {source.name.replace("-", "_") for source in list_sources()} == modules
    for source in list_sources():
        assert source.name == source.name.lower()
        assert "_" not in source.name
        assert source_by_name(source.name) is source
        assert source.description
        assert "\n" not in source.description


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_a_named_dataset_is_as_its_source_says(name: str) -> None:
    """MNIST itself is fetched here, into the user's cache, where it is not there yet."""
    source, dataset = source_by_name(name), load_dataset(name)
    assert load_dataset(name) is dataset, "loaded once"
    assert (dataset.name, dataset.class_names) == (name, source.class_names)
    assert (dataset.image_shape, dataset.num_classes) == (source.image_shape, source.num_classes)
    assert (dataset.num_train, dataset.num_test) == (source.num_train, source.num_test)
    assert dataset.digit_box == source.digit_box == {"digits": 1.0, "mnist": 20 / 28}[name]
    assert is_cached(name)
    assert (fetch(name) is None) == (name == "digits")


def test_progress_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched(_: IdxDownload, on_progress: OnProgress | None) -> Path:
        assert on_progress is not None
        on_progress("file", 1, 2)
        return Path("folder")

    monkeypatch.setattr(IdxDownload, "fetch", fetched)
    steps: list[tuple[str, int, int | None]] = []
    assert fetch("mnist", lambda *step: steps.append(step)) == Path("folder")
    assert steps == [("file", 1, 2)]


def test_digits_are_scikit_learns() -> None:
    dataset, theirs = load_dataset("digits"), load_digits(return_X_y=True)
    pixels = np.concatenate([dataset.x_train, dataset.x_test]).reshape(-1, 64)
    assert np.array_equal(pixels, np.rint(theirs[0] * 255 / 16))
    assert np.array_equal(np.concatenate([dataset.y_train, dataset.y_test]), theirs[1])
    assert (dataset.x_train.min(), dataset.x_train.max()) == (0, 255)
    assert dataset.x_train[0, 0, :, 0].tolist() == [0, 0, 80, 207, 143, 16, 0, 0]  # 0 0 5 13 9 1 0 0 of 16
    assert np.bincount(dataset.y_test).min() > 30


@pytest.mark.parametrize("found", [None, SimpleNamespace(submodule_search_locations=["nowhere"])])
def test_digits_without_scikit_learn(found: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "find_spec", lambda name: found)
    with pytest.raises(DataError, match=r"install scikit-learn") as caught:
        digits.SOURCE.load()
    assert found is None or "nowhere/datasets/data/digits.csv.gz" in str(caught.value)


def test_mnist_begins_as_everybody_knows() -> None:
    assert load_dataset("mnist").y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


def test_a_dataset_comes_back_as_it_is(small: Dataset) -> None:
    assert load_dataset(small) is small


def test_paths(small: Dataset, image_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.save(tmp_path / "small.npz")
    assert load_dataset(path).digest == load_dataset(str(path)).digest == small.digest
    assert load_dataset(image_folder).name == load_dataset(str(image_folder)).name == "pets"
    monkeypatch.chdir(tmp_path)
    assert load_dataset("pets").name == "pets"
    image_folder.rename(tmp_path / "digits")
    assert load_dataset("digits").num_classes == 10, "a known name comes first"
    assert load_dataset("./digits").num_classes == 2
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_dataset("~/small.npz").digest == small.digest


def test_what_is_neither_name_nor_path(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        load_dataset("fashion_mnist")
    for words in ("no dataset 'fashion_mnist'; did you mean 'fashion-mnist'?", "netgain data list", "path"):
        assert words in str(caught.value)
    text = tmp_path / "notes.txt"
    text.write_text("x")
    for spec, words in (
        ("data/absent", "there is no file or folder 'data/absent'"),
        (Path("absent"), "there is no file or folder 'absent'"),
        ("absent.npz", "there is no file 'absent.npz'"),
        (text, "is not an .npz file"),
        ("", "a dataset is a name, a path or a Dataset; received ''"),
        (" ", "received ' '"),
        (3, "received 3"),
    ):
        with pytest.raises(DataError) as caught_path:
            load_dataset(spec)  # pyright: ignore[reportArgumentType]
        assert words in str(caught_path.value)
    for function in (fetch, is_cached, source_by_name):
        with pytest.raises(UnknownNameError):
            function("absent")
