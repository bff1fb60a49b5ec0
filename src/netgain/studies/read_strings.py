"""Which network reads strings of digits that nobody has cut apart?

The lecture: single digits only, no figure for strings. A public network with CTC reads 96.8 % of MNIST strings of 1 to
10 digits; real cheques (ORAND-CAR) are read to 90 to 91 %. netgain, 5 seeds, ± test sample ± training: see
docs/results.md.

All are trained as `reader` is, with its convolutional stem, and have 64 units in each direction. The fixed slots have
the stem, a dense layer of 256 neurons and one softmax for each of 8 places. Gradients are clipped at the norm of
`reader`, in one arm they are not.
"""

from netgain.experiment.study import Study
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.tasks.recipes import load_recipe

PLACE = 42

_BOTH_WAYS = load_recipe("reader").change("network.cell", "gru").change("network.bidirectional", True)
_SLOTS = FixedSlots(slots=8, stem=_BOTH_WAYS.network.stem, dropout=_BOTH_WAYS.network.dropout)
_ONE_WAY = _BOTH_WAYS.change("network.bidirectional", False)
_SIMPLE = _ONE_WAY.change("network.cell", "simple")

STUDY = Study(
    "read-strings",
    question="Which network reads strings best: fixed slots or a recurrent one, with or without gates, in both ways?",
    baseline=_BOTH_WAYS.change("network", _SLOTS),
    arms={
        "simple": _SIMPLE,
        "simple, not clipped": _SIMPLE.change("optimizer.clip_norm", None),
        "LSTM": _ONE_WAY.change("network.cell", "lstm"),
        "GRU": _ONE_WAY,
        "GRU, both ways": _BOTH_WAYS,
    },
    against={"simple, not clipped": "simple", "LSTM": "simple", "GRU": "simple", "GRU, both ways": "GRU"},
    picture="accuracies",
)
