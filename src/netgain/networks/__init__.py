"""Network families, one a file: a frozen declaration with `build()` -> keras.Model. Found by listing the folder."""

from netgain.networks.catalogue import network_families, network_from_fields
from netgain.networks.network import Network

__all__ = ["Network", "network_families", "network_from_fields"]
