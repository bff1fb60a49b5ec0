"""What gives a generated digit away: its ink, a linear classifier, a small network, or its own critic?

The lecture: no generators. netgain: see docs/results.md (5 seeds, AUC with its errors and its floor).

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
