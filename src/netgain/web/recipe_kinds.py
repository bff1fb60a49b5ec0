"""Recipes as a store wrote them down: what their networks do, and what the page calls those outside the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

READABLE = "digit-strings"
"""The dataset of readers that can answer a number written by hand."""


def classifies(recipe: Mapping[str, Any], datasets: Collection[str]) -> bool:
    """Whether a recipe classifies images of one of these datasets."""
    return recipe.get("task", "classification") == "classification" and recipe.get("dataset") in datasets


def reads(recipe: Mapping[str, Any]) -> bool:
    """Whether a recipe trains readers of numbers."""
    return recipe.get("task") == "reading" and recipe.get("dataset") == READABLE


def generates(recipe: Mapping[str, Any]) -> bool:
    """Whether a recipe trains generators."""
    return recipe.get("task") == "generation"


def in_words(recipe: Mapping[str, Any]) -> str:
    """A recipe in a few words: what its network changes from the family's defaults; of a generator what it learns by.

    >>> in_words({"network": {"family": "mlp", "hidden": [30, 30]}, "train_size": 1000, "epochs": 5})
    'mlp (hidden 30-30), 1,000 images, 5 epochs'
    >>> in_words({"task": "generation", "loss": "hinge", "penalty": {"kind": "r1"}, "epochs": 5})
    'generator, hinge, r1, 5 epochs'
    """
    items = "strings" if recipe.get("task") == "reading" else "images"
    size = f"{recipe['train_size']:,} {items}, " if recipe.get("train_size") else ""
    if generates(recipe):
        penalty = (recipe.get("penalty") or {}).get("kind", "no penalty")
        classes = "" if recipe.get("conditional", True) else "without classes, "
        return f"generator, {recipe['loss']}, {penalty}, {classes}{size}{recipe['epochs']} epochs"
    network = {name: value for name, value in recipe["network"].items() if name != "family"}
    changed = ", ".join(f"{name} {_plain(value)}" for name, value in network.items())
    words = f"{recipe['network'].get('family', 'network')}{f' ({changed})' if changed else ''}"
    return f"{words}, {size}{recipe['epochs']} epochs"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)
