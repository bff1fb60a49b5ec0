"""Which part of the doubled network can be removed?

The lecture adds parts up to 99.48 % and does not remove one. netgain, 5 seeds, ± test sample ± training: baseline
99.36 ± 0.06 ± 0.03 %; one convolution 99.14 ± 0.08 ± 0.04 % (WORSE, -0.22); 16 maps 99.33 ± 0.06 ± 0.02 % (EQUIVALENT,
-0.03); no dense layers 99.21 ± 0.07 ± 0.03 % (WORSE, -0.16); no dropout 99.27 ± 0.07 ± 0.04 % (EQUIVALENT, -0.09); SGD
0.1 99.20 ± 0.07 ± 0.02 % (WORSE, -0.17). 47.0 to 148 s per network (docs/results.md).

The last step of the ladder without one of its parts at a time: the steps say what a part adds on the way, this
says what it is worth at the end. Ten epochs for all, a third of the ladder's, to keep `netgain ladder` short.
"""

from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.networks.network import Dropout
from netgain.tasks.recipes import load_recipe

PLACE = 36

_TOP = load_recipe("convnet-deep").change("epochs", 10)

STUDY = Study(
    "leave-one-out",
    question="Which parts of the doubled network improve it?",
    baseline=_TOP,
    arms={
        "one convolution": _TOP.change("network.filters", [32]),
        "16 maps": _TOP.change("network.filters", [16, 16]),
        "no dense layers": _TOP.change("network.dense", []),
        "no dropout": _TOP.change("network.dropout", Dropout()),
        "SGD 0.1": _TOP.change("optimizer", Optimizer("sgd", 0.1)),
    },
    picture="accuracies",
)
