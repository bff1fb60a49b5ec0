"""Does dropping 20 % of the inputs and of the hidden neurons help?

TBD
"""

from netgain.recipe import load_recipe
from netgain.study import Study

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "dropout",
    question="Does dropping 20 % of the inputs and of the hidden neurons help?",
    baseline=_BASELINE,
    arms={"dropout 0.2": _BASELINE.change("network.dropout", 0.2)},
)
