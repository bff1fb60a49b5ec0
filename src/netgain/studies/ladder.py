"""Which of the lecture's steps from 96 % to 99.5 % are real?

The lecture: 96.6 → 96.35 (softmax) → 98.49 → 98.74 → 98.90 → 99.23 → 99.48 %, one network each. Unpaired, the fourth
step is 1.05 σ and the last 2.2 σ, and softmax goes about 1 σ the wrong way. netgain, 5 seeds, ± test sample ± training:
baseline 96.21 ± 0.15 ± 0.07 %; softmax + cross-entropy 96.17 ± 0.13 ± 0.11 % (UNDECIDED, -0.04); wide 98.63 ± 0.10 ±
0.01 % (BETTER, +2.46); convnet 98.73 ± 0.09 ± 0.02 % (UNDECIDABLE HERE, +0.11); more maps 98.86 ± 0.09 ± 0.02 %
(BETTER, +0.13); dense layer 99.20 ± 0.07 ± 0.02 % (BETTER, +0.34); doubled 99.48 ± 0.05 ± 0.01 % (BETTER, +0.28). 2.2
to 319 s per network (docs/results.md).

Each step is compared with the step before, on the same test images; Holm's adjustment is over all six steps. `netgain
ladder` runs this study and `leave-one-out`.
"""

from netgain.experiment.study import BASELINE, Study
from netgain.tasks.recipes import load_recipe

PLACE = 35

_STEPS = {
    "softmax + cross-entropy": load_recipe("small-sample").change("train_size", None).change("epochs", 20),
    "wide": load_recipe("wide"),
    "convnet": load_recipe("convnet"),
    "more maps": load_recipe("more-maps"),
    "dense layer": load_recipe("dense-layer"),
    "doubled": load_recipe("convnet-deep"),
}
_NAMES = [BASELINE, *_STEPS]
_LECTURE = (0.966, 0.9635, 0.9849, 0.9874, 0.9890, 0.9923, 0.9948)

STUDY = Study(
    "ladder",
    question="Which steps from 784-30-10 to the doubled convolutional network are real, each against the step before?",
    baseline=load_recipe("baseline"),
    arms=_STEPS,
    against=dict(zip(_NAMES[2:], _NAMES[1:-1], strict=True)),
    lecture=dict(zip(_NAMES, _LECTURE, strict=True)),
    claims={"softmax + cross-entropy": "as good"},
    picture="accuracies",
)
