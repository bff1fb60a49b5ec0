"""Does any of the adaptive optimizers beat plain gradient descent on the small network?

The lecture: "with our simple network SGD actually performs very well!", shown as curves of single networks. netgain, 5
seeds, ± test sample ± training: baseline 94.05 ± 0.19 ± 0.05 %; Adagrad 92.12 ± 0.25 ± 0.04 % (WORSE, -1.93); Adadelta
93.65 ± 0.20 ± 0.07 % (WORSE, -0.41); RMSprop 93.33 ± 0.20 ± 0.11 % (WORSE, -0.73); Adam 93.30 ± 0.20 ± 0.07 % (WORSE,
-0.75); Adamax 93.63 ± 0.21 ± 0.08 % (WORSE, -0.43); Nadam 93.38 ± 0.20 ± 0.08 % (WORSE, -0.67). 2.3 to 3.4 s per
network (docs/results.md).

SGD with the 1.0 of the slides, the others with the default rates of the Keras of that time.
"""

from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 20

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "optimizers",
    question="Does an optimizer with adaptive rates beat plain gradient descent on 784-30-10?",
    baseline=_BASELINE,
    arms={
        "Adagrad": _BASELINE.change("optimizer", Optimizer("adagrad")),
        "Adadelta": _BASELINE.change("optimizer", Optimizer("adadelta")),
        "RMSprop": _BASELINE.change("optimizer", Optimizer("rmsprop")),
        "Adam": _BASELINE.change("optimizer", Optimizer("adam")),
        "Adamax": _BASELINE.change("optimizer", Optimizer("adamax")),
        "Nadam": _BASELINE.change("optimizer", Optimizer("nadam")),
    },
)
