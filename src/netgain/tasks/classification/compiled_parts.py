"""What a recipe takes from a compiled Keras model: its optimizer and its loss, where the recipe gives none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from netgain.errors import NetgainError, RecipeError
from netgain.networks import Network, network_of
from netgain.networks.families.own import KerasNetwork

FIELDS = ("optimizer", "loss")


def with_compiled_parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a recipe, with the optimizer and the loss of its compiled model where they are not given.

    Raises:
        RecipeError: where the model was compiled with what no recipe takes, and the recipe gives nothing instead.
    """
    missing = [name for name in FIELDS if name not in fields]
    network = fields.get("network")
    if not missing or not isinstance(network, KerasNetwork | Mapping):
        return dict(fields)
    if isinstance(network, Mapping):
        if network.get("family") != KerasNetwork.family:
            return dict(fields)
        try:
            network = network_of(Network, network)
        except NetgainError:  # which the field's own check reports, with all else that is wrong
            return dict(fields)
    compiled = network.compiled if isinstance(network, KerasNetwork) else None
    if compiled is None:
        return dict(fields)
    problems = [(name, text) for name, text in compiled.problems if name in missing]
    if problems:
        told = [
            (name, f"the model was compiled with one that {text}; or give the recipe another")
            for name, text in problems
        ]
        raise RecipeError("recipe", told)
    own = {name: getattr(compiled, name) for name in missing}
    return {**fields, "network": network, **{name: part for name, part in own.items() if part is not None}}


@final
class OfTheModel:
    """A recipe's optimizer or loss as its `repr` shows it: with the words that the model was compiled with it."""

    def __init__(self, part: Any) -> None:
        self._part = part

    def __repr__(self) -> str:
        return f"<the model's own {self._part!r}>"


def shown_part(network: Network, name: str, value: Any) -> Any:
    """The value of a recipe's field, or :class:`OfTheModel` where its model was compiled with the same."""
    compiled = network.compiled if name in FIELDS and isinstance(network, KerasNetwork) else None
    return OfTheModel(value) if compiled is not None and getattr(compiled, name) == value else value
