"""Networks: a frozen declaration with `build()` -> keras.Model for each family, and how users' own are described."""

from netgain.networks.catalogue import families_of, network_of
from netgain.networks.generators import CriticNetwork, GeneratorNetwork
from netgain.networks.network import Network
from netgain.networks.strings import StringNetwork

__all__ = [
    "CriticNetwork",
    "GeneratorNetwork",
    "Network",
    "StringNetwork",
    "families_of",
    "network_of",
]
