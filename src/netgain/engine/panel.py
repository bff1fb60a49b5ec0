"""Several trained networks of one recipe that answer together: loaded once, compiled once, one call an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine.ambient import keras_alone
from netgain.engine.epoch import State, call
from netgain.engine.fast_layers import fast_layers
from netgain.engine.inputs import ImageFeeder, image_feeder, scaled_when_taken
from netgain.engine.receptive_fields import receptive_fields
from netgain.engine.saving import model_from
from netgain.engine.score import scores_function
from netgain.errors import DataError


class Panel:
    """The networks of one recipe, one per seed, ready to answer at once.

    Args:
        networks: the bytes of `.keras` files, of networks with the same layers.
        image_shape: height, width and channels of the images they take.

    Attributes:
        image_shape: as given.
        receptive_fields: for each convolution the pixels that the cells of its maps see; None where that is not known.

    Raises:
        DataError: if a file is not a network that can be opened, or they are not of one kind.
    """

    def __init__(self, networks: Sequence[bytes], image_shape: tuple[int, int, int]) -> None:
        if not networks:
            raise DataError("a panel needs at least one network; give the bytes of one or more .keras files")
        models = [model_from(content)[0] for content in networks]  # in Keras' safe mode: no code of the files runs
        weights = [[variable.value for variable in model.variables] for model in models]
        if len({tuple((value.shape, str(value.dtype)) for value in group) for group in weights}) > 1:
            raise DataError("the networks of a panel must have the same layers; make one panel for each kind")
        self.image_shape = image_shape
        model, blank = models[0], jnp.zeros((1, *image_shape), jnp.uint8)
        feed = image_feeder(model)
        stacked: list[jax.Array] = [jnp.stack(values) for values in zip(*weights, strict=True)]
        self._weights = _trainable_first(model, stacked)
        with fast_layers(model), scaled_when_taken(model) as scaled:
            self._answer = _compiled(_for_each(scores_function(model, scaled)), self._weights, blank)
        maps = _maps_model(model)
        self.receptive_fields = [receptive_fields(output) for output in maps.outputs] if maps else []
        first = [value[:1] for value in stacked]
        self._map_weights = _trainable_first(maps, _weights_of(maps, model, first)) if maps else None
        self._maps = _compiled(_for_each(_maps_of(maps, feed)), self._map_weights, blank) if maps else None
        self.feature_maps(np.zeros(image_shape, np.uint8))  # what is done at the first call only is done now
        self.answer(np.zeros(image_shape, np.uint8))

    def answer(self, image: np.ndarray) -> np.ndarray:
        """Scores float32 `[S, K]` of the S networks for one uint8 image `[H, W, C]`."""
        return np.asarray(self._answer(self._weights, jnp.asarray(image[np.newaxis])))[:, 0]

    def feature_maps(self, image: np.ndarray) -> list[np.ndarray]:
        """What each convolution of the first network makes of an image: `[h, w, maps]` a layer; empty without any."""
        if self._maps is None:
            return []
        layers = jax.tree.leaves(self._maps(self._map_weights, jnp.asarray(image[np.newaxis])))
        return [np.asarray(layer)[0, 0] for layer in layers]


Weights = tuple[list[jax.Array], list[jax.Array]]
"""The trainable and the other variables in Keras' order, each `[S, ...]`."""


def _for_each(answer: Callable[[State, jax.Array], Any]) -> Callable[[Weights, jax.Array], Any]:
    """The answers of all networks to an image, one network after the other: each is too small to share out."""
    return lambda weights, image: jax.lax.map(lambda own: answer(State(own[0], own[1], []), image), weights)


def _maps_of(model: keras.Model, feed: ImageFeeder) -> Callable[[State, jax.Array], Any]:
    return lambda state, image: call(model, state.trainable, state.non_trainable, feed(image), training=False)[0]


def _compiled(function: Any, weights: Weights | None, blank: jax.Array) -> Any:
    with keras_alone():
        return jax.jit(function).lower(weights, blank).compile()


def _trainable_first(model: keras.Model, stacked: list[jax.Array]) -> Weights:
    by_variable = {id(variable): value for variable, value in zip(model.variables, stacked, strict=True)}
    trainable = [by_variable[id(variable)] for variable in model.trainable_variables]
    return trainable, [by_variable[id(variable)] for variable in model.non_trainable_variables]


def _maps_model(model: keras.Model) -> Any:
    """The same network up to its convolutions, with each one's maps as an output; None where it has none."""
    convolutions = [layer.output for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    return keras.Model(model.inputs, convolutions) if convolutions else None


def _weights_of(part: keras.Model, whole: keras.Model, stacked: list[jax.Array]) -> list[jax.Array]:
    by_variable = {id(variable): value for variable, value in zip(whole.variables, stacked, strict=True)}
    return [by_variable[id(variable)] for variable in part.variables]
