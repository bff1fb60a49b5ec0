"""How much better are two wide ReLU layers with Adadelta and dropout than 30 sigmoid neurons?

The lecture: 98.49 % for 784-512-512-10, after 96.35 % for 784-30-10 with softmax, one network each. netgain, 5 seeds, ±
test sample ± training: baseline 96.17 ± 0.13 ± 0.11 %; wide 98.63 ± 0.10 ± 0.01 % (BETTER, +2.46). 2.2 to 49.8 s per
network (docs/results.md).

The batch size is not on the slide: 128, Keras' example of the time. The baseline is the softmax network on all
images.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 22

_SOFTMAX = load_recipe("small-sample").change("train_size", None).change("epochs", 20)

STUDY = Study(
    "wide",
    question="Does 784-512-512-10 with ReLU, Adadelta and dropout beat 784-30-10 with softmax?",
    baseline=_SOFTMAX,
    arms={"wide": load_recipe("wide")},
    lecture={"baseline": 0.9635, "wide": 0.9849},
)
