"""Which network reads strings of digits that nobody has cut apart?

The lecture: single digits only, no figure for strings. A public network with CTC reads 96.8 % of MNIST strings of 1 to
10 digits; real cheques (ORAND-CAR) are read to 90 to 91 %. netgain, 5 seeds, ± test sample ± training: see
docs/results.md.

All but the fixed slots have the convolutional stem, the loss and the training of `reader`; the slots have the stem and
a dense layer. A gradient is clipped at a norm of 1.
"""

from netgain.experiment.study import Study
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.tasks.recipes import load_recipe

PLACE = 42

_TWO_WAYS = load_recipe("reader").change("network.cell", "gru").change("network.bidirectional", True)
_ONE_WAY = _TWO_WAYS.change("network.bidirectional", False)
_SIMPLE = _ONE_WAY.change("network.cell", "simple")

STUDY = Study(
    "read-strings",
    question="Which network reads strings best: fixed slots or a recurrent one, with or without gates, in both ways?",
    baseline=_TWO_WAYS.change("network", FixedSlots(slots=8)),
    arms={
        "simple": _SIMPLE,
        "simple, clipped": _SIMPLE.change("optimizer.clip_norm", 1.0),
        "LSTM": _ONE_WAY.change("network.cell", "lstm"),
        "GRU": _ONE_WAY,
        "GRU, both ways": _TWO_WAYS,
    },
    against={"simple, clipped": "simple", "LSTM": "simple", "GRU": "simple", "GRU, both ways": "GRU"},
    picture="accuracies",
)
