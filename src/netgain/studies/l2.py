"""Does an L2 penalty of 0.01 on the output layer help?

TBD
"""

from netgain.recipe import load_recipe
from netgain.study import Study

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "l2",
    question="Does an L2 penalty of 0.01 on the weights of the output layer help?",
    baseline=_BASELINE,
    arms={"L2 0.01": _BASELINE.change("network.l2.output", 0.01)},
)
