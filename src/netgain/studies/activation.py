"""Is ReLU, or the hyperbolic tangent, better than the sigmoid in a larger network?

The lecture: ReLU "improves" 784-256-256-10 within 40 epochs, shown as curves of one network each. netgain: see
docs/results.md (5 seeds, ± test sample ± training).

Rates as on the slide, 1.0 for the sigmoid and 0.2 for ReLU; the tangent, which the slide leaves out, has 0.2 too. The
axis of the slide belongs to 10,000 images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgain.networks.mlp import MLP
from netgain.networks.network import Activation
from netgain.recipe import Optimizer, Recipe, load_recipe
from netgain.study import Study

if TYPE_CHECKING:
    from netgain.result import StudyResult

PLACE = 21


def _with(activation: Activation, learning_rate: float) -> Recipe:
    network = MLP(hidden=(256, 256), activation=activation)
    recipe = load_recipe("small-sample").change("epochs", 40).change("network", network)
    return recipe.change("optimizer", Optimizer("sgd", learning_rate))


def identity_error() -> float:
    """The largest difference between σ(z) and (1 + tanh(z/2))/2 for z from -20 to 20."""
    z = np.linspace(-20, 20, 4001)
    return float(np.abs(1 / (1 + np.exp(-z)) - (1 + np.tanh(z / 2)) / 2).max())


def _remarks(result: StudyResult) -> list[str]:
    del result  # it is a statement about functions, not about these networks
    return [
        "σ(z) = (1 + tanh(z/2))/2, the slide's identity, holds to "
        f"{identity_error():.0e} between −20 and 20: the tangent is a sigmoid stretched to −1..1."
    ]


STUDY = Study(
    "activation",
    question="Does ReLU, or the hyperbolic tangent, beat the sigmoid in 784-256-256-10?",
    baseline=_with("sigmoid", 1.0),
    arms={"tanh": _with("tanh", 0.2), "ReLU": _with("relu", 0.2)},
    remarks=_remarks,
)
