"""The families by name: every module of `families` that defines a final network with a family name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from inspect import isabstract
from pathlib import Path
from typing import Any, TypeVar

from netgain.errors import UnknownNameError
from netgain.networks.network import Family

Kind = TypeVar("Kind", bound=Family)


def families_of(kind: type[Kind]) -> Mapping[str, type[Kind]]:
    """Family name -> class, for every family of the folder `families` that is of a kind.

    Args:
        kind: what its networks do, such as :class:`Network`, which classifies, or :class:`GeneratorNetwork`.

    >>> from netgain.networks.network import Network
    >>> sorted(families_of(Network))
    ['convnet', 'keras', 'mlp', 'rnn']
    """
    return {name: family for name, family in _families().items() if issubclass(family, kind)}


def network_of(kind: type[Kind], fields: Mapping[str, Any]) -> Kind:
    """The network of a kind that :meth:`Family.fields` wrote down.

    Raises:
        UnknownNameError: for a family that is not here, or of another kind.
        RecipeError: for fields that the family refuses.
    """
    rest, families = dict(fields), families_of(kind)
    family = rest.pop("family", None)
    if not isinstance(family, str) or family not in families:
        raise UnknownNameError("network family", str(family), families)
    return families[family](**rest)


@cache
def _families() -> Mapping[str, type[Family]]:
    families: dict[str, type[Family]] = {}
    for module_info in pkgutil.iter_modules([str(Path(__file__).parent / "families")]):
        module = importlib.import_module(f"netgain.networks.families.{module_info.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Family) and not isabstract(value):
                families[value.family] = value
    return families
