"""Networks: a frozen declaration with `build()` -> keras.Model for each family, and how users' own are described."""

from netgain.networks.catalogue import network_families, network_from_fields
from netgain.networks.network import Network

__all__ = ["Network", "network_families", "network_from_fields"]
