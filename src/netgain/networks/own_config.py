"""The config of a user's Keras model, as Keras describes it, without what must not tell two models apart."""

from __future__ import annotations

from typing import Any


def without_counted_names(config: Any) -> Any:
    """The config with layer names (`dense_7`) replaced by their order, and without the names of own classes."""
    order: dict[str, str] = {}

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            if "class_name" in node and isinstance(node.get("config"), dict) and "name" in node["config"]:
                order.setdefault(node["config"]["name"], f"layer {len(order)}")
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    def rename(node: Any, refers: bool) -> Any:
        if isinstance(node, dict):
            own = str(node.get("registered_name", "")).startswith("own ")
            dropped = {"class_name", "module"} if own else set()
            return {
                key: rename(value, refers or key in _REFER_TO_LAYERS)
                for key, value in node.items()
                if key not in dropped
            }
        if isinstance(node, list):
            return [rename(value, refers) for value in node]
        return order.get(node, node) if refers and isinstance(node, str) else node

    collect(config)
    return rename(config, False)


_REFER_TO_LAYERS = {"name", "keras_history", "input_layers", "output_layers"}


def without_seeds(config: Any) -> Any:
    """The config with every fixed seed, of an initializer or of dropout, left open."""
    if isinstance(config, dict):
        return {
            key: None if key == "seed" and isinstance(value, int) else without_seeds(value)
            for key, value in config.items()
        }
    return [without_seeds(value) for value in config] if isinstance(config, list | tuple) else config
