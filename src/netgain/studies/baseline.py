"""How good is the lecture's first network, 784-30-10 with sigmoid neurons and mean squared error?

The lecture: 96.6 % with one network. netgain, 5 seeds of 40 epochs: 96.21 ± 0.15 (test sample) ± 0.07 (training) %,
so the slide's network was a good one of its kind, within the errors. 4.1 s per network (docs/results.md).

The slides state neither rate nor epochs ("20+"): a rate of 5 and 40 epochs did best on the last 10,000 images of the
training file.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 1

STUDY = Study(
    "baseline",
    question="How good is 784-30-10 with sigmoid neurons, mean squared error and plain gradient descent?",
    baseline=load_recipe("baseline"),
    lecture={"baseline": 0.966},
)
