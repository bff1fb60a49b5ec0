"""What a model is fed: images in the shape and scale that it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine import native
from netgain.errors import RecipeError
from netgain.networks.network import PixelRange

SCALES: Mapping[PixelRange, float] = MappingProxyType({"0..1": 1 / 255, "0..255": 1.0})
"""What pixels 0..255 are multiplied with, by the range that a model expects."""

SURE = 10.0
"""What enters the first layer that learns spreads by 1/10 to 10 with the right range, or 255 times that, or less."""

TRIED_SIZE = 32
"""Height and width at which a model for images of any size is tried, in pixels."""


class ImageFeeder(NamedTuple):
    """From images of pixels 0..255 to a model's own float input.

    Attributes:
        scale: what pixels are multiplied with.
        shape: of one image as the model takes it, such as (784,); None to leave it.
    """

    scale: float
    shape: tuple[int, ...] | None

    def __call__(self, images: jax.Array) -> jax.Array:
        """The model's input for images `[B, H, W, C]`."""
        return self.shaped(images.astype(jnp.float32) * self.scale)

    def take(self, images: jax.Array, index: jax.Array) -> jax.Array:
        """The images of a mini-batch, scaled: uint8 `[N, H, W, C]` and int32 `[B]` to float32 `[B, H, W, C]`.

        XLA's gather computes the place of every single byte; the kernel goes along the rows.
        """
        if not native.has_kernels():
            return images[index].astype(jnp.float32) * self.scale
        result = jax.ShapeDtypeStruct((len(index), *images.shape[1:]), jnp.float32)
        return native.call("take_images", [result], images, index, scale=self.scale)[0]

    def shaped(self, images: jax.Array) -> jax.Array:
        """Images `[B, H, W, C]` in the shape that the model takes: `[B, 28, 28]`, `[B, 784]`."""
        return images if self.shape is None else images.reshape(len(images), *self.shape)


def pixels_of(model: keras.Model) -> PixelRange:
    """The range of pixels that a model expects: as given, or as its first layers show.

    They are given an image of random pixels in either range. What then enters the first layer that learns spreads by
    about 1 with the right one. So `Rescaling(1 / 255)`, `x / 255.0` and a `Normalization` adapted on 0..255 take
    0..255, and a convolution, `Rescaling(2, -1)` and a `Normalization` adapted on 0..1 take 0..1.

    Raises:
        RecipeError: where neither range, or both, would do.
    """
    said = getattr(model, "_netgain_pixels", None)
    if said:
        return said
    shape = tuple(TRIED_SIZE if size is None else size for size in model.input_shape[1:])
    image = np.random.default_rng(0).uniform(0, 255, (1, *shape)).astype("float32")
    spreads = {pixels: _spread_where_learning_begins(model, image * scale) for pixels, scale in SCALES.items()}
    likely: list[Any] = [pixels for pixels, spread in spreads.items() if 1 / SURE < spread < SURE]
    if len(likely) == 1:
        return likely[0]
    if not any(spreads.values()):  # nothing of the image arrives; what comes out of the model is looked at elsewhere
        return "0..1"
    found = ", ".join(f"{spread:.3g} for pixels {pixels}" for pixels, spread in spreads.items())
    advice = "give the range that the model expects: KerasNetwork(model, pixels='0..1') or pixels='0..255'"
    raise RecipeError("network", [("pixels", f"the input of the first layer that learns spreads by {found}; {advice}")])


def image_feeder(model: keras.Model) -> ImageFeeder:
    """What feeds a model as it stands, in the range of :func:`pixels_of`.

    Raises:
        RecipeError: as :func:`pixels_of`.
    """
    wanted = tuple(model.input_shape[1:])
    return ImageFeeder(SCALES[pixels_of(model)], None if None in wanted else wanted)


@contextmanager
def scaled_when_taken(model: keras.Model) -> Iterator[ImageFeeder]:
    """Inside, a `Rescaling` that the model begins with rests, and the feeder given does its work.

    One pass over a mini-batch less: images are scaled as they are taken.
    """
    feeder, first = image_feeder(model), _first_rescaling(model)
    if first is None:
        yield feeder
        return
    object.__setattr__(first, "call", lambda inputs: inputs)
    try:
        yield feeder._replace(scale=feeder.scale * float(first.scale))
    finally:
        object.__delattr__(first, "call")


def _first_rescaling(model: keras.Model) -> Any:
    """The one `Rescaling` of a model, where it is the first layer and but one factor; else None."""
    found: list[Any] = [layer for layer in model._flatten_layers() if type(layer) is keras.layers.Rescaling]
    takers = [node.operation for node in model.inputs[0]._keras_history.operation._outbound_nodes]
    alone = len(found) == 1 and len(model.inputs) == 1 and takers == found and len(found[0]._inbound_nodes) == 1
    plain = alone and isinstance(found[0].scale, float | int) and found[0].offset == 0.0
    return found[0] if plain and found[0].compute_dtype == "float32" else None


class _ReachedError(Exception):
    """Ends a model's call where its first layer that learns would begin."""


def _spread_where_learning_begins(model: keras.Model, image: np.ndarray) -> float:
    """The standard deviation of what enters the first layer that learns, or comes out of a model without any."""
    entered: list[float] = []

    def note(inputs: Any, *_: Any, **__: Any) -> Any:
        entered.append(float(np.std(np.asarray(inputs, np.float32))))
        raise _ReachedError

    learning: list[Any] = [layer for layer in model._flatten_layers(include_self=False) if _learns(layer)]
    lent = [(layer, vars(layer).get("call")) for layer in learning]  # another may be lent one already
    for layer in learning:
        object.__setattr__(layer, "call", note)
    try:
        with jax.ensure_compile_time_eval():  # also where this is asked while another function is traced
            answer: Any = model(image, training=False)
    except _ReachedError:
        return entered[0]
    finally:
        for layer, call in lent:
            object.__delattr__(layer, "call")
            if call is not None:
                object.__setattr__(layer, "call", call)
    return float(np.std(np.asarray(answer, np.float32)))


def _learns(layer: Any) -> bool:
    """A layer of Keras' counts as a whole (a recurrent one holds a cell), a user's own or a model by what is in it."""
    of_keras = type(layer).__module__.startswith("keras.") and not isinstance(layer, keras.Model)
    return bool(layer.trainable_weights if of_keras else layer._trainable_variables)
