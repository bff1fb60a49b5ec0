"""One compiled epoch: a scan over mini-batches around the Keras model's stateless call, and one compiled evaluation.

A scan costs one call to the device per epoch, while Keras' `fit` makes one per batch; docs/performance.md has what
that gains. Unrolling it gains nothing more: with 1, 2, 4 and 8 of the 2,000 steps of the lecture's smallest network
in a row, an epoch took 0.089, 0.089, 0.089 and 0.090 s (medians of 6, two networks at once, two cores of an AMD EPYC).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras

from netgain.engine import native
from netgain.engine.augment import Augmenter
from netgain.engine.chunks import chunk_size, gradient_in_chunks
from netgain.engine.inputs import ImageFeeder

Targets = Any
"""What answers are compared with: arrays `[N, ...]`, one of them or a tree; the engine only takes items out of them."""


class Goal(NamedTuple):
    """What makes answers good or bad.

    Attributes:
        loss: from targets and answers of a batch to their loss, the mean over the batch.
        counts: from the same to what is counted, each a sum over the batch, such as how many answers are right.
        by_item: whether the loss is the mean of a loss of each item, so that a batch may be learnt from in parts.
    """

    loss: Callable[[Targets, jax.Array], Any]
    counts: Callable[[Targets, jax.Array], dict[str, jax.Array]]
    by_item: bool = True


EVALUATION_CHUNK = 100
"""Images scored at once: few enough that a convolution's columns stay in the cache."""

EVALUATION_CHUNK_ON_GPU = 500
"""The same on a graphics card, for each seed: enough to fill it, and few enough for its memory with many seeds."""


class State(NamedTuple):
    """Everything that training changes, as lists of arrays in Keras' order."""

    trainable: list[jax.Array]
    non_trainable: list[jax.Array]
    slots: list[jax.Array]


def state_of(model: keras.Model, optimizer: keras.Optimizer) -> State:
    """The current values of a model's and its optimizer's variables."""
    variables = model.trainable_variables, model.non_trainable_variables, optimizer.variables
    return State(*([variable.value for variable in group] for group in variables))


def evaluated_weights(optimizer: keras.Optimizer, state: State) -> list[jax.Array]:
    """The trainable weights that are evaluated and saved: their running means where the optimizer keeps them.

    Keras calls this `use_ema`, and puts the means in the weights' place at the end of `fit`.
    """
    means = _running_means(optimizer)
    if not means:
        return state.trainable
    places = {id(variable): place for place, variable in enumerate(optimizer.variables)}
    of_weights = zip(means, state.trainable, strict=True)
    return [weight if mean is None else state.slots[places[id(mean)]] for mean, weight in of_weights]


def begin_running_means(model: keras.Model, optimizer: keras.Optimizer) -> None:
    """Let the means begin with the first weights, for an evaluation before the first update, which replaces them."""
    for mean, weight in zip(_running_means(optimizer), model.trainable_variables, strict=False):
        if mean is not None:
            mean.assign(jnp.copy(weight.value))  # the first epoch takes over the memory of both


def _running_means(optimizer: Any) -> list[Any]:
    return optimizer._model_variables_moving_average if optimizer.use_ema else []


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
    goal: Goal,
    batch_size: int,
    augment: Augmenter | None = None,
) -> Callable[..., tuple[State, dict[str, jax.Array]]]:
    """The epoch to compile: `(state, images, targets, order, keys) -> (state, means)`.

    images: uint8 `[N, H, W, C]`; targets: `[N, ...]`; order: int32 `[N]`, the images in the order in which
    they are seen. The last batch is as large as what is left, as in Keras. The means, of the loss and of each of the
    goal's counts, are over the images as they were seen: in training mode, each with the weights of its step. With
    `augment`, `keys` holds each step's key, uint32 `[steps, 2]`, and the images of a step are changed by it, and their
    targets where images are mixed; else None.
    """
    chunk = chunk_size(model, batch_size) if goal.by_item else batch_size

    def step(
        state: State, index: jax.Array, key: jax.Array | None, images: jax.Array, targets: Targets
    ) -> tuple[State, Any]:
        chosen, y = feed.take(images, index), jax.tree.map(lambda target: target[index], targets)
        if augment is not None and key is not None:
            chosen, y = augment(key, chosen, y)
        x = feed.shaped(chosen)

        def objective(trainable: list[jax.Array], x: jax.Array, y: Targets) -> tuple[Any, tuple[Any, jax.Array]]:
            answers, non_trainable, penalties = call(model, trainable, state.non_trainable, x, training=True)
            return goal.loss(y, answers) + sum(penalties), (non_trainable, answers)

        (value, (non_trainable, answers)), gradients = gradient_in_chunks(objective, chunk, state.trainable, x, y)
        updated: Any = optimizer.stateless_apply(state.slots, gradients, state.trainable)
        trainable, slots = updated
        return State(trainable, non_trainable, slots), {"loss": value * len(index), **goal.counts(y, answers)}

    def epoch(state: State, images: jax.Array, targets: Targets, order: jax.Array, keys: jax.Array | None) -> Any:
        num_full = len(order) // batch_size
        full = order[: num_full * batch_size].reshape(num_full, batch_size)
        steps = full, None if keys is None else keys[:num_full]
        state, of_steps = jax.lax.scan(lambda s, indexed: step(s, *indexed, images, targets), state, steps)
        totals = {name: values.sum() for name, values in of_steps.items()}
        if rest := len(order) - num_full * batch_size:
            state, last = step(state, order[-rest:], None if keys is None else keys[-1], images, targets)
            totals = {name: total + last[name] for name, total in totals.items()}
        return state, {name: total / len(order) for name, total in totals.items()}

    return epoch


def evaluation_function(
    model: keras.Model, feed: ImageFeeder, optimizer: keras.Optimizer, goal: Goal
) -> Callable[..., tuple[dict[str, jax.Array], jax.Array]]:
    """The evaluation to compile: `(state, images, targets) -> (means, answers [n, ...])`, in inference mode.

    With the running means of the weights, where the optimizer keeps them. The answers are float32, whatever the model
    computes in.
    """
    by_image = _penalties_depend_on_images(model)

    def evaluation(state: State, images: jax.Array, targets: Targets) -> tuple[dict[str, jax.Array], jax.Array]:
        weights = evaluated_weights(optimizer, state), state.non_trainable

        def of_chunk(chunk: jax.Array, of_images: Targets) -> tuple[Any, jax.Array]:
            answers, _, penalties = call(model, *weights, feed(chunk), training=False)
            answers = answers.astype(jnp.float32)
            value = goal.loss(of_images, answers)
            return value + sum(penalties) if by_image else value, answers

        mean_loss, answers = in_chunks(of_chunk, images, targets)
        if not by_image:
            _, _, penalties = call(model, *weights, feed(images[:1]), training=False)
            mean_loss += sum(penalties)
        counts = {name: count / len(images) for name, count in goal.counts(targets, answers).items()}
        return {"loss": mean_loss, **counts}, answers

    return evaluation


def _penalties_depend_on_images(model: keras.Model) -> bool:
    """Whether what the layers add to the loss may be of their answers, and not of their weights alone."""
    layers: list[Any] = list(model._flatten_layers(include_self=True))
    return any(layer.activity_regularizer or not type(layer).__module__.startswith("keras.") for layer in layers)


def in_chunks(
    of_chunk: Callable[[jax.Array, Targets], tuple[Any, jax.Array]], images: jax.Array, targets: Targets
) -> tuple[Any, jax.Array]:
    """The mean loss and the answers `[n, ...]`, a chunk after the other: only the answers are as many as the images."""
    size = EVALUATION_CHUNK_ON_GPU if native.on_card() else EVALUATION_CHUNK
    num_full = len(images) // size
    cut = num_full * size
    total, answers = 0.0, []
    if num_full:
        full = jax.tree.map(lambda part: part[:cut].reshape(num_full, size, *part.shape[1:]), (images, targets))
        losses, mapped = jax.lax.map(lambda chunk: of_chunk(*chunk), full)
        total += size * losses.sum()
        answers.append(mapped.reshape(cut, *mapped.shape[2:]))
    if cut < len(images):
        rest, of_rest = of_chunk(images[cut:], jax.tree.map(lambda target: target[cut:], targets))
        total += (len(images) - cut) * rest
        answers.append(of_rest)
    return total / len(images), jnp.concatenate(answers)


def call(
    model: keras.Model, trainable: list[jax.Array], non_trainable: list[jax.Array], x: Any, *, training: bool
) -> tuple[jax.Array, list[jax.Array], list[jax.Array]]:
    """Answers, the changed non-trainable variables, and the penalties λΣw², λΣ|w| that Keras adds to the loss.

    x: what the model takes, an array `[B, ...]`, or a list of them for a model of several inputs.
    """
    answer: Any = model.stateless_call(trainable, non_trainable, x, training=training, return_losses=True)
    return answer
