"""Which digits does the first network misclassify?

The lecture: 96.6 % right, "around ~300 images" of 10,000 wrong (0.034 · 10,000 = 340), and the first 100 of them as
pictures. netgain: see docs/results.md for the number over several seeds, ± test sample ± training. Each picture shows
the probability of the wrong answer and the share of the networks that are wrong.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.wrong_digits import examine
from netgain.tasks.recipes import load_recipe

STUDY = Demonstration(
    "wrong-digits",
    question="Which digits does the first network misclassify?",
    recipes={"baseline": load_recipe("baseline")},
    examine=examine,
    lecture_says="an accuracy of 96.6 %, so around 300 images were wrongly tagged, some of them easily mis-tagged.",
)
