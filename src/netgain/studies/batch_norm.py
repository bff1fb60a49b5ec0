"""Does batch normalization train a network faster, and at a higher learning rate?

The lecture: sigmoid neurons learn slowly where their inputs are large; no batch normalization, no figure. Ioffe and
Szegedy (2015) reach the accuracy of a network for ImageNet in a fourteenth of the updates, at a higher rate. netgain, 5
seeds, ± test sample ± training: see docs/results.md.

Plain gradient descent for 5 epochs, so that speed counts. Two more numbers per map and hidden neuron are trained, 0.5 %
of the weights. A network that diverges counts with the answers that it gave.
"""

from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 36.7

_BASELINE = load_recipe("small-convnet").change("optimizer", Optimizer("sgd", 0.1)).change("epochs", 5)
_HIGH = _BASELINE.change("optimizer.learning_rate", 1.0)

STUDY = Study(
    "batch-norm",
    question="Does batch normalization help in a short training, and does it permit ten times the learning rate?",
    baseline=_BASELINE,
    arms={
        "batch norm": _BASELINE.change("network.batch_norm", True),
        "high rate": _HIGH,
        "high rate, batch norm": _HIGH.change("network.batch_norm", True),
    },
)
