"""How good is the lecture's first network, 784-30-10 with sigmoid neurons and mean squared error?

TBD
"""

from netgain.recipe import load_recipe
from netgain.study import Study

STUDY = Study(
    "baseline",
    question="How good is 784-30-10 with sigmoid neurons, mean squared error and plain gradient descent?",
    baseline=load_recipe("baseline"),
    lecture={"baseline": 0.966},
)
