"""Which images a network was trained on: what a `.keras` file notes of it, and the images again from the note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from netgain.data import Dataset, Split, load_dataset, split
from netgain.errors import DataError, NetgainError
from netgain.experiment.recipe import DatasetRecipe

ENTRY = "trained_on"
"""The entry of the note."""


class Origin(NamedTuple):
    """The dataset of a network, divided as it was when the network was trained."""

    dataset: Dataset
    parts: Split


def origin_note(recipe: DatasetRecipe, dataset: Dataset) -> dict[str, Any]:
    """What a note says of the images that a recipe trains on; plain values."""
    cut = recipe.model_dump(mode="json", include={"dataset", "train_size", "validation_size", "split", "split_seed"})
    return {ENTRY: {**cut, "digest": dataset.digest}}


def origin_in(note: Mapping[str, Any]) -> Origin:
    """The images that a note speaks of, found again by the dataset's name or path.

    Raises:
        DataError: where the note says nothing, or the dataset is not there or has changed since.
    """
    said = note.get(ENTRY)
    if not said:
        raise DataError("the file does not say which images its network was trained on")
    name = said["dataset"]
    try:
        dataset = load_dataset(name)
    except NetgainError as error:
        raise DataError(f"the network was trained on {name!r}, which cannot be read here: {error}") from error
    if dataset.digest != said["digest"]:
        raise DataError(f"the network was trained on {name!r}, and what is there now has other images")
    cut = (said[each] for each in ("train_size", "validation_size", "split", "split_seed"))
    return Origin(dataset, split(dataset, *cut))
