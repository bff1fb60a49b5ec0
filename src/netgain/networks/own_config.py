"""The config of a user's Keras model, as Keras describes it, without what must not tell two models apart."""

from __future__ import annotations

from typing import Any


def without_counted_names(config: Any) -> Any:
    """The config with the names of layers (`dense_7`) replaced by their order, and without the names of own classes.

    The names of other objects stay: of a dtype policy the name is all there is.
    """
    order: dict[str, str] = {}

    def collect(node: Any, listed: bool) -> None:
        if isinstance(node, dict):
            if _is_layer(node, listed):
                order.setdefault(node["config"]["name"], f"layer {len(order)}")
            for key, value in node.items():
                collect(value, key == "layers")
        elif isinstance(node, list):
            for value in node:
                collect(value, listed)

    def rename(node: Any, listed: bool, refers: bool) -> Any:
        if isinstance(node, dict):
            own = str(node.get("registered_name")).startswith("own ")
            dropped = {"class_name", "module"} if own else set()
            renamed = {
                key: rename(value, key == "layers", refers or key in _REFER_TO_LAYERS)
                for key, value in node.items()
                if key not in dropped
            }
            if _is_layer(node, listed):
                renamed["config"]["name"] = order[node["config"]["name"]]
                renamed.pop("name", None)  # the same once more
            return renamed
        if isinstance(node, list):
            return [rename(value, listed, refers) for value in node]
        return order[node] if refers and node in order else node

    collect(config, False)
    return rename(config, False, False)


def layer_kinds(config: dict[str, Any]) -> list[str]:
    """The layers of a model by their class, in its order, without the input; the model's own class if it lists none.

    >>> layers = [{"class_name": "InputLayer"}, {"class_name": "Dense"}]
    >>> layer_kinds({"class_name": "Sequential", "config": {"layers": layers}})
    ['Dense']
    """
    layers = config["config"].get("layers", [config])
    return [str(layer["class_name"]) for layer in layers if layer["class_name"] != "InputLayer"]


_REFER_TO_LAYERS = {"keras_history", "input_layers", "output_layers"}


def _is_layer(node: dict[str, Any], listed: bool) -> bool:
    """Whether a part of a config is a layer's, a model's or an operation's; `listed`: it is in a list of layers."""
    config: Any = node.get("config")
    if "class_name" not in node or not isinstance(config, dict) or not isinstance(config.get("name"), str):
        return False
    return listed or "trainable" in config


def without_seeds(config: Any) -> Any:
    """The config with every fixed seed, of an initializer or of dropout, left open."""
    if isinstance(config, dict):
        return {
            key: None if key == "seed" and isinstance(value, int) else without_seeds(value)
            for key, value in config.items()
        }
    return [without_seeds(value) for value in config] if isinstance(config, list | tuple) else config
