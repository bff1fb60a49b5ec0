"""How much does the learning rate matter?

The lecture: too small a rate takes long, too large a rate makes the learning "more likely a random walk", shown as
curves of single networks. netgain, 5 seeds, ± test sample ± training: baseline 94.05 ± 0.19 ± 0.05 %; rate 0.01 92.01 ±
0.25 ± 0.07 % (WORSE, -2.05); rate 0.1 94.08 ± 0.20 ± 0.06 % (EQUIVALENT, +0.03); rate 10 91.09 ± 0.20 ± 0.32 % (WORSE,
-2.96). 2.3 to 2.4 s per network (docs/results.md).

The slide's rates are not readable; these lie a factor of ten apart around its 1.0.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 16

_BASELINE = load_recipe("small-sample")
_RATES = (0.01, 0.1, 10.0)

STUDY = Study(
    "learning-rate",
    question="Is a smaller or a larger learning rate better than 1.0?",
    baseline=_BASELINE,
    arms={f"rate {rate:g}": _BASELINE.change("optimizer.learning_rate", rate) for rate in _RATES},
    claims={"rate 0.01": "worse", "rate 10": "worse"},
    picture="loss-curves",
)
