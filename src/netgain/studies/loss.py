"""Does cross-entropy learn at once when mean squared error stays on a plateau?

The lecture: the same bad start (weights 2.1 and 4.1, biases 3.1 and 5.1) trained by SGD(1.0) with both losses;
cross-entropy "can speed up the learning even with bad initial weights". netgain: see docs/results.md; several seeds,
the band is lowest to highest.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.studies.examine.two_neurons import examine_losses

STUDY = Demonstration(
    "loss",
    question="Does cross-entropy learn at once when mean squared error stays on a plateau?",
    examine=examine_losses,
    lecture_says="the cross-entropy function can speed up the learning even with bad initial weights.",
)
