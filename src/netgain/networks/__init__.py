"""Networks: a frozen declaration with `build()` -> keras.Model for each family, and how users' own are described."""

from netgain.networks.catalogue import (
    network_families,
    network_from_fields,
    string_families,
    string_network_from_fields,
)
from netgain.networks.network import Network
from netgain.networks.strings import StringNetwork

__all__ = [
    "Network",
    "StringNetwork",
    "network_families",
    "network_from_fields",
    "string_families",
    "string_network_from_fields",
]
