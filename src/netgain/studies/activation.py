"""Is ReLU, or the hyperbolic tangent, better than the sigmoid in a larger network?

The lecture: ReLU "improves" 784-256-256-10 within 40 epochs, shown as curves of one network each. netgain, 5 seeds, ±
test sample ± training: baseline 95.61 ± 0.18 ± 0.02 %; tanh 95.69 ± 0.18 ± 0.04 % (EQUIVALENT, +0.08); ReLU 96.30 ±
0.17 ± 0.01 % (BETTER, +0.69). 7.9 to 8.1 s per network (docs/results.md).

Rates as on the slide, 1.0 for the sigmoid and 0.2 for ReLU; the tangent, which is not on the slide, has 0.2 too. The
axis of the slide belongs to 10,000 images.
"""

from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.networks.families.mlp import MLP
from netgain.networks.network import Activation
from netgain.studies.examine.activation import sigmoid_is_a_tanh
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

PLACE = 21


def _with(activation: Activation, learning_rate: float) -> Recipe:
    network = MLP(hidden=(256, 256), activation=activation)
    recipe = load_recipe("small-sample").change("epochs", 40).change("network", network)
    return recipe.change("optimizer", Optimizer("sgd", learning_rate))


STUDY = Study(
    "activation",
    question="Does ReLU, or the hyperbolic tangent, beat the sigmoid in 784-256-256-10?",
    baseline=_with("sigmoid", 1.0),
    arms={"tanh": _with("tanh", 0.2), "ReLU": _with("relu", 0.2)},
    claims={"ReLU": "better"},
    examine=sigmoid_is_a_tanh,
)
