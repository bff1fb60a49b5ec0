"""Do more layers or wider ones improve the wide network, and at what price?

The lecture: several network models, "a more complex network does require a longer training time", and little gain;
98.49 % for two layers of 512. netgain: see docs/results.md (5 seeds, ± test sample ± training).

The slide's models are not readable; these are a narrower and a wider network of the same depth, and a shallower and
two deeper ones. Weights and seconds stand beside the accuracy.
"""

from netgain.recipe import load_recipe
from netgain.study import Study

PLACE = 23

_BASELINE = load_recipe("wide")
_LAYERS = ((512,), (128, 128), (1024, 1024), (512, 512, 512), (128, 128, 128, 128, 128))

STUDY = Study(
    "depth",
    question="Do other widths and depths beat two hidden layers of 512 neurons?",
    baseline=_BASELINE,
    arms={"-".join(map(str, hidden)): _BASELINE.change("network.hidden", hidden) for hidden in _LAYERS},
    lecture={"baseline": 0.9849},
    picture="accuracies",
)
