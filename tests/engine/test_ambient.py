"""A network of netgain's own comes out the same whatever is set in the user's process."""

import hashlib
import json
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import keras
import numpy as np
import pytest

from netgain.engine.ambient import keras_alone, keras_for, standard_jax
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.own import KerasNetwork
from netgain.networks.keras_settings import STANDARD, KerasSettings
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe

RECIPE = Recipe(
    dataset="digits",
    train_size=200,
    network=ConvNet(filters=(4,), kernel_size=3, dropout={"hidden": 0.2}),  # pyright: ignore
    optimizer=Optimizer("adam", 0.01),
    batch_size=32,
    epochs=1,
)

TRAINS = """
    import hashlib, sys
    sys.path.insert(0, {folder!r})
    from netgain.engine.setup import prepare_jax, use_one_thread
    use_one_thread()
    prepare_jax()
    {before}
    import test_ambient as here
    print(here.fingerprint())
"""

AMBIENT = {
    "keras.json": ({"image_data_format": "channels_first", "floatx": "float16", "epsilon": 0.01}, {}, "pass"),
    "a policy of the notebook": ({}, {}, "import keras; keras.config.set_dtype_policy('mixed_bfloat16')"),
    "JAX flags": (
        {},
        {"JAX_ENABLE_X64": "1", "JAX_DEFAULT_PRNG_IMPL": "rbg", "JAX_DEFAULT_MATMUL_PRECISION": "bfloat16"},
        "import jax; jax.config.update('jax_threefry_partitionable', False)",
    ),
    "strict JAX": ({}, {"JAX_NUMPY_DTYPE_PROMOTION": "strict", "JAX_NUMPY_RANK_PROMOTION": "raise"}, "pass"),
}


def fingerprint() -> str:
    result = train(RECIPE, 1)
    return hashlib.sha256(result.test_scores.tobytes() + repr(result.history).encode()).hexdigest()


@pytest.fixture(scope="module")
def expected() -> str:
    return fingerprint()


@pytest.mark.parametrize("name", AMBIENT)
def test_settings_of_the_users_change_no_bit(name: str, expected: str, tmp_path: Path) -> None:
    in_keras_json, environment, before = AMBIENT[name]
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "jax", **in_keras_json}))
    script = textwrap.dedent(TRAINS.format(folder=str(Path(__file__).parent), before=before))
    given = {**os.environ, "KERAS_HOME": str(tmp_path), **environment}
    done = subprocess.run([sys.executable, "-c", script], env=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == expected


ODD = KerasSettings(floatx="float16", epsilon=0.01, image_data_format="channels_first", dtype_policy="mixed_bfloat16")


def test_settings_hold_inside_and_are_put_back() -> None:
    with keras_alone(ODD):
        assert KerasSettings.now() == ODD
        assert keras.layers.Dense(2).compute_dtype == "bfloat16"
        with keras_alone():
            assert KerasSettings.now() == STANDARD
        assert KerasSettings.now() == ODD
    assert KerasSettings.now() == STANDARD
    with pytest.raises(ZeroDivisionError), keras_alone(ODD):
        print(1 / 0)
    assert KerasSettings.now() == STANDARD


def test_a_thread_without_a_policy_of_its_own_has_none_afterwards() -> None:
    found: list[KerasSettings] = []

    def look() -> None:
        with keras_alone():
            pass
        keras.config.set_floatx("float16")
        found.append(KerasSettings.now())
        keras.config.set_floatx("float32")

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert [one.dtype_policy for one in found] == ["float16"]


def test_a_network_of_the_users_has_the_settings_it_was_given_with() -> None:
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    network = KerasNetwork(keras.Sequential(layers))
    with keras_for(network.change("keras_settings", ODD)):
        assert KerasSettings.now() == ODD
    with keras_for(RECIPE.network):
        assert KerasSettings.now() == STANDARD


def test_flags_of_jax_are_standard_inside_and_put_back() -> None:
    import jax
    import jax.numpy as jnp

    with jax.enable_x64(True), jax.debug_nans(True):
        with standard_jax():
            assert jnp.asarray(np.ones(3)).dtype == jnp.float32
            assert np.isnan(jnp.log(-jnp.ones(1)))[0]
        assert jnp.asarray(np.ones(3)).dtype == jnp.float64


def test_a_second_thread_waits_until_the_first_is_done() -> None:
    entered = threading.Event()

    def enter() -> None:
        with keras_alone():
            entered.set()

    thread = threading.Thread(target=enter)
    with keras_alone(ODD):
        thread.start()
        assert not entered.wait(0.2)
    assert entered.wait(60)
    thread.join()
