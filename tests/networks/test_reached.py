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
from hypothesis import given
from hypothesis import strategies as st

from netgain.networks.installed import is_installed
from netgain.networks.own import KerasNetwork
from netgain.networks.reached import UnknowableError, reached

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
NUMBERS = {"table": 2.0, "gain": 1.5, "held": 0.5, "default": 2.0, "inner": 0.0, "closed": 0.25}
BEGIN: dict[str, Any] = {**NUMBERS, "power": 1, "bend": "tanh"}
CHANGES = {
    **dict.fromkeys(NUMBERS, st.sampled_from([1.0, 3.0, 4.5])),
    "power": st.sampled_from([2, 3]),
    "bend": st.sampled_from(["sin", "cos", "sigmoid"]),
}


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


@given(data=st.data(), name=st.sampled_from(sorted(CHANGES)))
def test_one_thing_changed_changes_the_fingerprint_exactly_when_it_changes_the_answers(data, name: str) -> None:
    changed = {**BEGIN, name: data.draw(st.one_of(CHANGES[name], st.just(BEGIN[name])))}
    answers, fingerprint = scores_and_fingerprint(layer_of(BEGIN))
    other_answers, other_fingerprint = scores_and_fingerprint(layer_of(changed))
    assert (fingerprint == other_fingerprint) == np.array_equal(answers, other_answers)


EDITS = {
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
    assert scores_and_fingerprint(layer_of(BEGIN))[1] == scores_and_fingerprint(layer_of(BEGIN, edit))[1]


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


class Weighing:
    def __init__(self, weight: Any) -> None:
        self.weight = weight

    def weigh(self, x: Any) -> Any:
        return x * self.weight


PAIRS: dict[str, tuple[Any, Any]] = {
    "a bound method": (Weighing(1).weigh, Weighing(2).weigh),
    "a partial": (functools.partial(max, 1), functools.partial(max, 2)),
    "an array in an instance": (Weighing(np.zeros(3)), Weighing(np.array([0, 0, 1.0]))),
    "the type of an array": (np.zeros(3, "float32"), np.zeros(3, "float64")),
    "the shape of an array": (np.zeros((3, 1)), np.zeros((1, 3))),
    "0.0 and -0.0": (0.0, -0.0),
    "1 and True": (1, True),
    "the order of a dict": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a list and a tuple": ([1, 2], (1, 2)),
    "where a list ends": ([["a"], "b"], [["a", "b"]]),
    "a set": ({1, 2}, {1, 3}),
    "a keyword's default": (lambda x, *, by=1: x * by, lambda x, *, by=2: x * by),
    "the names of arguments": (lambda x: x, lambda y: y),
    "another method": (str.upper, str.lower),
    "a builtin function": (max, min),
    "a generator's state": (np.random.default_rng(0), np.random.default_rng(1)),
    "a layer's weights": (keras.layers.Dense, keras.layers.Conv2D),
}


@pytest.mark.parametrize(("one", "other"), PAIRS.values(), ids=PAIRS)
def test_different_things_have_different_digests(one: Any, other: Any) -> None:
    assert digest(one) != digest(other)
    assert digest(one) == digest(one)


def test_the_weights_of_a_layer_that_is_closed_over() -> None:
    inner: Any = keras.layers.Dense(2)
    inner.build((1, 3))

    def through(x: Any) -> Any:
        return inner(x)

    before = digest(through)
    inner.set_weights([np.ones((3, 2)), np.ones(2)])
    assert digest(through) != before


def test_circles_end() -> None:
    one: list[Any] = [1]
    one.append(one)
    other: list[Any] = [2]
    other.append(other)
    assert digest(one) != digest(other)


def test_a_digest_is_the_same_in_another_process() -> None:
    """The worker draws a run's randomness from it."""
    program = "from netgain.networks.reached import reached; print(reached(lambda x: x in {1, 'a', 2.5, (3,)}).digest)"
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        answer = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, env=environment)
        found.add(answer.stdout)
    assert len(found) == 1


def test_what_has_no_value_is_named(tmp_path) -> None:
    file = (tmp_path / "file.txt").open("w")
    with file, pytest.raises(UnknowableError, match="file in .*<lambda>.*TextIOWrapper"):
        reached(lambda: file)


def test_installed_code_is_told_from_ones_own() -> None:
    assert all(map(is_installed, ("keras.layers", "numpy", "json", "netgain.data", "scipy.stats", "PIL.Image")))
    assert not is_installed("__main__")
    assert not is_installed(__name__)
