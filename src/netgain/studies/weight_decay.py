"""Does weight decay help with Adam, and is it the same as an L2 penalty?

The lecture: with an L2 penalty every update shrinks the weights; no figure with Adam. Loshchilov and Hutter (2019):
with Adam the two differ, as Adam divides the penalty's gradient by its size. netgain, 5 seeds, ± test sample ±
training: see docs/results.md.

Decay λ takes ηλw from every weight in every update, beside Adam's step. For plain gradient descent it is the penalty
(λ/2)w², so the arms with a penalty of λ/2 on all layers are its counterparts. The rate η falls, and the decay with it.
"""

from netgain.experiment.study import Study
from netgain.networks.network import Strengths
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

PLACE = 36.2

_BASELINE = load_recipe("small-convnet")


def _penalized(decay: float) -> Recipe:
    half = decay / 2
    return _BASELINE.change("network.l2", Strengths(conv=half, hidden=half, output=half))


STUDY = Study(
    "weight-decay",
    question="Does decoupled weight decay help with Adam, and does an L2 penalty do the same?",
    baseline=_BASELINE,
    arms={
        "decay 0.01": _BASELINE.change("optimizer.weight_decay", 0.01),
        "decay 0.1": _BASELINE.change("optimizer.weight_decay", 0.1),
        "decay 1": _BASELINE.change("optimizer.weight_decay", 1.0),
        "L2 penalty for decay 0.01": _penalized(0.01),
    },
)
