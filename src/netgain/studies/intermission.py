"""How far do all remedies so far take the first network, stacked one on the other?

The lecture leaves it as a question: port the methods back to the original example; "what's the performance you can
reach by now already?" Its starting point is 96.6 %. netgain, 5 seeds, ± test sample ± training: baseline 96.21 ± 0.15 ±
0.07 %; softmax + cross-entropy 96.09 ± 0.13 ± 0.04 % (UNDECIDED, -0.12); + dropout 96.03 ± 0.15 ± 0.09 % (UNDECIDABLE
HERE, -0.06); + early stopping 95.72 ± 0.16 ± 0.15 % (UNDECIDED, -0.32); + rotated copies 95.77 ± 0.16 ± 0.15 %
(UNDECIDABLE HERE, +0.05); + L2 0.01 92.05 ± 0.23 ± 0.19 % (WORSE, -3.72). 1.6 to 4.5 s a network (docs/results.md).

All 60,000 images; each step is compared with the one before. Softmax with rate 1.0 and the strengths of the dropout,
early-stopping, data-expansion and L2 slides. L2 comes last, because that strength is the one that hurts by itself.
"""

from netgain.augmentation import Augmentation
from netgain.recipe import EarlyStopping, Optimizer, load_recipe
from netgain.study import Study

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
    question="How far do softmax, dropout, early stopping, more data and L2 take 784-30-10, one on top of the other?",
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
