"""Does a reader read longer strings than any that it was trained on?

The lecture: no strings of characters. Graves et al. (2006) made CTC so that no character needs a place of its own; a
public network of this kind reads 96.8 % of MNIST strings of 1 to 10 digits. netgain, 5 seeds, ± test sample ±
training, networks trained on at most 5 digits, on strings of 6 to 8: CTC 86.50 ± 1.00 ± 0.41 %, where p^L of digits
that are read independently is 88.58 %; fixed slots none. 130 to 290 s per network on a busy computer (docs/results.md).

The recipe is `reader` with `longest = 5`; the fixed slots have all 8 places, of which training never fills three.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.studies.examine.string_length import CTC_ALL, CTC_SHORT, LONGEST_TRAINED, SLOTS_SHORT, examine
from netgain.tasks.recipes import load_recipe

PLACE = 44

_ALL = load_recipe("reader")
_SHORT = _ALL.change("longest", LONGEST_TRAINED)
_SLOTS = FixedSlots(slots=8, stem=_ALL.network.stem, dropout=_ALL.network.dropout)

STUDY = Demonstration(
    "string-length",
    question="Does a reader read longer strings than any that it was trained on?",
    recipes={CTC_SHORT: _SHORT, SLOTS_SHORT: _SHORT.change("network", _SLOTS), CTC_ALL: _ALL},
    examine=examine,
    lecture_says="nothing of strings: it classifies single digits.",
)
