"""Which gradients somebody asks for, in the rules of differentiation that call kernels.

XLA drops a call whose result nobody reads, but not one whose argument is zero. A second derivative goes backward
through everything that the first one computed, also through gradients that nobody read, whose own gradient is zero.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax.custom_derivatives import CustomVJPPrimal as Primal
from jax.custom_derivatives import SymbolicZero

Asked = tuple[None, ...]
"""Not empty where it is asked: what a rule keeps has to be a tree of arrays, and only the tree is known when traced."""


def asked(*arguments: Primal) -> Asked:
    """Whether the gradient for one of these arguments is needed."""
    return (None,) if any(argument.perturbed for argument in arguments) else ()


def is_zero(gradient: Any) -> bool:
    """Whether what comes back is known to be zero."""
    return isinstance(gradient, SymbolicZero)


def filled(gradient: Any) -> jax.Array:
    """What comes back as an array, also where it is zero."""
    return jnp.zeros(gradient.shape, gradient.dtype) if is_zero(gradient) else gradient
