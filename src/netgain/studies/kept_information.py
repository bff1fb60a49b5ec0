"""Should a network be told everything, if its answers are used in a fit afterwards?

The lecture: a physicist keeps key information out of the network, which is weaker for it, and uses the information for
a statistical analysis afterwards. netgain: see docs/results.md.
"""

from netgain.experiment.demonstration import Demonstration
from netgain.networks.families.mlp import MLP
from netgain.studies.examine.kept_information import BLIND, GENERIC, MEASUREMENT, examine
from netgain.tasks.classification.recipe import Recipe

PLACE = 36

_GENERIC = Recipe(
    dataset="turned-digits",
    train_size=4_000,
    network=MLP(hidden=(30,), activation="relu", output="softmax"),
    optimizer="adam",
    batch_size=100,
    epochs=10,
)
_BLIND = _GENERIC.change("dataset", "turned-digits-blind")

STUDY = Demonstration(
    "kept-information",
    question="Should a network be told everything, if its answers are used in a fit afterwards?",
    recipes={GENERIC: _GENERIC, BLIND: _BLIND},
    datasets=("turned-digits", "turned-digits-blind"),
    examine=examine,
    measurement=MEASUREMENT,
    lecture_says="we preserve information instead of dumping everything into the network: it is weaker, and we use the "
    "information for a statistical analysis afterwards.",
)
