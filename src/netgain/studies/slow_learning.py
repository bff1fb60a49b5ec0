"""Does a network learn slowly when its first weights are very wrong?

The lecture: a chain of two sigmoid neurons with weights 2 and 4 and biases 3 and 5 set by hand, inputs from N(0, 1),
target 0: "it takes for a while until the training really starts"; another start is better. netgain: see
docs/results.md; several seeds, the band is lowest to highest.

The slide's better start is a picture without numbers: all four at 0.5 here. Rate 1.0, batches of 100, 100 epochs.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.two_neurons import examine_starts

STUDY = Demonstration(
    "slow-learning",
    question="Does a network learn slowly when its first weights are very wrong?",
    examine=examine_starts,
    lecture_says="the loss is large for the initial epochs, and it takes a while until the training really starts.",
)
