"""The digest of values: what can make a difference to an answer, and by which way a value without a digest is named."""

import datetime
import functools
import re
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from jax import numpy as jnp

from netgain.networks.reached import UnknowableError, reached


def digest(part: Any) -> str:
    return reached(part).digest


class Weighing:
    def __init__(self, weight: Any) -> None:
        self.weight = weight

    def weigh(self, x: Any) -> Any:
        return x * self.weight


PAIRS: dict[str, tuple[Any, Any]] = {
    "a bound method": (Weighing(1).weigh, Weighing(2).weigh),
    "a partial": (functools.partial(pow, 1), functools.partial(pow, 2)),
    "a keyword of a partial": (functools.partial(int, base=2), functools.partial(int, base=3)),
    "an array in an instance": (Weighing(np.zeros(3)), Weighing(np.array([0, 0, 1.0]))),
    "the type of an array": (np.zeros(3, "float32"), np.zeros(3, "float64")),
    "the type of a number": (np.float32(1), np.float64(1)),
    "the shape of an array": (np.zeros((3, 1)), np.zeros((1, 3))),
    "the order of an array": (np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]], order="F").T),
    "the names in an array": (np.zeros(2, [("a", "f4")]), np.zeros(2, [("b", "f4")])),
    "the shape of an array of objects": (np.array([[1, None]]), np.array([[1], [None]])),
    "what is in an array of objects": (np.array([1, None]), np.array([2, None])),
    "the mask of an array": (np.ma.array([1, 2], mask=[False, True]), np.ma.array([1, 2], mask=[True, False])),
    "a matrix": (np.array([[1, 2]]), np.array([[1, 2]]).view(np.matrix)),
    "0.0 and -0.0": (0.0, -0.0),
    "a complex number": (1 + 2j, 1 - 2j),
    "1 and True": (1, True),
    "1 and 1.0": (1, 1.0),
    "bytes and text": (b"a", "a"),
    "None and its name": (None, "None"),
    "the order of a dict": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a value of a dict": ({"a": 1}, {"a": 2}),
    "a key of a dict": ({"a": 1}, {"b": 1}),
    "a list and a tuple": ([1, 2], (1, 2)),
    "where a list ends": ([["a"], "b"], [["a", "b"]]),
    "a set": ({1, 2}, {1, 3}),
    "a set and a frozenset": ({1, 2}, frozenset({1, 2})),
    "another method": (str.upper, str.lower),
    "a builtin function": (max, min),
    "what a builtin method is bound to": ([1].count, [2].count),
    "a function of NumPy": (np.sin, np.cos),
    "a pattern": (re.compile("a"), re.compile("b")),
    "a path": (Path("a"), Path("b")),
    "a module": (np, keras),
    "a type": (np.dtype("float32"), np.dtype("float64")),
    "a generator's state": (np.random.default_rng(0), np.random.default_rng(1)),
    "a layer's class": (keras.layers.Dense, keras.layers.Conv2D),
    "a layer's config": (keras.layers.ReLU(), keras.layers.ReLU(6)),
    "a layer's class with one config": (keras.layers.Flatten(), keras.layers.GlobalAveragePooling2D()),
    "an initializer": (keras.initializers.Constant(1), keras.initializers.Constant(2)),
    "a regularizer": (keras.regularizers.L2(0.1), keras.regularizers.L2(0.2)),
    "a constraint": (keras.constraints.MaxNorm(1), keras.constraints.MaxNorm(2)),
    "a loss": (keras.losses.BinaryCrossentropy(), keras.losses.BinaryCrossentropy(from_logits=True)),
}


@pytest.mark.parametrize(("one", "other"), PAIRS.values(), ids=PAIRS)
def test_different_things_have_different_digests(one: Any, other: Any) -> None:
    assert digest(one) != digest(other)
    assert digest(one) == digest(one)


MADE: dict[str, Callable[[int], Any]] = {
    "an array of JAX": lambda x: jnp.array([1.0, x]),
    "the type of an array of JAX": lambda x: jnp.array([1.0], ("bfloat16", "float16")[x]),
    "a variable of Keras": lambda x: keras.Variable([float(x)]),
    "a metric": lambda x: keras.metrics.Precision(x / 2),
}
"""Made in the test: processes that are forked from one that has started JAX hang, and mutants are tried in such."""


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_different_arrays_have_different_digests(made: Callable[[int], Any]) -> None:
    assert digest(made(0)) == digest(made(0)) != digest(made(1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([0.5, "a", (1,)], [0.5, "a", (1,)]),
        ({3, "a", 2.5}, {2.5, 3, "a"}),
        (np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]], order="F")),
        (Weighing([1]), Weighing([1])),
        (keras.layers.Dense(2), keras.layers.Dense(2)),
        (keras.initializers.HeNormal(), keras.initializers.HeNormal()),
    ],
)
def test_equal_things_have_one_digest(one: Any, other: Any) -> None:
    """Also layers of which Keras counts the names, and initializers that draw a seed of their own."""
    assert digest(one) == digest(other)


def test_a_model_has_one_digest_whatever_keras_calls_its_layers() -> None:
    models = [keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]) for _ in range(2)]
    models[1].set_weights(models[0].get_weights())
    assert digest(models[0]) == digest(models[1])


def test_the_weights_of_a_layer_that_is_closed_over() -> None:
    inner: Any = keras.layers.Dense(2)
    inner.build((1, 3))

    def through(x: Any) -> Any:
        return inner(x)

    before = digest(through)
    inner.set_weights([np.ones((3, 2)), np.ones(2)])
    assert digest(through) != before


def circle(*values: Any) -> list[Any]:
    made: list[Any] = [*values]
    made.append(made)
    return made


def test_circles_end() -> None:
    assert digest(circle(1)) == digest(circle(1)) != digest(circle(2))
    outer, inner = circle(), circle()  # one holds itself twice over, the other holds one that holds itself
    inner_of_outer: list[Any] = [outer]
    outer[0] = inner_of_outer
    assert digest([outer]) != digest([[inner]])


class Made:
    """Makes what it is known by anew whenever it is asked."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> Any:
        return Made, ([self.number],)


def test_what_is_made_while_looking_is_not_taken_for_what_was_there_before() -> None:
    """The second list could lie where the first one lay."""
    assert digest([Made(1), Made(2)]) != digest([Made(1), Made(1)])


class Penalty(keras.regularizers.Regularizer):
    def __init__(self, a: Any) -> None:
        self.a = a

    def get_config(self) -> Any:
        return {"a": self.a}


def module_with(x: Any) -> types.ModuleType:
    module = types.ModuleType("ours")
    vars(module)["x"] = x
    return module


def with_attribute(value: Any, by: Any) -> Any:
    value.by = by
    return value


@pytest.mark.parametrize(
    ("around", "way"),
    [
        (lambda x: x, "TextIOWrapper"),
        (lambda x: [1, x], "list[1]"),
        (lambda x: {"a": {2: x}}, "dict['a'][2]"),
        (lambda x: {x}, "set[0]"),
        (lambda x: {x: 1}, "dict"),
        (lambda x: np.array([None, x]), "ndarray[1]"),
        (lambda x: functools.partial(max, x), "partial[1][0]"),
        (lambda x: Weighing(x), "Weighing.weight"),
        (lambda x: Weighing(x).weigh, "weigh[1].weight"),
        (lambda x: Made(x), "Made[0][0]"),
        (lambda x: type("Own", (), {"a": x, "__module__": "__main__"}), "Own.a"),
        (lambda x: type("Own", (type("Base", (), {"a": x, "__module__": "__main__"}),), {}), "Base.a"),
        (lambda x: lambda: x, "x in <lambda>"),
        (lambda x: eval("lambda: x", {"x": x}), "x in <lambda>"),
        (lambda x: eval("lambda: m.x", {"m": module_with(x)}), "ours.x"),
        (lambda x: with_attribute(lambda: 1, x), "<lambda>.by"),
        (lambda x: with_attribute(type("Own", (list,), {"__module__": "__main__"})(), x), "Own.by"),
        (lambda x: lambda by=x: by, "<lambda>'s defaults[0]"),
        (lambda x: lambda *, by=x: by, "<lambda>'s defaults['by']"),
        (lambda x: Penalty(x), "Penalty's config['a']"),
    ],
)
def test_what_has_no_value_is_named_by_the_way_that_leads_to_it(around: Any, way: str, tmp_path: Path) -> None:
    with (tmp_path / "file.txt").open("w") as file, pytest.raises(UnknowableError) as error:
        reached(around(file))
    assert str(error.value).startswith(f"{way} is <_io.TextIOWrapper name=")
    assert str(error.value).endswith("which has no value to compare it by (cannot pickle '_io.TextIOWrapper' object)")


def test_a_layer_without_a_config_is_named() -> None:
    class Silent(keras.layers.Layer):
        def get_config(self) -> Any:
            raise RuntimeError("not today")

    with pytest.raises(UnknowableError, match=r"^Silent is <Silent name=.*, which has no config \(not today\)$"):
        reached(Silent())


KEPT = [
    *(None, True, 7, 2.5, 1 + 2j, "a", b"a", ...),
    *([1, "b"], (1, "b"), {1, 2.5}, {"a": 1, 2: [3]}),
    *(np.arange(6, dtype="int16").reshape(2, 3), np.float32(1.5), max, str.upper, functools.partial(int, base=3)),
    *(circle(1), datetime.date(2026, 1, 2), keras.initializers.Constant(0.5), np.sum),
]
"""Values whose digest hangs on no version of Python."""


def test_digests_stay_what_they_are_in_stores() -> None:
    """Where this changes, raise FINGERPRINT: runs that users have stored are found by these."""
    assert digest([*KEPT, jnp.array([1.5])]) == "63f72681360925f68111fffa7d7051ea873795e9dcc2be364a780193f59c70cf"


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="another Python compiles to other code")
def test_digests_of_code_stay_what_they_are_in_stores() -> None:
    module: dict[str, Any] = {"__name__": "__main__", "keras": keras}
    exec(CODE, module)
    assert digest(module["Own"]) == "42b972060205f26e6dcc35337b012039626d599b2ee10f28876875bbbdb5d79a"


CODE = """
BY = {"a": 2.0}

def scaled(x, y=1, *, by=3):
    "Ours"
    try:
        return x * by + y if x in {1, 2} else keras.ops.relu(x)
    except ValueError:
        return [lambda z: z + BY["a"] for _ in x]

class Held:
    def __init__(self): self.b, self.a = 1, [2]

HELD = Held()

class Own(keras.layers.Layer):
    "Ours"
    power = 2
    held = property(lambda self: HELD)

    @staticmethod
    def twice(x): return 2 * x

    def call(self, inputs):
        return scaled(super().call(inputs)) ** self.power + HELD.b
"""
