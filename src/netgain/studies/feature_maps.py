"""What do the trained kernels of the convolutional network look for?

The lecture: 16 trained kernels of 5×5 weights as pictures; "each map supposes to pick up a different feature". netgain:
see docs/results.md; the kernels of the first of several seeds, its maps of the first test image, and the slides' sizes:
24×24 maps of 25 weights and 1 bias each.
"""

from netgain.demonstration import Demonstration
from netgain.examine.feature_maps import examine
from netgain.recipe import load_recipe

STUDY = Demonstration(
    "feature-maps",
    question="What do the trained kernels of the convolutional network look for?",
    recipes={"convnet": load_recipe("convnet")},
    examine=examine,
    lecture_says="each of the 16 maps is supposed to pick up a different feature from the input images.",
)
