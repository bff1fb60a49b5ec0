"""Which ingredient of the doubled network can be left out?

The lecture stacks them up to 99.48 % and takes none away again. netgain, 5 seeds, ± test sample ± training: baseline
99.36 ± 0.06 ± 0.03 %; one convolution 99.14 ± 0.08 ± 0.04 % (WORSE, -0.22); 16 maps 99.33 ± 0.06 ± 0.02 % (EQUIVALENT,
-0.03); no dense layers 99.21 ± 0.07 ± 0.03 % (WORSE, -0.16); no dropout 99.27 ± 0.07 ± 0.04 % (EQUIVALENT, -0.09); SGD
0.1 99.20 ± 0.07 ± 0.02 % (WORSE, -0.17). 47.0 to 148 s a network (docs/results.md).

The top of the ladder with one ingredient less at a time: the steps tell what an ingredient adds on the way up, this
tells what it is worth at the top. Ten epochs for all, a third of the ladder's, to keep `netgain ladder` short.
"""

from netgain.networks.network import Dropout
from netgain.recipe import Optimizer, load_recipe
from netgain.study import Study

PLACE = 36

_TOP = load_recipe("convnet-deep").change("epochs", 10)

STUDY = Study(
    "leave-one-out",
    question="Which ingredient of the doubled network is worth its place?",
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
