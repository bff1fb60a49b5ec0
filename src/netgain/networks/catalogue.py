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
from netgain.networks.generators import CriticNetwork, GeneratorNetwork
from netgain.networks.network import Family, Network
from netgain.networks.strings import StringNetwork

Kind = TypeVar("Kind", bound=Family)


@cache
def network_families() -> Mapping[str, type[Network]]:
    """Family name -> class, for every family of the folder `families` that classifies.

    >>> sorted(network_families())
    ['convnet', 'keras', 'mlp', 'rnn']
    """
    return _families_of(Network)


@cache
def string_families() -> Mapping[str, type[StringNetwork]]:
    """Family name -> class, for every family of the folder `families` that reads strings.

    >>> sorted(string_families())
    ['fixed-slots', 'rnn']
    """
    return _families_of(StringNetwork)


@cache
def generator_families() -> Mapping[str, type[GeneratorNetwork]]:
    """Family name -> class, for every family of the folder `families` that makes images.

    >>> sorted(generator_families())
    ['conv-generator']
    """
    return _families_of(GeneratorNetwork)


@cache
def critic_families() -> Mapping[str, type[CriticNetwork]]:
    """Family name -> class, for every family of the folder `families` that tells real images from generated ones.

    >>> sorted(critic_families())
    ['conv-critic']
    """
    return _families_of(CriticNetwork)


def network_from_fields(fields: Mapping[str, Any]) -> Network:
    """The classifier that :meth:`Family.fields` wrote down.

    Raises:
        UnknownNameError: for a family that is not here.
        RecipeError: for fields that the family refuses.
    """
    return _from_fields(network_families(), fields)


def string_network_from_fields(fields: Mapping[str, Any]) -> StringNetwork:
    """The reader that :meth:`Family.fields` wrote down.

    Raises:
        UnknownNameError: for a family that is not here.
        RecipeError: for fields that the family refuses.
    """
    return _from_fields(string_families(), fields)


def generator_network_from_fields(fields: Mapping[str, Any]) -> GeneratorNetwork:
    """The generator that :meth:`Family.fields` wrote down.

    Raises:
        UnknownNameError: for a family that is not here.
        RecipeError: for fields that the family refuses.
    """
    return _from_fields(generator_families(), fields)


def critic_from_fields(fields: Mapping[str, Any]) -> CriticNetwork:
    """The critic that :meth:`Family.fields` wrote down.

    Raises:
        UnknownNameError: for a family that is not here.
        RecipeError: for fields that the family refuses.
    """
    return _from_fields(critic_families(), fields)


def _families_of(kind: type[Kind]) -> dict[str, type[Kind]]:
    families: dict[str, type[Kind]] = {}
    for module_info in pkgutil.iter_modules([str(Path(__file__).parent / "families")]):
        module = importlib.import_module(f"netgain.networks.families.{module_info.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, kind) and not isabstract(value):
                families[value.family] = value
    return families


def _from_fields(families: Mapping[str, type[Kind]], fields: Mapping[str, Any]) -> Kind:
    rest = dict(fields)
    family = rest.pop("family", None)
    if not isinstance(family, str) or family not in families:
        raise UnknownNameError("network family", str(family), families)
    return families[family](**rest)
