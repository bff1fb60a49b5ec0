"""Can a classifier count what it cannot tell image by image?

The lecture: the classifier's output is used for a statistical analysis, not to tag single images; it gives no figure.
netgain, 5 seeds as one classifier, 200 pseudo-samples of 1,000 images with 1.8 to 18 % of a class: the share of the
answers is wrong by 0.26 points on average (class 0, of which there are 1.82 %: +0.36 ± 0.01), the fitted fractions by
0.03. Their errors are right: pulls of width 1.02 for where the images come from (mean error 0.95 points) and 0.92 for
these images (0.30 points), 94.8 and 96.5 % of the 95 % intervals have the truth. 75 s per network on a busy computer,
15 s alone (docs/results.md).

The recipe is the baseline's with the last 10,000 training images to validate on. Templates and pseudo-samples are drawn
anew each time from these and the test images, which no network was trained on.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.class_fractions import examine
from netgain.tasks.recipes import load_recipe

PLACE = 38

STUDY = Demonstration(
    "class-fractions",
    question="Can a classifier count what it cannot tell image by image?",
    recipes={"baseline": load_recipe("baseline").change("validation_size", 10_000)},
    examine=examine,
    lecture_says="the classifier's output is then used for a statistical analysis.",
)
