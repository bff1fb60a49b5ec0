"""Does momentum help, or does it only act like a larger learning rate?

The lecture: "the loss function converges quicker with momentum method!", shown as curves of single networks. netgain, 5
seeds, ± test sample ± training: baseline 94.08 ± 0.20 ± 0.06 %; momentum 0.9 93.85 ± 0.19 ± 0.07 % (UNDECIDED, -0.23);
Nesterov 0.9 94.03 ± 0.19 ± 0.10 % (UNDECIDED, -0.05); rate 1.0, no momentum 94.05 ± 0.19 ± 0.05 % (EQUIVALENT, -0.03).
2.3 to 3.1 s per network (docs/results.md).

The slide states neither rate nor momentum: 0.1 and the usual 0.9. In the long run momentum m multiplies the step by
1/(1 − m), so the plain rate 1.0 is the control that takes equally long steps without momentum.
"""

from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 18

_BASELINE = load_recipe("small-sample").change("optimizer", Optimizer("sgd", 0.1))
_OPTIMIZERS = {
    "momentum 0.9": Optimizer("sgd", 0.1, momentum=0.9),
    "Nesterov 0.9": Optimizer("sgd", 0.1, momentum=0.9, nesterov=True),
    "rate 1.0, no momentum": Optimizer("sgd", 1.0),
}

STUDY = Study(
    "momentum",
    question="Does momentum, plain or Nesterov's, beat plain gradient descent with the same rate?",
    baseline=_BASELINE,
    arms={name: _BASELINE.change("optimizer", optimizer) for name, optimizer in _OPTIMIZERS.items()},
    picture="loss-curves",
)
