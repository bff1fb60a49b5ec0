"""The six tasks T1 to T6: recipes of netgain, and the same work in words that a peer script reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.families.rnn import RNN
from netgain.networks.strings import Stem
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.reading.recipe import Reader
from netgain.tasks.recipes import load_recipe

IMAGE_SHAPE, NUM_CLASSES, NUM_IMAGES = (28, 28, 1), 10, 60_000
STRING_SHAPE, NUM_CHARACTERS = (32, 128, 1), 10

Layer = dict[str, Any]
"""{"kind": "dense", "units": 512, "activation": "relu"}, or kind conv, pool, flatten, dropout, rows, columns,
recurrent. `rows` and `columns` make time steps of an image's rows or of its maps' columns."""


@dataclass(frozen=True)
class Task:
    """A network to train, timed by the epoch.

    Attributes:
        name: T1 to T6.
        base: makes netgain's recipe.
        epochs: epochs a process trains; the first is left out of the times, the accuracy is taken after the last.
        words: the work in one line.
        num_images: training images or strings, from the start.
    """

    name: str
    base: Callable[[], Recipe | Reader]
    epochs: int
    words: str
    num_images: int = NUM_IMAGES

    @cached_property
    def recipe(self) -> Any:
        """The recipe, a classifier's or (T6) a reader's, with this task's epochs."""
        return self.base().change("epochs", self.epochs)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of what the network sees."""
        return STRING_SHAPE if isinstance(self.recipe, Reader) else IMAGE_SHAPE


def _row_lstm() -> Recipe:
    return Recipe(network=RNN(cell="lstm", units=128), optimizer="adam", batch_size=128)


def _string_gru() -> Reader:
    stem = Stem(filters=(16, 32, 64), pools=((2, 2), (2, 2), (2, 1)))
    network = RNN(cell="gru", units=64, bidirectional=True, stem=stem, dropout=0.2)
    return Reader(network=network, batch_size=16)


TASKS = {
    task.name: task
    for task in (
        Task("T1", lambda: load_recipe("baseline"), 6, "784-30-10 sigmoid, mean squared error, SGD, batch 30"),
        Task("T2", lambda: load_recipe("wide"), 4,
             "784-512-512-10 ReLU, dropout 0.2 of inputs and hidden neurons, Adadelta, batch 128"),
        Task("T3", lambda: load_recipe("convnet"), 3,
             "conv 5×5×16, pooling 2, dropout 0.2, softmax, Adadelta, batch 128"),
        Task("T4", lambda: load_recipe("convnet-deep"), 3,
             "(conv 5×5×32, pooling 2) twice, 512, 512, dropout 0.2, Adadelta, batch 128"),
        Task("T5", _row_lstm, 3, "LSTM of 128 units over the 28 rows, softmax, Adam, batch 128", 12_800),
        Task("T6", _string_gru, 3, "strings of 32×128 pixels: padded conv 3×3×16, 3×3×32, 3×3×64, each pooled, GRU of "
             "64 units in both directions over 32 columns, dropout 0.2, CTC, Adam, batch 16", 3_200),
    )
}  # fmt: skip


def network_for_peers(recipe: Recipe | Reader, seed: int) -> dict[str, Any]:
    """What a peer script needs to train the recipe's network with its own layers and optimizer.

    Raises:
        TypeError: for a network family or a penalty that the peer scripts do not know.
    """
    optimizer = recipe.optimizer
    if not isinstance(optimizer, Optimizer) or optimizer.name not in {"sgd", "adadelta", "adam"}:
        raise TypeError(f"the peer scripts know plain sgd, adadelta and adam, the recipe has {optimizer}")
    if optimizer.momentum or optimizer.schedule:
        raise TypeError(f"the peer scripts know plain sgd, adadelta and adam, the recipe has {optimizer}")
    return {
        "seed": seed,
        "layers": layers_of(recipe),
        "loss": recipe.loss if isinstance(recipe, Recipe) else "ctc",
        "optimizer": {"name": optimizer.name, "learning_rate": optimizer.learning_rate, "rho": 0.95, "epsilon": 1e-7},
        "batch_size": recipe.batch_size,
    }


def layers_of(recipe: Recipe | Reader) -> list[Layer]:
    """The layers of an MLP, a ConvNet or an RNN, in order, from pixels 0..1 to scores.

    >>> [layer["kind"] for layer in layers_of(TASKS["T3"].recipe)]
    ['conv', 'pool', 'flatten', 'dropout', 'dense']
    """
    network = recipe.network
    if isinstance(network, RNN):
        return _recurrent_layers(network, reads=isinstance(recipe, Reader))
    if not isinstance(network, MLP | ConvNet) or network.initial_weights != "glorot_uniform":
        raise TypeError(
            f"the peer scripts know RNN, and MLP and ConvNet with glorot_uniform weights, the recipe has {network}"
        )
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


def _recurrent_layers(network: RNN, *, reads: bool) -> list[Layer]:
    layers: list[Layer] = []
    if network.stem:
        pools = network.stem.pools * (len(network.stem.filters) if len(network.stem.pools) == 1 else 1)
        for filters, pool in zip(network.stem.filters, pools, strict=True):
            size = network.stem.kernel_size
            layers.append({"kind": "conv", "filters": filters, "size": size, "activation": "relu", "padding": "same"})
            layers.append({"kind": "pool", "size": list(pool)})
    layers += [{"kind": "columns" if reads else "rows"}, _dropout(network.dropout if network.stem else 0.0)]
    recurrent = {"cell": network.cell, "units": network.units, "bidirectional": network.bidirectional}
    for number in range(1, network.layers + 1):
        layers.append({"kind": "recurrent", **recurrent, "sequences": reads or number < network.layers})
        layers.append(_dropout(network.dropout))
    units, activation = (NUM_CHARACTERS + 1, None) if reads else (NUM_CLASSES, "softmax")
    layers.append({"kind": "dense", "units": units, "activation": activation})
    return [layer for layer in layers if layer.get("rate") != 0]


def _dropout(rate: float) -> Layer:
    return {"kind": "dropout", "rate": rate}
