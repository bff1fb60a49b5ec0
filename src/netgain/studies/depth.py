"""Do more or wider layers improve the wide network, and at what cost?

The lecture: several network models, "a more complex network does require a longer training time", and little gain;
98.49 % for two layers of 512. netgain, 5 seeds, ± test sample ± training: baseline 98.63 ± 0.10 ± 0.01 %; 512 98.48 ±
0.11 ± 0.02 % (WORSE, -0.14); 128-128 98.25 ± 0.11 ± 0.03 % (WORSE, -0.38); 1024-1024 98.72 ± 0.09 ± 0.03 % (EQUIVALENT,
+0.09); 512-512-512 98.64 ± 0.09 ± 0.04 % (EQUIVALENT, +0.01); 128-128-128-128-128 98.06 ± 0.11 ± 0.03 % (WORSE, -0.56).
7.8 to 174 s per network (docs/results.md).

The slide's models are not readable; these are a narrower and a wider network of the same depth, and a shallower and
two deeper ones. Weights and seconds are shown beside the accuracy.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 23

_BASELINE = load_recipe("wide")
_LAYERS = ((512,), (128, 128), (1024, 1024), (512, 512, 512), (128, 128, 128, 128, 128))

STUDY = Study(
    "depth",
    question="Do other widths and depths beat two hidden layers of 512 neurons?",
    baseline=_BASELINE,
    arms={"-".join(map(str, hidden)): _BASELINE.change("network.hidden", hidden) for hidden in _LAYERS},
    lecture={"baseline": 0.9849},
    claims={"1024-1024": "as good", "512-512-512": "as good"},
    picture="accuracies",
)
