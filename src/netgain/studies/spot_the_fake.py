"""What gives a generated digit away: its ink, a linear classifier, a small network, or its own critic?

The lecture: no generators. netgain, 5 seeds, AUC ± test sample ± training: ink 0.497 ± 0.004 ± 0.004, linear classifier
0.582 ± 0.004 ± 0.002, small network 0.546 ± 0.004 ± 0.006, its own critic 0.572 ± 0.004 ± 0.005; floors 0.513, 0.538,
0.547, 0.492. 187 to 210 s per network (docs/results.md).

Half of the real test digits and of the generated ones trains each classifier, and the other half is told apart: an AUC
of 0.5 is guessing, of 1 it is always right. The floor is the same with training digits of MNIST in place of the
generated ones. The critic needs no training more: it is the one that taught the generator.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.spot_the_fake import GENERATOR, MEASUREMENT, examine
from netgain.tasks.recipes import load_recipe

PLACE = 49

STUDY = Demonstration(
    "spot-the-fake",
    question="What gives a generated digit away: its ink, a linear classifier, a small network, or its own critic?",
    recipes={GENERATOR: load_recipe("generator")},
    examine=examine,
    measurement=MEASUREMENT,
    lecture_says="nothing of generators; its convolutional networks name 99 % of the digits.",
)
