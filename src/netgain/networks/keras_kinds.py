"""Kinds of objects of Keras, by what tells two of a kind apart."""

from __future__ import annotations

from typing import Any


def has_values(value: Any) -> bool:
    """Whether it is an array of JAX's, or a variable of Keras'."""
    return type(value).__module__.startswith(("jax", "keras.src.backend")) and hasattr(value, "__array__")


def is_of_keras(value: Any) -> bool:
    """Whether it has a config that tells it from others of its class."""
    import keras

    return isinstance(value, (keras.Layer, keras.Loss, keras.Metric)) or is_helper(value)


def is_helper(value: Any) -> bool:
    """Whether it is one of the objects of Keras that are carried by their attributes, and not by their config."""
    import keras

    kinds = keras.initializers.Initializer, keras.regularizers.Regularizer, keras.constraints.Constraint
    return isinstance(value, kinds)
