"""Does any of the adaptive optimizers beat plain gradient descent on the small network?

The lecture: "with our simple network SGD actually performs very well!", shown as curves of single networks. netgain:
see docs/results.md (5 seeds, ± test sample ± training).

SGD with the 1.0 of the slides, the others with the default rates of the Keras of that time.
"""

from netgain.recipe import Optimizer, load_recipe
from netgain.study import Study

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
