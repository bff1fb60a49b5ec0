"""How good is the first network with all techniques so far, added one after another?

The lecture leaves it as a question: port the methods back to the original example; "what's the performance you can
reach by now already?" Its starting point is 96.6 %. netgain, 5 seeds, ± test sample ± training: baseline 96.21 ± 0.15 ±
0.07 %; softmax + cross-entropy 96.09 ± 0.13 ± 0.04 % (UNDECIDED, -0.12); + dropout 96.03 ± 0.15 ± 0.09 % (UNDECIDABLE
HERE, -0.06); + early stopping 95.72 ± 0.16 ± 0.15 % (UNDECIDED, -0.32); + rotated copies 95.77 ± 0.16 ± 0.15 %
(UNDECIDABLE HERE, +0.05); + L2 0.01 92.05 ± 0.23 ± 0.19 % (WORSE, -3.72). 1.6 to 4.5 s per network (docs/results.md).

All 60,000 images; each step is compared with the step before. Softmax with rate 1.0 and the strengths of the dropout,
early-stopping, data-expansion and L2 slides. L2 is last, because alone it makes the network worse.
"""

from netgain.experiment.augmentation import Augmentation
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 15

_BASELINE = load_recipe("baseline")
_SOFTMAX = (
    _BASELINE.change("network.output", "softmax")
    .change("loss", "categorical_crossentropy")
    .change("optimizer", Optimizer("sgd", 1.0))
)
_DROPOUT = _SOFTMAX.change("network.dropout", 0.2)
_STOPPED = _DROPOUT.change("validation_size", 10_000).change("early_stopping", EarlyStopping(patience=3))
_EXPANDED = _STOPPED.change("augmentation", Augmentation(copies=((5, 25), (-25, -5))))

STUDY = Study(
    "intermission",
    question="How good is 784-30-10 with softmax, dropout, early stopping, more data and L2, added one by one?",
    baseline=_BASELINE,
    arms={
        "softmax + cross-entropy": _SOFTMAX,
        "+ dropout": _DROPOUT,
        "+ early stopping": _STOPPED,
        "+ rotated copies": _EXPANDED,
        "+ L2 0.01": _EXPANDED.change("network.l2.output", 0.01),
    },
    against={
        "+ dropout": "softmax + cross-entropy",
        "+ early stopping": "+ dropout",
        "+ rotated copies": "+ early stopping",
        "+ L2 0.01": "+ rotated copies",
    },
    lecture={"baseline": 0.966},
    picture="accuracies",
)
