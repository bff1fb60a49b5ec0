"""Shields what netgain builds, traces and saves from the settings and the other threads of a user's process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import jax
import keras
from jax._src import config as jax_config
from keras.src.backend.common import global_state

from netgain.engine import native
from netgain.engine.kernels import DEVICE
from netgain.engine.randomness import keras_seed
from netgain.errors import ComputerError
from netgain.networks import Network
from netgain.networks.families.own import KerasNetwork
from netgain.networks.keras_settings import STANDARD, KerasSettings

_KERAS = threading.RLock()
"""Held by the thread that has changed Keras' process-wide state for a while."""

_POLICY = "dtype_policy"


@contextlib.contextmanager
def keras_for(network: Network, seed: int | None = None) -> Iterator[None]:
    """As :func:`keras_alone`, under the settings of a network.

    Those of netgain's own networks are the standard ones; those of a user's held when it was handed over.
    """
    settings = network.keras_settings if isinstance(network, KerasNetwork) else STANDARD
    with keras_alone(settings, seed):
        yield


@contextlib.contextmanager
def keras_alone(settings: KerasSettings = STANDARD, seed: int | None = None) -> Iterator[None]:
    """Inside, Keras works for this thread alone: under these settings, drawing what the seed decides, on standard JAX.

    Other threads of netgain wait before they build, trace or save; once compiled, networks train at the same time.
    Without a seed, what Keras draws is left to Python's global generator.
    """
    seeded = contextlib.nullcontext() if seed is None else keras_seed(seed)
    with _KERAS, standard_jax(), _set_for_a_while(settings), seeded:
        yield


@contextlib.contextmanager
def _set_for_a_while(settings: KerasSettings) -> Iterator[None]:
    before = keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format()
    policy = global_state.get_global_attribute(_POLICY)  # None in a thread that has built nothing yet
    try:
        _set(settings.floatx, settings.epsilon, settings.image_data_format)
        keras.config.set_dtype_policy(settings.dtype_policy)
        yield
    finally:
        _set(*before)
        global_state.set_global_attribute(_POLICY, policy)


def _set(floatx: str, epsilon: float, image_data_format: str) -> None:
    keras.config.set_floatx(floatx)
    keras.config.set_epsilon(epsilon)
    keras.config.set_image_data_format(image_data_format)


@contextlib.contextmanager
def standard_jax() -> Iterator[None]:
    """Inside, JAX works in this thread as it comes, whatever flags a user has set that would change numbers.

    It works on the processor, unless a graphics card is to be used; products are of float32 on either.

    Raises:
        ComputerError: where JAX cannot use the graphics card.
    """
    with contextlib.ExitStack() as standard:
        standard.enter_context(jax.default_device(_device()))
        standard.enter_context(jax.disable_jit(False))
        standard.enter_context(jax_config.enable_x64(False))
        standard.enter_context(jax_config.default_matmul_precision("float32" if native.on_card() else None))
        standard.enter_context(jax_config.default_prng_impl("threefry2x32"))
        standard.enter_context(jax_config.threefry_partitionable(True))
        standard.enter_context(jax_config.numpy_dtype_promotion("standard"))
        standard.enter_context(jax_config.numpy_rank_promotion("allow"))
        standard.enter_context(jax_config.debug_nans(False))  # a run that diverges is a result
        yield


def _device() -> Any:
    if not native.on_card():
        return jax.devices("cpu")[0]
    try:
        return jax.devices("gpu")[0]
    except RuntimeError as error:
        raise ComputerError(
            f"JAX cannot use the graphics card: {error}. See that driver and jax[cuda12] fit each other, or set "
            f"{DEVICE}=cpu"
        ) from error
