"""The four tasks T1 to T4: recipes that netgain brings along, and the same work in words a peer script reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

IMAGE_SHAPE, NUM_CLASSES, NUM_IMAGES = (28, 28, 1), 10, 60_000

Layer = dict[str, Any]
"""{"kind": "dense", "units": 512, "activation": "relu"}, or kind conv, pool, flatten, dropout."""


@dataclass(frozen=True)
class Task:
    """A network to train, timed by the epoch.

    Attributes:
        name: T1 to T4.
        recipe_name: netgain's recipe.
        epochs: epochs a process trains; the first is left out of the times, the accuracy is taken after the last.
        words: the work in one line.
    """

    name: str
    recipe_name: str
    epochs: int
    words: str

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe, with this task's epochs."""
        return load_recipe(self.recipe_name).change("epochs", self.epochs)


TASKS = {
    task.name: task
    for task in (
        Task("T1", "baseline", 6, "784-30-10 sigmoid, mean squared error, SGD, batch 30"),
        Task("T2", "wide", 4, "784-512-512-10 ReLU, dropout 0.2 of inputs and hidden neurons, Adadelta, batch 128"),
        Task("T3", "convnet", 3, "conv 5×5×16, pooling 2, dropout 0.2, softmax, Adadelta, batch 128"),
        Task("T4", "convnet-deep", 3, "(conv 5×5×32, pooling 2) twice, 512, 512, dropout 0.2, Adadelta, batch 128"),
    )
}  # fmt: skip


def network_for_peers(recipe: Recipe, seed: int) -> dict[str, Any]:
    """What a peer script needs to train the recipe's network with its own layers and optimizer.

    Raises:
        TypeError: for a network family or a penalty that the peer scripts do not know.
    """
    optimizer = recipe.optimizer
    if optimizer.name not in {"sgd", "adadelta"} or optimizer.momentum or optimizer.schedule:
        raise TypeError(f"the peer scripts know plain sgd and adadelta, the recipe has {optimizer}")
    return {
        "seed": seed,
        "layers": layers_of(recipe),
        "loss": recipe.loss,
        "optimizer": {"name": optimizer.name, "learning_rate": optimizer.learning_rate, "rho": 0.95, "epsilon": 1e-7},
        "batch_size": recipe.batch_size,
    }


def layers_of(recipe: Recipe) -> list[Layer]:
    """The layers of an MLP or a ConvNet, in order, from pixels 0..1 to scores.

    >>> [layer["kind"] for layer in layers_of(TASKS["T3"].recipe)]
    ['conv', 'pool', 'flatten', 'dropout', 'dense']
    """
    network = recipe.network
    if not isinstance(network, MLP | ConvNet) or network.initial_weights != "glorot_uniform":
        raise TypeError(f"the peer scripts know MLP and ConvNet with glorot_uniform weights, the recipe has {network}")
    layers = [_dropout(network.dropout.input)]
    if isinstance(network, ConvNet):
        for filters, size in zip(network.filters, network.kernel_size, strict=True):
            layers.append({"kind": "conv", "filters": filters, "size": size, "activation": network.activation})
            layers.append({"kind": "pool", "size": network.pool_size})
    layers.append({"kind": "flatten"})
    if isinstance(network, ConvNet):
        layers.append(_dropout(network.dropout.hidden))
    for units in network.hidden if isinstance(network, MLP) else network.dense:
        layers.append({"kind": "dense", "units": units, "activation": network.activation})
        layers.append(_dropout(network.dropout.hidden))
    layers.append({"kind": "dense", "units": NUM_CLASSES, "activation": network.output})
    return [layer for layer in layers if layer.get("rate") != 0]


def _dropout(rate: float) -> Layer:
    return {"kind": "dropout", "rate": rate}
