"""Networks: a frozen declaration with `build()` -> keras.Model for each family, and how users' own are described."""

from netgain.networks.catalogue import (
    critic_families,
    critic_from_fields,
    generator_families,
    generator_network_from_fields,
    network_families,
    network_from_fields,
    string_families,
    string_network_from_fields,
)
from netgain.networks.generators import CriticNetwork, GeneratorNetwork
from netgain.networks.network import Network
from netgain.networks.strings import StringNetwork

__all__ = [
    "CriticNetwork",
    "GeneratorNetwork",
    "Network",
    "StringNetwork",
    "critic_families",
    "critic_from_fields",
    "generator_families",
    "generator_network_from_fields",
    "network_families",
    "network_from_fields",
    "string_families",
    "string_network_from_fields",
]
