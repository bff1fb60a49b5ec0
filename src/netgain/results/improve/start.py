"""Where a climb begins: with what the user gives, or with a recipe that fits the images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from netgain.data import Dataset
from netgain.errors import RecipeError
from netgain.experiment.sizes import fitting_fractions, with_images
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.families.own import KerasNetwork
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

LEAST_SIDE = 12
"""Maps with a shorter side than this get no further convolution."""

FEWEST_FILTERS, MOST_FILTERS = 16, 64
SMALL, LARGE = {"epochs": 40, "batch_size": 30}, {"epochs": 10, "batch_size": 64}
"""Small images are trained in seconds, so that they get more epochs."""


def start_from(given: Any, dataset: Dataset) -> tuple[Recipe, str]:
    """The recipe to begin with, and why it is this one where netgain chose it or changed its numbers of images.

    Args:
        given: a recipe, its name, its TOML file, or a `.keras` file; None to choose.
        dataset: the images.

    Raises:
        RecipeError, UnknownNameError: for what is not a recipe of networks that classify images.
    """
    if given is None:
        recipe, why = start_for(dataset)
        return recipe, why
    if isinstance(given, str | Path):
        is_network = Path(given).suffix == ".keras"
        given = _around(KerasNetwork(given)) if is_network else load_recipe(given)
    if not isinstance(given, Recipe):
        what = getattr(given, "task", type(given).__name__)
        message = f"must be a recipe of networks that classify images (ng.Recipe), or a .keras file; received {what!r}"
        raise RecipeError("call of improve", [("start", message)])
    fractions = fitting_fractions([given], dataset.num_train, dataset.num_validation)
    if fractions is None:
        return given.change("dataset", dataset), ""
    why = f"{dataset.name} has {dataset.num_train:,} training images, fewer than the recipe wants: it takes all of them"
    return with_images(given, fractions).change("dataset", dataset), why


def start_for(dataset: Dataset) -> tuple[Recipe, str]:
    """The start for images of this size: a convolutional network whose maps are halved until a side is below 12 pixels,
    or one hidden layer where they are smaller from the beginning.

    >>> from netgain.data import load_dataset
    >>> recipe, why = start_for(load_dataset("digits"))
    >>> recipe.network, why
    (MLP(hidden=(64,), activation='relu'), 'images of 8x8 pixels are small: one hidden layer of 64 neurons')
    """
    height, width, _ = dataset.image_shape
    kernels = _kernels(height, width)
    size = f"images of {height}x{width} pixels"
    optimizer: Any = {"name": "adam", "learning_rate": 0.001}
    if not kernels:
        network = MLP(hidden=(64,), activation="relu", output="softmax")
        why = f"{size} are small: one hidden layer of 64 neurons"
        return Recipe(dataset=dataset, network=network, optimizer=optimizer, **SMALL), why
    filters = tuple(min(MOST_FILTERS, FEWEST_FILTERS * 2**block) for block in range(len(kernels)))
    network = ConvNet(filters=filters, kernel_size=kernels, dense=(64,))
    blocks = "one block" if len(filters) == 1 else f"{len(filters)} blocks"
    why = f"{size}: a convolutional network of {blocks}, with {', '.join(map(str, filters))} maps"
    return Recipe(dataset=dataset, network=network, optimizer=optimizer, **LARGE), why


def _kernels(height: int, width: int) -> tuple[int, ...]:
    """The sides of the kernels, 3 or 4, after which both sides of the maps can be halved."""
    kernels: list[int] = []
    while min(height, width) >= LEAST_SIDE and height % 2 == width % 2:
        kernels.append(3 if height % 2 == 0 else 4)
        height, width = ((side - kernels[-1] + 1) // 2 for side in (height, width))
    return tuple(kernels)


def _around(network: KerasNetwork) -> Recipe:
    """A recipe with the defaults; a network that ends in a sigmoid needs a loss of its own."""
    try:
        return Recipe(network=network)
    except RecipeError:
        return Recipe(network=network, loss="binary_crossentropy")
