"""Two guards for every model of a user's own: what comes out are probabilities, and what is saved is what was trained.

Neither checks names: a model is given real images and its answers are examined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine.ambient import keras_for
from netgain.engine.inputs import image_feeder
from netgain.engine.saving import by_saved_name, model_bytes, model_from
from netgain.errors import RecipeError, TrainingError
from netgain.experiment.keras_parts import KerasLoss, facts_of, name_of_loss
from netgain.networks.families.own import KerasNetwork
from netgain.networks.own_description import layers_of, own_weights

IMAGES = 100
"""Real images that a model is tried on."""

FEW = 10
"""Of these, the images that are scored once more without the others."""

CONSTANT = 1e-7
"""Scores that differ by less from image to image are the same."""


def check_own_model(network: KerasNetwork, loss: str | KerasLoss, images: np.ndarray, num_classes: int) -> None:
    """Try a user's own model, untrained, on real images, and save it and open it again in plain Keras.

    Args:
        network: the model's network.
        loss: the recipe's, which says what scores must be.
        images: training images uint8 `[N, H, W, C]`, of which some are taken.
        num_classes: how many classes there are.

    Raises:
        RecipeError: where its scores are not probabilities, are the same for every image, or are others once it was
            saved; with what came out and what to change.
    """
    some = images[np.linspace(0, len(images) - 1, min(IMAGES, len(images))).astype(int)]
    with keras_for(network):
        _check(network, loss, some, num_classes)


def _check(network: KerasNetwork, loss: str | KerasLoss, images: np.ndarray, num_classes: int) -> None:
    height, width, channels = images.shape[1:]
    model = network.build((height, width, channels), num_classes)
    try:
        scores = plain_scores(model, images)
    except RecipeError:
        raise
    except Exception as error:  # whatever a user's layer raises
        raise _refused(f"cannot be called on the images: {_first_line(error)}") from error
    _check_probabilities(scores, loss)
    _check_image_by_image(model, images, scores)
    try:
        check_saved(model, model_bytes(model, {}), network, images[:FEW], scores[:FEW])
    except Exception as error:  # whatever a user's get_config raises
        raise _refused(_first_line(error)) from error
    if _is_constant(scores) and not (images == images[0]).all():
        _check_images_arrive(model, images)


def check_saved(
    model: keras.Model, content: bytes, network: KerasNetwork, images: np.ndarray, scores: np.ndarray
) -> None:
    """Compare scores float32 `[n, K]` for images `[n, H, W, C]` with those of the saved network in plain Keras.

    Raises:
        TrainingError: where they differ by more than rounding, with the first layer that differs.
    """
    try:
        opened, _ = model_from(content, by_saved_name(network.parts), trusted=True)
        again = plain_scores(opened, images)
    except Exception as error:  # Keras raises whatever the file provokes
        reason = f"the saved network does not open again in plain Keras: {_first_line(error)}"
        advice = "a saved lambda has no names of its module, such as keras: write a function with a name, or a Layer"
        raise TrainingError(f"{reason}; {advice}") from error
    if not np.isfinite(scores).all():  # a run that diverged: there is nothing to compare
        return
    if _differ(model, again, scores):
        layer = _first_difference(model, opened, images)
        raise TrainingError(
            f"the saved network gives different answers than the trained one (scores differ by up to "
            f"{np.abs(again - scores).max():.3g} on {len(images)} images); {layer}. What a layer computes must depend "
            "only on its config (get_config) and its weights (add_weight): a .keras file keeps nothing else"
        )


def plain_scores(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Scores float32 `[n, K]` for uint8 images `[n, H, W, C]` by the model as Keras calls it, without fast layers."""
    return np.asarray(_answering(model, training=False)(images), np.float32)


def _differ(model: Any, scores: np.ndarray, others: np.ndarray) -> bool:
    """Whether scores of the same images by the same model differ by more than rounding."""
    difference = np.abs(scores - others)
    halves = any(layer.compute_dtype not in {"float32", "float64"} for layer in layers_of(model))
    return bool(difference.mean() > 0.01 if halves else difference.max() > 1e-3)


def _check_image_by_image(model: Any, images: np.ndarray, scores: np.ndarray) -> None:
    """Refuse a model whose score of an image depends on chance or on the other images scored with it."""
    alone = plain_scores(model, images[:FEW])
    if _differ(model, alone, scores[:FEW]):
        raise _refused(
            f"gives {len(alone)} images different scores alone and together with {len(images) - len(alone)} more (they "
            f"differ by up to {np.abs(alone - scores[:FEW]).max():.3g}): a score must depend on the image only, not "
            "on chance or on the rest of a batch; in your own layers, call Dropout and BatchNormalization with the "
            "argument training that call receives, and do not take a mean over the axis of the batch"
        )


def _answering(model: Any, training: bool) -> Callable[[np.ndarray], Any]:
    feed = image_feeder(model)
    groups = model.trainable_variables, model.non_trainable_variables
    values = [[variable.value for variable in group] for group in groups]
    answer = jax.jit(lambda *given: model.stateless_call(*given, training=training)[0])
    return lambda images: answer(*values, feed(jnp.asarray(images)))


def _check_probabilities(scores: np.ndarray, loss: str | KerasLoss) -> None:
    called, needs = name_of_loss(loss), facts_of(loss).scores
    low, high, sums = scores.min(), scores.max(), scores.sum(axis=1)
    came = f"on {len(scores)} training images it gives scores from {low:.3g} to {high:.3g}"
    advice = "end it with a softmax: keras.layers.Dense(num_classes, activation='softmax')"
    if not np.isfinite(scores).all():
        raise _refused(f"{came}, some of them not finite (NaN or infinite), before any training")
    if low < 0:
        raise _refused(f"{came}, and scores must be probabilities, which are not negative; {advice}")
    if needs == "sum to one" and np.abs(sums - 1).max() > 0.02:
        raise _refused(
            f"{came}, and their sum over the classes is {sums.min():.3g} to {sums.max():.3g} where {called} needs 1; "
            f"{advice}, or use loss='binary_crossentropy' for one yes/no question per class"
        )
    if needs == "0 to 1" and high > 1.001:
        raise _refused(f"{came}, and {called} needs scores from 0 to 1; end it with a sigmoid or softmax")


def _is_constant(scores: np.ndarray) -> bool:
    return bool(np.ptp(scores, axis=0).max() <= CONSTANT)


def _check_images_arrive(model: Any, images: np.ndarray) -> None:
    """Refuse a model that cannot tell images apart whatever its weights. The model is changed.

    The weights get noise, since a last layer that begins with zeros still learns. The pass is one of training, where
    batch normalisation divides by what it sees: with its first statistics a deep network (MobileNetV2) lets the signal
    die out. The same images in the other order meet the same dropout masks, so that only images make a difference.
    """
    generator = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign_add(generator.normal(0, 0.05, variable.shape).astype("float32"))
    answer = _answering(model, training=True)
    one, other = (np.asarray(answer(order), np.float32) for order in (images, images[::-1]))
    if np.abs(one - other).max() <= CONSTANT:
        raise _refused(
            f"gives all of {len(images)} different training images the same scores with any weights: the images do "
            "not reach the output; check the layers in between (model.summary())"
        )


def _first_difference(model: Any, other: Any, images: np.ndarray) -> str:
    """The first layer of two models that should be one whose weights or answers differ, in words."""
    pairs = list(zip(layers_of(model), layers_of(other), strict=False))
    for layer, same in pairs:
        weights = zip(own_weights(layer), own_weights(same), strict=False)
        if any(not np.array_equal(np.asarray(a.value), np.asarray(b.value)) for a, b in weights):
            return f"the weights of the layer {layer.name!r} ({type(layer).__name__}) differ"
    try:
        x = np.asarray(image_feeder(model)(jnp.asarray(images[:10])))
        inner = [keras.Model(each.inputs[0], [layer.output for layer in each.layers])(x) for each in (model, other)]
    except Exception:  # a model without a graph of layers
        return "netgain cannot find the layer that differs"
    for layer, ours, theirs in zip(model.layers, *inner, strict=True):
        if not np.allclose(np.asarray(ours, np.float32), np.asarray(theirs, np.float32), rtol=1e-2, atol=1e-3):
            return f"the first layer that differs is {layer.name!r} ({type(layer).__name__})"
    return "no single layer differs"


def _refused(message: str) -> RecipeError:
    return RecipeError("network", [("model", message)])


def _first_line(error: Exception) -> str:
    problems = getattr(error, "problems", None)
    text = problems[0][1] if problems else str(error).strip()
    return text.splitlines()[0][:600] if text else type(error).__name__
