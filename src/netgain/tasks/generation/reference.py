"""The reference network: a judge that has learnt from real images, by whose features generated images are measured."""

from __future__ import annotations

import contextlib
import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

import keras
import numpy as np

from netgain.data import Dataset
from netgain.data.cache import cache_folder
from netgain.data.splits import stratified_order
from netgain.engine import native
from netgain.engine.ambient import keras_for
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.kernels import PLAIN_JAX
from netgain.engine.score import scorer, weights_of
from netgain.engine.versions import engine_version
from netgain.errors import StatisticsError
from netgain.files import write_atomically
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.generation.judge import train_judge

SEED = 0
VERSION = "2"
"""Of what is kept: another one is made anew."""

LARGEST_SHARE = 4
"""Of the training images, one in so many at most is kept from the reference network."""

Arrays = Mapping[str, np.ndarray]


@final
@dataclass(frozen=True, eq=False)
class Reference:
    """A network that has learnt the classes of real images, and what it says of real images that it has not seen.

    Attributes:
        recipe: of the network.
        network: trained on the training images without the other ones.
        test_features, test_scores: of the test images, float32 `[n, d]` and `[n, K]`.
        other_images: training images that it was not trained on, as many as there are test images, but at most a
            quarter of all; uint8 `[o, H, W, C]`.
        other_labels: their classes `[o]`.
        other_features, other_scores: as of the test images.
        key: of the recipe and the images, by which it is kept.
    """

    recipe: Recipe
    network: keras.Model
    test_features: np.ndarray
    test_scores: np.ndarray
    other_images: np.ndarray
    other_labels: np.ndarray
    other_features: np.ndarray
    other_scores: np.ndarray
    key: str

    def answers(self, images: np.ndarray, compiled: CompiledFunctions) -> tuple[np.ndarray, np.ndarray]:
        """Features, the last hidden layer, float32 `[m, d]`, and scores `[m, K]` of images uint8 `[m, H, W, C]`."""
        return _answers(self.recipe, self.network, images, compiled)

    def labels(self, images: np.ndarray, compiled: CompiledFunctions) -> np.ndarray:
        """The class that it names for each image, int32 `[m]`."""
        return self.answers(images, compiled)[1].argmax(axis=1).astype(np.int32)


def reference_of(recipe: Recipe, data: Dataset, compiled: CompiledFunctions) -> Reference:
    """The reference network of a dataset; trained once and kept in netgain's cache, for every run and process.

    Args:
        recipe: of the network, the judge of a generator.
        data: the real images.
        compiled: keeps what was compiled.

    Raises:
        StatisticsError: for a network without a hidden layer, which has no features.
    """
    number = min(data.num_test, data.num_train // LARGEST_SHARE)
    order = stratified_order(data.y_train, SEED)
    others, learned = np.sort(order[len(order) - number :]), np.sort(order[: len(order) - number])
    key = _key(recipe, data)
    with keras_for(recipe.network, SEED):
        network = recipe.network.build(data.image_shape, data.num_classes)
    if len(network.layers) < 3:
        raise StatisticsError("the judge has no hidden layer, so it has no features to compare images by; give it one")
    found = kept(f"reference-{key}", lambda: _trained(recipe, data, learned, others, compiled))
    with keras_for(recipe.network):
        network.set_weights([found[f"weight_{place}"] for place in range(len(network.weights))])
    answers = {name: array for name, array in found.items() if not name.startswith("weight_")}
    return Reference(
        recipe=recipe,
        network=network,
        other_images=data.x_train[others],
        other_labels=data.y_train[others],
        key=key,
        **answers,
    )


def kept(name: str, make: Callable[[], Arrays]) -> Arrays:
    """Arrays from netgain's cache, or made now and put there; a cache that cannot be used loses time only."""
    path = cache_folder() / "reference" / f"{name}.npz"
    with contextlib.suppress(OSError, ValueError, KeyError, zipfile.BadZipFile), np.load(path) as file:
        return dict(file)
    made = make()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path) as file:
            np.savez(file, **made)  # pyright: ignore[reportArgumentType]
    return made


def _trained(
    recipe: Recipe, data: Dataset, learned: np.ndarray, others: np.ndarray, compiled: CompiledFunctions
) -> Arrays:
    part = Dataset(
        data.x_train[learned],
        data.y_train[learned],
        data.x_test,
        data.y_test,
        class_names=data.class_names,
        value_range=(0, 255),
    )
    network = train_judge(recipe, part, SEED, compiled).model
    made: dict[str, np.ndarray] = {f"weight_{place}": value for place, value in enumerate(network.get_weights())}
    for name, images in (("test", data.x_test), ("other", data.x_train[others])):
        made[f"{name}_features"], made[f"{name}_scores"] = _answers(recipe, network, images, compiled)
    return made


def _answers(
    recipe: Recipe, network: keras.Model, images: np.ndarray, compiled: CompiledFunctions
) -> tuple[np.ndarray, np.ndarray]:
    with keras_for(recipe.network):
        hidden = keras.Model(network.inputs[0], network.layers[-1].input)
    found = []
    for name, model in (("features", hidden), ("scores", network)):
        key = "reference", name, recipe.digest, images.shape, network.output_shape, native.used()
        score = compiled.of(key, lambda model=model: scorer(model, images))
        answers: Any = score(weights_of(model), images)
        found.append(answers)
    return found[0], found[1]


def _key(recipe: Recipe, data: Dataset) -> str:
    decides = VERSION, recipe.digest, data.digest, engine_version(native.used() or PLAIN_JAX), SEED, LARGEST_SHARE
    return hashlib.sha256(repr(decides).encode()).hexdigest()[:24]
