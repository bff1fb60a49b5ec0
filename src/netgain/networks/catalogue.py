"""The families by name: every module of `families` that defines a final `Network` with a family name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from inspect import isabstract
from pathlib import Path
from typing import Any

from netgain.errors import UnknownNameError
from netgain.networks.network import Network


@cache
def network_families() -> Mapping[str, type[Network]]:
    """Family name -> class, for every family of the folder `families`.

    >>> sorted(network_families())
    ['convnet', 'keras', 'mlp']
    """
    families: dict[str, type[Network]] = {}
    for module_info in pkgutil.iter_modules([str(Path(__file__).parent / "families")]):
        module = importlib.import_module(f"netgain.networks.families.{module_info.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Network) and not isabstract(value):
                families[value.family] = value
    return families


def network_from_fields(fields: Mapping[str, Any]) -> Network:
    """The network that :meth:`Network.fields` wrote down.

    Raises:
        UnknownNameError: for a family that is not here.
        RecipeError: for fields that the family refuses.
    """
    rest = dict(fields)
    family = rest.pop("family", None)
    if not isinstance(family, str) or family not in network_families():
        raise UnknownNameError("network family", str(family), network_families())
    return network_families()[family](**rest)
