"""Why does a reader answer nothing at all for its first hundreds of updates?

The lecture: no strings of characters; its plateau is that of a neuron that starts out wrong. With CTC the blank is a
right answer at most time steps, so it is learnt first. netgain, 5 seeds: from update 125 at the latest to update 250 to
750 at least 99 % of the steps are blank, and the loss stays at 10.7. After 2,500 updates two of five networks have a
label error below 10 %, the others of up to 53.5 %. 89 to 100 s per network (docs/results.md).

The recipe is `reader` on 2,000 strings, so that an epoch has few updates; measured on 500 strings that it never saw.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.blanks_first import MEASUREMENT, READER, examine
from netgain.tasks.recipes import load_recipe

PLACE = 45

_FEW = load_recipe("reader").change("train_size", 2000).change("validation_size", 500).change("epochs", 20)

STUDY = Demonstration(
    "blanks-first",
    question="Why does a reader answer nothing at all for its first hundreds of updates?",
    recipes={READER: _FEW},
    examine=examine,
    measurement=MEASUREMENT,
    lecture_says="nothing of strings; a neuron that starts out wrong learns nothing for a while, and then quickly.",
)
