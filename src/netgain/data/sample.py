"""A sample: images as a trained network takes them, whose classes need not be known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike

from netgain.data.arrays import as_images, as_labels
from netgain.data.dataset import Dataset
from netgain.data.files import is_dataset, read_unlabelled
from netgain.data.images import read_file
from netgain.data.named import is_named, list_sources, load_dataset
from netgain.data.pictures import loose_files, subfolders
from netgain.data.preparing import ImageForm, prepare_image
from netgain.errors import DataError

UNKNOWN = -1
"""The label of an image whose class the network does not know."""

PARTS = ("train", "validation", "test")

Images = str | Path | Dataset | np.ndarray | tuple[np.ndarray, np.ndarray]
"""A sample as :func:`read_sample` takes it."""

Tell = Callable[[int, int], None]
"""Called with how many pictures are prepared, and of how many."""


@final
@dataclass(frozen=True, eq=False)
class Sample:
    """Images as a network takes them.

    Attributes:
        name: what it is, in words: "the 10,000 test images of mnist".
        images: uint8 `[n, H, W, C]`.
        labels: the class of each image among those of the network, int `[n]`, -1 for a class that it does not know;
            None where the classes are not known.
        doubts: reasons, in words, why answers to these images may be wrong.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray | None
    doubts: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    def num_shared(self, others: np.ndarray) -> int:
        """How many of the images are among the `others`, pixel for pixel.

        >>> images = np.arange(12, dtype=np.uint8).reshape(3, 2, 2, 1)
        >>> Sample("three images", images, None).num_shared(images[1:])
        2
        """
        if others.shape[1:] != self.images.shape[1:]:
            return 0
        known = {image.tobytes() for image in others}
        return sum(image.tobytes() in known for image in self.images)


class Content(NamedTuple):
    """A picture that is not read yet.

    Attributes:
        name: what an error calls it.
        read: gives the bytes of the file.
        folder: the name of the folder of its class; None where there are no class folders.
    """

    name: str
    read: Callable[[], bytes]
    folder: str | None


def read_sample(
    spec: Images,
    form: ImageForm,
    class_names: Sequence[str],
    *,
    part: str | None = "test",
    tell: Tell | None = None,
) -> Sample:
    """The images of a folder, an `.npz` file, a dataset or an array, as a network of this form takes them.

    Args:
        spec: a folder of pictures, flat or with one sub-folder per class; an `.npz` file with the array `images` and,
            if known, `labels`; a dataset by name, as a file or as an object, of which "mnist:validation" names another
            part than `part`; an array `[n, H, W]` or `[n, H, W, C]`; or a pair of such an array and labels `[n]`.
        form: of the images that the network was trained on. Pictures are prepared as `netgain predict` prepares them.
        class_names: the network's, in its order.
        part: of a dataset by name or as a file whose part is not named; None refuses it.
        tell: called while pictures are prepared.

    Raises:
        DataError: where there are no such images, one cannot be read, or they have another shape.

    >>> read_sample("digits", ImageForm(image_shape=(8, 8, 1)), [str(digit) for digit in range(10)]).name
    'the 360 test images of digits'
    """
    if isinstance(spec, np.ndarray):
        return array_sample({"images": spec}, "given", form, class_names)
    if isinstance(spec, tuple):
        images, labels = spec
        return array_sample({"images": images, "labels": labels}, "given", form, class_names)
    if isinstance(spec, Dataset):
        return _of_dataset(spec, part or "test", form, class_names)
    where, named = _part_named(str(spec))
    path = Path(where).expanduser()
    if not is_named(where) and path.is_dir() and not named:
        return prepared_sample(_contents(path), form, class_names, f"in the folder {path.resolve().name!r}", tell)
    if not is_named(where) and path.suffix == ".npz" and path.is_file():
        if is_dataset(path):
            return _of_dataset(load_dataset(path), named or part, form, class_names)
        if not named:
            arrays = read_unlabelled(path, repr(str(path)))
            return array_sample(arrays, f"in {path.name!r}", form, class_names)
    if is_named(where):
        return _of_dataset(load_dataset(where), named or part, form, class_names)
    raise _not_images(str(spec), path)


def prepared_sample(
    contents: Sequence[Content], form: ImageForm, class_names: Sequence[str], where: str, tell: Tell | None = None
) -> Sample:
    """Pictures as a network takes them. One that cannot be read is an error: the fractions of the others would not be
    those of the sample.

    Args:
        contents: the pictures.
        form: of the images that the network was trained on.
        class_names: the network's, in its order.
        where: the pictures are, in words: "in the folder 'photos'".
        tell: called while they are prepared.

    Raises:
        DataError: for no picture at all, and for pictures that cannot be read.
    """
    if not contents:
        raise DataError(f"there are no pictures {where}; give a folder of PNG or JPEG files, or an .npz file")
    images, doubts, failures = [], [], []
    for number, content in enumerate(contents):
        if tell:
            tell(number, len(contents))
        try:
            prepared = prepare_image(content.read(), form, label=repr(content.name))
        except DataError as error:
            failures.append(str(error))
            continue
        images.append(prepared.image)
        doubts += [f"{content.name!r}: {doubt}" for doubt in prepared.doubts[:1]]
    if failures:
        raise DataError(
            f"{len(failures):,} of the {len(contents):,} pictures {where} cannot be used: {failures[0]}. The fractions "
            "of the other pictures would not be those of the sample, so all must be readable"
        )
    folders = [content.folder for content in contents]
    labels = None if None in folders else _labels_by_name([str(folder) for folder in folders], class_names)
    sample = Sample(f"the {len(images):,} pictures {where}", np.stack(images), labels, _in_sum(doubts, len(images)))
    return _with_unknown_classes(sample, sorted({str(folder) for folder in folders}), class_names)


def _contents(path: Path) -> list[Content]:
    """The pictures of a folder: of its `test` part, of its class folders, or its own."""
    folders, files = subfolders(path), loose_files(path)
    parts = {folder.name.lower(): folder for folder in folders}
    if {"train", "test"} <= parts.keys() and subfolders(parts["test"]):
        return _contents(parts["test"])
    found = [(folder.name, file) for folder in folders for file in loose_files(folder)]
    if found and files:
        raise DataError(
            f"{str(path)!r} has {len(files):,} files, such as {files[0].name!r}, beside its folders "
            f"({', '.join(folder.name for folder in folders[:3])}); expected pictures alone, or one folder for each "
            "class"
        )
    found = found or [(None, file) for file in files]
    return [Content(str(file), lambda file=file: read_file(file), folder) for folder, file in found]


def _part_named(spec: str) -> tuple[str, str | None]:
    """A dataset and its part: "mnist:test" is ("mnist", "test"), "mnist" is ("mnist", None)."""
    where, colon, part = spec.rpartition(":")
    return (where, part) if colon and part in PARTS else (spec, None)


def _of_dataset(dataset: Dataset, part: str | None, form: ImageForm, class_names: Sequence[str]) -> Sample:
    if part is None:
        advice = f"{dataset.name}:test or {dataset.name}:validation"
        raise DataError(f"say which part of {dataset.name!r} is meant, such as {advice}")
    images, labels = getattr(dataset, f"x_{part}"), getattr(dataset, f"y_{part}")
    if images is None:
        raise DataError(f"{dataset.name!r} has no validation part of its own; name another part: {dataset.name}:test")
    words = {"train": "training"}.get(part, part)
    name = f"the {len(images):,} {words} images of {dataset.name}"
    _check_shape(images, name, form)
    number_of = _labels_by_name(dataset.class_names, class_names)
    known = None if (number_of == UNKNOWN).all() else number_of[labels]
    sample = _with_unknown_classes(Sample(name, images, known), dataset.class_names, class_names)
    if part != "test" or dataset.test_groups is None:
        return sample
    grouped = f"Some of {name} belong together, but the errors take every image as independent: they are too small."
    return replace(sample, doubts=(grouped, *sample.doubts))


def array_sample(arrays: Mapping[str, ArrayLike], where: str, form: ImageForm, class_names: Sequence[str]) -> Sample:
    """Images `[n, H, W]` or `[n, H, W, C]` under the name "images", with what else
    :func:`netgain.data.files.read_unlabelled` gives.

    Raises:
        DataError: for arrays that are not images and labels of them, and for images of another shape.
    """
    images = as_images({"images": arrays["images"]}, arrays.get("value_range"))["images"]
    name = f"the {len(images):,} images {where}"
    _check_shape(images, name, form)
    if "labels" not in arrays:
        return Sample(name, images, None)
    labels = as_labels("labels", arrays["labels"], len(images))
    names = [str(name) for name in np.ravel(arrays.get("class_names", np.array(class_names)))]
    if labels.max() >= len(names):
        raise DataError(
            f"{name} have labels up to {labels.max()}, but there are {len(names)} classes: give class_names"
        )
    sample = Sample(name, images, _labels_by_name(names, class_names)[labels])
    return _with_unknown_classes(sample, [names[label] for label in np.unique(labels)], class_names)


def _check_shape(images: np.ndarray, name: str, form: ImageForm) -> None:
    if images.shape[1:] != tuple(form.image_shape):
        given, taken = ("x".join(map(str, shape)) for shape in (images.shape[1:], form.image_shape))
        raise DataError(
            f"{name} have the shape {given} (height, width, channels), but the network takes {taken}: convert them, or "
            "save them as pictures in a folder, which netgain prepares as netgain predict does"
        )


def _labels_by_name(names: Iterable[str], class_names: Sequence[str]) -> np.ndarray:
    """The numbers of these classes among those of the network; -1 for one that it does not know."""
    numbers = {name: number for number, name in enumerate(class_names)}
    return np.array([numbers.get(name, UNKNOWN) for name in names], np.int32)


def _with_unknown_classes(sample: Sample, names: Iterable[str], class_names: Sequence[str]) -> Sample:
    """The sample with a doubt where it has classes that the network does not know; without labels if it knows none."""
    unknown = [name for name in names if name not in class_names]
    if sample.labels is None or not unknown:
        return sample
    told = ", ".join(unknown[:5]) + (", …" if len(unknown) > 5 else "")
    if (sample.labels == UNKNOWN).all():
        doubt = f"Of {sample.name} the network knows none of the classes ({told}): the truth cannot be shown."
        return replace(sample, labels=None, doubts=(*sample.doubts, doubt))
    number = int((sample.labels == UNKNOWN).sum())
    doubt = f"{number:,} of {sample.name} are of classes that the network does not know ({told})."
    return replace(sample, doubts=(*sample.doubts, doubt))


def _in_sum(doubts: Sequence[str], num_images: int) -> tuple[str, ...]:
    if not doubts:
        return ()
    return (f"{len(doubts):,} of the {num_images:,} pictures may be prepared wrongly, such as {doubts[0]}.",)


def _not_images(spec: str, path: Path) -> DataError:
    known = ", ".join(source.name for source in list_sources())
    if path.is_file():
        return DataError(
            f"{spec!r} is a single file that is not an .npz file; give the folder that the pictures are in"
        )
    return DataError(f"there are no images {spec!r}; give a folder of pictures, an .npz file or a dataset ({known})")
