"""One compiled epoch: a scan over mini-batches around the Keras model's stateless call, and one compiled evaluation.

A scan costs one call to the device an epoch, where Keras' `fit` makes one a batch; docs/performance.md has what
that gains. Unrolling it gains nothing more: with 1, 2, 4 and 8 of the 2,000 steps of the lecture's smallest network
in a row, an epoch took 0.089, 0.089, 0.089 and 0.090 s (medians of 6, two networks at once, two cores of an AMD EPYC).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras

from netgain.data.augment import Augmenter
from netgain.engine.chunks import chunk_size, gradient_in_chunks
from netgain.engine.inputs import ImageFeeder

Loss = Callable[[jax.Array, jax.Array], Any]
"""Targets and scores `[B, K]` -> their loss, the mean over the batch."""

EVALUATION_CHUNK = 100
"""Images scored at once: few enough that a convolution's columns stay in the cache."""


class State(NamedTuple):
    """Everything that training changes, as lists of arrays in Keras' order."""

    trainable: list[jax.Array]
    non_trainable: list[jax.Array]
    slots: list[jax.Array]


def state_of(model: keras.Model, optimizer: keras.Optimizer) -> State:
    """The present values of a model's and its optimizer's variables."""
    variables = model.trainable_variables, model.non_trainable_variables, optimizer.variables
    return State(*([variable.value for variable in group] for group in variables))


def put_weights(model: keras.Model, state: State) -> None:
    """Write a state's weights back into the model."""
    for variable, value in zip(model.trainable_variables, state.trainable, strict=True):
        variable.assign(value)
    for variable, value in zip(model.non_trainable_variables, state.non_trainable, strict=True):
        variable.assign(value)


def epoch_function(
    model: keras.Model,
    feed: ImageFeeder,
    optimizer: keras.Optimizer,
    loss: Loss,
    num_classes: int,
    batch_size: int,
    augment: Augmenter | None = None,
) -> Callable[..., tuple[State, jax.Array, jax.Array]]:
    """The epoch to compile: `(state, images, labels, order, keys) -> (state, mean loss, accuracy)`.

    images: uint8 `[N, H, W, C]`; labels: int32 `[N]`; order: int32 `[N]`, the images in the order in which
    they are seen. The last batch is as large as what is left, as in Keras. Loss and accuracy are means over
    the images as they were seen: in training mode, each with the weights of its step. With `augment`, `keys` holds
    each step's key, uint32 `[steps, 2]`, and the images of a step are changed by it; else it is None.
    """
    chunk = chunk_size(model, batch_size)

    def step(
        state: State, index: jax.Array, key: jax.Array | None, images: jax.Array, labels: jax.Array
    ) -> tuple[State, Any]:
        chosen, y = feed.take(images, index), labels[index]
        x = feed.shaped(chosen if augment is None or key is None else augment(key, chosen))

        def objective(trainable: list[jax.Array], x: jax.Array, y: jax.Array) -> tuple[Any, tuple[Any, jax.Array]]:
            scores, non_trainable, penalties = _call(model, trainable, state.non_trainable, x, training=True)
            return loss(jax.nn.one_hot(y, num_classes), scores) + sum(penalties), (non_trainable, scores)

        (value, (non_trainable, scores)), gradients = gradient_in_chunks(objective, chunk, state.trainable, x, y)
        updated: Any = optimizer.stateless_apply(state.slots, gradients, state.trainable)
        trainable, slots = updated
        right = jnp.sum(scores.argmax(-1) == y)
        return State(trainable, non_trainable, slots), (value * len(index), right)

    def epoch(state: State, images: jax.Array, labels: jax.Array, order: jax.Array, keys: jax.Array | None) -> Any:
        num_full = len(order) // batch_size
        full = order[: num_full * batch_size].reshape(num_full, batch_size)
        steps = full, None if keys is None else keys[:num_full]
        state, (losses, rights) = jax.lax.scan(lambda s, indexed: step(s, *indexed, images, labels), state, steps)
        total, right = losses.sum(), rights.sum()
        if rest := len(order) - num_full * batch_size:
            state, (last_loss, last_right) = step(
                state, order[-rest:], None if keys is None else keys[-1], images, labels
            )
            total, right = total + last_loss, right + last_right
        return state, total / len(order), right / len(order)

    return epoch


def evaluation_function(
    model: keras.Model, feed: ImageFeeder, loss: Loss, num_classes: int
) -> Callable[..., tuple[jax.Array, jax.Array, jax.Array]]:
    """The evaluation to compile: `(state, images, labels) -> (loss, accuracy, scores [n, K])`, in inference mode.

    The scores are float32, whatever the model computes in.
    """
    by_image = _penalties_depend_on_images(model)

    def evaluation(state: State, images: jax.Array, labels: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        def of_chunk(chunk: jax.Array, of_images: jax.Array) -> tuple[Any, jax.Array]:
            scores, _, penalties = _call(model, state.trainable, state.non_trainable, feed(chunk), training=False)
            scores = scores.astype(jnp.float32)
            value = loss(jax.nn.one_hot(of_images, num_classes), scores)
            return value + sum(penalties) if by_image else value, scores

        mean_loss, scores = _in_chunks(of_chunk, images, labels)
        if not by_image:
            _, _, penalties = _call(model, state.trainable, state.non_trainable, feed(images[:1]), training=False)
            mean_loss += sum(penalties)
        return mean_loss, jnp.mean(scores.argmax(-1) == labels), scores

    return evaluation


def _penalties_depend_on_images(model: keras.Model) -> bool:
    """Whether what the layers add to the loss may be of their answers, and not of their weights alone."""
    layers: list[Any] = list(model._flatten_layers(include_self=True))
    return any(layer.activity_regularizer or not type(layer).__module__.startswith("keras.") for layer in layers)


def _in_chunks(
    of_chunk: Callable[[jax.Array, jax.Array], tuple[Any, jax.Array]], images: jax.Array, labels: jax.Array
) -> tuple[Any, jax.Array]:
    """The mean loss and the scores `[n, K]`, a chunk after the other: only the scores are as many as the images."""
    num_full = len(images) // EVALUATION_CHUNK
    cut = num_full * EVALUATION_CHUNK
    total, scores = 0.0, []
    if num_full:
        chunks = [part[:cut].reshape(num_full, EVALUATION_CHUNK, *part.shape[1:]) for part in (images, labels)]
        losses, mapped = jax.lax.map(lambda chunk: of_chunk(*chunk), chunks)
        total += EVALUATION_CHUNK * losses.sum()
        scores.append(mapped.reshape(cut, mapped.shape[-1]))
    if cut < len(images):
        rest, of_rest = of_chunk(images[cut:], labels[cut:])
        total += (len(images) - cut) * rest
        scores.append(of_rest)
    return total / len(images), jnp.concatenate(scores)


def _call(
    model: keras.Model, trainable: list[jax.Array], non_trainable: list[jax.Array], x: jax.Array, *, training: bool
) -> tuple[jax.Array, list[jax.Array], list[jax.Array]]:
    """Scores, the changed non-trainable variables, and the penalties λΣw², λΣ|w| that Keras adds to the loss."""
    answer: Any = model.stateless_call(trainable, non_trainable, x, training=training, return_losses=True)
    return answer
