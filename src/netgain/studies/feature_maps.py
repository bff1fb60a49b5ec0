"""Which features do the trained kernels of the convolutional network detect?

The lecture: 16 trained kernels of 5×5 weights as pictures; "each map supposes to pick up a different feature". netgain:
see docs/results.md; the kernels of the first of several seeds, its maps of the first test image, and the slides' sizes:
24×24 maps of 25 weights and 1 bias each.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.feature_maps import examine
from netgain.tasks.recipes import load_recipe

STUDY = Demonstration(
    "feature-maps",
    question="Which features do the trained kernels of the convolutional network detect?",
    recipes={"convnet": load_recipe("convnet")},
    examine=examine,
    lecture_says="each of the 16 maps is supposed to pick up a different feature from the input images.",
)
