"""What a store does not say: where the images and the recipe of a stored run are, if they are in the current folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from netgain.data import Dataset, StringDataset, is_named, load_dataset, load_strings
from netgain.errors import DataError, NetgainError
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.recipe_files import recipe_names
from netgain.tasks.recipes import load_recipe


class KnownRecipe(NamedTuple):
    """A recipe that `netgain train` takes.

    Attributes:
        name: its name, or the TOML file.
        dataset: the name or path of its images, as it declares them; empty where it learns from none.
    """

    name: str
    dataset: str


def images_of(dataset: str, digest: str) -> tuple[str, str]:
    """What `--data` takes to have the same images again, or why nothing does.

    Args:
        dataset: what the store calls them: a name, the name of a folder or of an `.npz` file, or a path.
        digest: that of the images.
    """
    if is_named(dataset):
        return dataset, ""
    there = [path for path in (dataset, f"{dataset}.npz") if Path(path).exists()]
    if not there:
        return "", f"its images, {dataset!r}, are not in the current folder"
    for path in there:
        try:
            if items_in(path).digest == digest:
                return path, ""
        except NetgainError:
            continue
    options = "options such as --image-size"
    return "", f"the images in {there[0]!r} are not those of these runs, or were read with {options}: give the same"


def items_in(spec: str) -> Dataset | StringDataset:
    """What a name or a path holds, images with classes or strings.

    Raises:
        NetgainError: where it is neither.
    """
    try:
        return load_dataset(spec)
    except DataError:
        return load_strings(spec)


def recipes_by_digest() -> Mapping[str, KnownRecipe]:
    """The recipes of netgain and those of the TOML files in the current folder, by their digest."""
    found: dict[str, KnownRecipe] = {}
    for name in [*recipe_names(), *sorted(str(path) for path in Path().glob("*.toml"))]:
        try:
            recipe = load_recipe(name)
        except NetgainError:
            continue  # a TOML file of something else
        found.setdefault(recipe.digest, KnownRecipe(name, _dataset_of(recipe)))
    return found


def _dataset_of(recipe: AbstractRecipe) -> str:
    return str(recipe.record().get("dataset", ""))
