"""The digest of own code: it changes exactly when what the code does can change."""

import functools
import os
import subprocess
import sys
import textwrap
import types
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from netgain.networks.families.own import KerasNetwork
from netgain.networks.reached import reached

TEMPLATE = """
    import keras
    import helpers
    import numpy as np

    TABLE = np.array([1.0, {table}])
    SETTINGS = {{"gain": {gain}}}

    class Held:
        def __init__(self, value):
            self.value = value

    HELD = Held({held})

    class Base(keras.layers.Layer):
        power = {power}

    def scaled(x, by={default}):
        return x * by + {inner}

    def make(closed):
        class Own(Base):
            def call(self, inputs):
                shifted = scaled(inputs) ** self.power + closed
                return helpers.bend(shifted) * SETTINGS["gain"] + TABLE[1] + HELD.value
        return Own

    Own = make({closed})
"""
HELPERS = """
    import keras

    def bend(x):
        return keras.ops.{bend}(x)
"""
BEGIN: dict[str, Any] = {
    "table": 2.0, "gain": 1.5, "held": 0.5, "default": 2.0, "inner": 0.0, "closed": 0.25, "power": 1, "bend": "tanh",
}  # fmt: skip
CHANGES = {**dict.fromkeys(BEGIN, 3.0), "power": 2, "bend": "sin"}


def run(text: str, name: str) -> types.ModuleType:
    """A module from its text, as a notebook runs its cells: without a file."""
    module = types.ModuleType(name)
    exec(compile(textwrap.dedent(text), f"<{name}>", "exec"), vars(module))
    return module


def layer_of(values: dict[str, Any], edit: Callable[[str], str] = lambda text: text) -> Any:
    """An own layer that reaches closures, defaults, globals, instances, arrays, a base class and another module."""
    sys.modules["helpers"] = run(HELPERS.format(**values), "helpers")
    try:
        return run(edit(TEMPLATE.format(**values)), "__main__").Own()
    finally:
        del sys.modules["helpers"]


def scores_and_fingerprint(layer: Any) -> tuple[np.ndarray, str]:
    given_ = np.linspace(-1, 1, 12).reshape(1, 12).astype("float32")
    model = keras.Sequential([keras.Input((12,)), layer, keras.layers.Dense(2, activation="softmax")])
    return np.asarray(layer(given_)), KerasNetwork(model).fingerprint


@functools.cache
def begin() -> tuple[np.ndarray, str]:
    return scores_and_fingerprint(layer_of(BEGIN))


@pytest.mark.parametrize("name", CHANGES)
def test_one_thing_that_changes_the_answers_changes_the_fingerprint(name: str) -> None:
    answers, fingerprint = scores_and_fingerprint(layer_of({**BEGIN, name: CHANGES[name]}))
    assert not np.array_equal(answers, begin()[0])
    assert fingerprint != begin()[1]


EDITS = {
    "nothing": lambda text: text,
    "a comment": lambda text: text.replace("return x * by", "# twice\n        return x * by"),
    "a docstring": lambda text: text.replace("class Own(Base):", 'class Own(Base):\n            """Ours."""'),
    "a docstring of a function": lambda text: text.replace(
        "def call(self, inputs):", 'def call(self, inputs):\n                "Ours"'
    ),
    "the name of a local variable": lambda text: text.replace("shifted", "moved"),
    "a blank line": lambda text: "\n\n" + text,
    "a function that nobody calls": lambda text: text + "\n    def other(x):\n        return x\n",
    "an annotation": lambda text: text.replace("def make(closed):", "def make(closed: float):"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_cannot_change_an_answer_is_not_in_the_fingerprint(edit: Callable[[str], str]) -> None:
    answers, fingerprint = scores_and_fingerprint(layer_of(BEGIN, edit))
    np.testing.assert_array_equal(answers, begin()[0])
    assert fingerprint == begin()[1]


def digest(part: Any) -> str:
    return reached(part).digest


def test_classes_of_a_factory_differ_by_what_it_closed_over() -> None:
    """Fault 2."""

    def make(function: Any) -> type:
        class Own(keras.layers.Layer):
            def call(self, inputs):
                return function(inputs)

        return Own

    assert digest(make(keras.ops.relu)) == digest(make(keras.ops.relu)) != digest(make(keras.ops.zeros_like))


def test_a_digest_is_the_same_in_another_process() -> None:
    """The worker draws a run's randomness from it."""
    program = "from netgain.networks.reached import reached; print(reached(lambda x: x in {1, 'a', 2.5, (3,)}).digest)"
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        answer = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, env=environment)
        found.add(answer.stdout)
    assert len(found) == 1
