"""The version of the engine that a run is looked up by."""

from __future__ import annotations

from netgain.engine import ENGINE_VERSION
from netgain.engine.kernels import KERNEL_SETS
from netgain.networks.network import FittedNetwork, Network

ENGINE_VERSIONS = (ENGINE_VERSION, *(f"{ENGINE_VERSION}+{kernels}" for kernels in KERNEL_SETS))
"""All of this engine: of what is fitted without kernels, and of each set of kernels."""


def engine_version(network: Network, kernels: str) -> str:
    """This engine's version with the kernels that decide a network's numbers.

    >>> from netgain.networks.mlp import MLP
    >>> engine_version(MLP(), "avx2").partition("+")[2]
    'avx2'
    """
    return ENGINE_VERSION if isinstance(network, FittedNetwork) else f"{ENGINE_VERSION}+{kernels}"
