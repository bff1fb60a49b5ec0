"""The training engine: one compiled epoch around a Keras model, on JAX.

Nothing here is imported before it is used: JAX and Keras take seconds to load.
"""

ENGINE_VERSION = "5"
"""Raised when the same recipe and seed would give other numbers; stored runs of older versions are trained again."""
