"""All that own code depends on is in its digest: two networks with one digest would share their results."""

import collections
import enum
import functools
import re
import sys
import types
from typing import Any, NamedTuple

import jax
import keras
import numpy as np
import pytest

from netgain.networks.reached import Reached, UnknowableError, reached

OWN = {
    "a function's attribute": "def f(x): return x * f.by\nf.by = K",
    "a positional default": "def f(x, by=K): return x * by",
    "a keyword's default": "def f(x, *, by=K): return x * by",
    "a function behind a cache": "@functools.cache\ndef g(x): return x * K\ndef f(x): return g(x)",
    "a function behind jit": "@jax.jit\ndef g(x): return x * K\ndef f(x): return g(x)",
    "a function behind vmap": "g = jax.vmap(lambda x: x * K)\ndef f(x): return g(x)",
    "a function behind grad": "g = jax.grad(lambda x: x * K)\ndef f(x): return g(x)",
    "a function for some types": "@functools.singledispatch\ndef f(x): pass\nf.register(int)(lambda x: x * K)",
    "a class in a function": "def f(x):\n    class A:\n        by = SCALE\n    return x * A.by\nSCALE = K",
    "a method of a dict": "class A(dict):\n    def __missing__(self, key): return K\nf = A()",
    "a default of a dict": "f = collections.defaultdict(lambda: K)",
    "a method of a list": "class A(list):\n    def g(self): return K\nf = A()",
    "an attribute of a list": "class A(list): pass\nf = A()\nf.by = K",
    "a method of a named tuple": "class A(NamedTuple):\n    a: int\n    def g(self): return K\nf = A(1)",
    "a method of a set": "class A(set):\n    def g(self): return K\nf = A()",
    "a method of an int": "class A(int):\n    def g(self): return K\nf = A(1)",
    "a method of a float": "class A(float):\n    def g(self): return K\nf = A(1)",
    "a method of a text": "class A(str):\n    def g(self): return K\nf = A('a')",
    "a method of an array": "class A(np.ndarray):\n    def g(self): return K\nf = np.ones(2).view(A)",
    "a method of an enum": "class A(enum.Enum):\n    ONE = 1\n    def g(self): return K\nf = A.ONE",
    "a method of an enum of ints": "class A(enum.IntEnum):\n    ONE = 1\n    def g(self): return K\nf = A.ONE",
    "a method of a flag without a name": "class A(enum.Flag):\n    ONE = 1\n    def g(self): return K\nf = A(0)",
    "a method of a metaclass": "class M(type):\n    def g(cls): return K\nclass f(metaclass=M): pass",
    "a method of a partial": "class A(functools.partial):\n    def g(self): return K\nf = A(max)",
    "a base class": "class A:\n    by = K\nclass f(A): pass",
    "a property": "class f:\n    @property\n    def by(self): return K",
    "a cached property": "class f:\n    @functools.cached_property\n    def by(self): return K",
    "a class method": "class f:\n    @classmethod\n    def by(cls): return K",
    "a static method": "class f:\n    @staticmethod\n    def by(): return K",
    "an operator of another class": "class f(float): __mul__ = [float.__add__, float.__sub__][K - 2]",
    "a slot": "class A: __slots__ = ('by',)\nf = A()\nf.by = K",
    "a slot beside attributes": "class A: __slots__ = ('by', '__dict__')\nf = A()\nf.by, f.also = K, 1",
    "an attribute beside slots": "class A: __slots__ = ('also', '__dict__')\nf = A()\nf.by, f.also = K, 1",
    "a regularizer without a config": """class A(keras.regularizers.Regularizer):
    def __init__(self, by): self.by = by
    def __call__(self, x): return x * self.by
    def get_config(self): return {}
f = A(K)""",
    "a function behind installed code": """def wrapped(g):
    def inner(x): return g(x)
    inner.__module__ = 'numpy'
    return inner
f = wrapped(lambda x: x * K)""",
    "a text": "def f(x): return x + 'K'",
    "a text of a lambda": "f = lambda x: x + 'K'",
    "a text of a generator": "def f(x): return (y + 'K' for y in x)",
    "a text of a class": "def f(x):\n    class A:\n        by = 'K'\n    return A.by",
    "what stands in a set": "def f(x): return x in {1, K}",
    "what a loop goes through": "def f(x):\n    for y in (1, K): x = x * y\n    return x",
    "what an object rebuilds from": """class A:
    def __reduce__(self): return A, (), None, iter([K]), iter([(1, 1)])
f = A()""",
    "the pairs an object rebuilds from": """class A:
    def __reduce__(self): return A, (), None, iter([1]), iter([(1, K)])
f = A()""",
    "the state of an object": "class A:\n    def __getstate__(self): return K\nf = A()",
    "a pair as state": "class A:\n    def __getstate__(self): return 1, K\nf = A()",
    "three values as state": "class A:\n    def __getstate__(self): return 1, 1, K\nf = A()",
    "a state by numbers": "class A:\n    def __getstate__(self): return {1: K, 'a': 1}\nf = A()",
    "an object with a name of its own": """class A:
    by = K
    def __reduce__(self): return 'f'
f = A()""",
    "an attribute of an object with a name of its own": """class A:
    def __reduce__(self): return 'f'
f = A()
f.by = K""",
}


def made(text: str, by: int = 0) -> Any:
    """What a user's text calls `f`, where K is this number."""
    module = types.ModuleType("__main__")
    vars(module).update({each.__name__: each for each in (collections, enum, functools, jax, keras)})
    vars(module).update(np=np, NamedTuple=NamedTuple)
    exec(re.sub(r"\bK\b", str(by), text), vars(module))
    return module.f


def digest(part: Any) -> str:
    return reached(part).digest


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_all_that_own_code_depends_on_is_in_the_digest(text: str) -> None:
    assert digest(made(text, 2)) == digest(made(text, 2)) != digest(made(text, 3))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(x, y): return x - y", "def f(y, x): return x - y"),
        ("def f(x, y): return x", "def f(x, /, y): return x"),
        ("def f(x, y): return x", "def f(x, *, y): return x"),
        ("def f(x, *y): return x", "def f(x, y): return x"),
        ("def f(x, *, y, z): return y", "def f(x, *, z, y): return z"),
        ("def f(x): return x.real", "def f(x): return x.imag"),
        ("def f(x): return max(x)", "def f(x): return min(x)"),
        ("def f(x): return x in {1, 2}", "def f(x): return x in (1, 2)"),
        ("def f(x):\n    try: a(x)\n    finally: b(x)", "def f(x):\n    a(x)\n    try: pass\n    finally: b(x)"),
        ("class f:\n    a = 1", "class f:\n    b = 1"),
        ("@staticmethod\ndef f(x): return x", "@classmethod\ndef f(x): return x"),
        ("class A: pass\nclass B: pass\nclass f(A, B): a = 1", "class A: pass\nclass f(A): a = 1"),
    ],
)
def test_other_code_has_another_digest(one: str, other: str) -> None:
    assert digest(made(one)) != digest(made(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("class f:\n    a: int = 1", "class f:\n    a: float = 1"),
        ("class f:\n    a = 1\n    b = 2", "class f:\n    b = 2\n    a = 1"),
        ("class A: pass\nf = A()\nf.a, f.b = 1, 2", "class A: pass\nf = A()\nf.b, f.a = 2, 1"),
        (
            "class A: __slots__ = ('a', 'b', '__dict__')\nf = A()\nf.a, f.c, f.d = 1, 2, 3",
            "class A: __slots__ = ('a', 'b', '__dict__')\nf = A()\nf.d, f.c, f.a = 3, 2, 1",
        ),
        ("class A: __slots__ = ('a',)\nf = A", "class B: __slots__ = ('a',)\nf = B"),
        (
            "class A(keras.initializers.RandomNormal): pass\nf = A()",
            "class A(keras.initializers.RandomNormal): pass\nf = A()  # draws another seed",
        ),
        ("@functools.cache\ndef f(x): 'Ours'", "@functools.cache\ndef f(x): 'Yours'"),
        ("class A: pass\nf = A", "class B: pass\nf = B"),
    ],
)
def test_what_does_the_same_has_one_digest(one: str, other: str) -> None:
    assert digest(made(one)) == digest(made(other))


def ours(name: str, text: str) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module)["__package__"] = name.partition(".")[0]
    exec(text, vars(module))
    return module


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    import ours\n    return ours.bend(x)",
        "def f(x):\n    import ours.inner\n    return ours.inner.bend(x)",
        "def f(x):\n    import ours.inner as there\n    return there.bend(x)",
        "def f(x):\n    from ours import bend\n    return bend(x)",
        "def f(x):\n    def g(x):\n        from ours.inner import bend\n        return bend(x)\n    return g(x)",
        "def make():\n    import ours\n    return lambda x: ours.bend(x)\nf = make()",
        "import ours\ndef f(x): return ours.bend(x)",
        "import ours\ndef f(x): return ours.inner.bend(x)",
        "import ours.inner\ndef f(x): return x * ours.inner.BY",
        "import ours\ndef f(x): return x * ours.BY",
        "def make(ours):\n    def f(x): return ours.bend(x)\n    f.__module__ = 'numpy'\n    return f\n"
        "import ours\nf = make(ours)",
        "from ours import bend as f",
        "import ours as f",
    ],
)
def test_what_code_takes_from_own_modules_is_in_the_digest(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import inside a function was left out."""

    def found(by: int) -> Reached:
        for name in ("ours", "ours.inner"):
            monkeypatch.setitem(sys.modules, name, ours(name, f"BY = {by}\ndef bend(x): return x * BY"))
        vars(sys.modules["ours"])["inner"] = sys.modules["ours.inner"]
        return reached(made(text))

    assert found(2) == found(2)
    assert found(2).digest != found(3).digest
    assert {"ours.inner" if "inner" in text else "ours"} <= found(2).modules <= {"__main__", "ours", "ours.inner"}


def test_a_relative_import_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = []
    for by in (2, 3):
        package, inner = ours("ours", ""), ours("ours.inner", f"BY = {by}")
        vars(package).update(__path__=[], inner=inner)
        monkeypatch.setitem(sys.modules, "ours", package)
        monkeypatch.setitem(sys.modules, "ours.inner", inner)
        user = ours("ours.user", "def f(x):\n    from .inner import BY\n    return x * BY")
        digests.append(digest(user.f))
    assert digests[0] != digests[1]


def test_the_names_in_a_module_are_in_the_digest() -> None:
    assert digest(ours("ours", "a, b = 1, 2")) != digest(ours("ours", "a, c = 1, 2"))


def test_the_modules_of_own_code_are_named() -> None:
    assert reached(made("class f: pass")).modules == {"__main__"}
    assert reached(eval("lambda: 1", {})).modules == {"__main__"}  # without a module
    assert reached([max, np.sin, keras.layers.Dense]).modules == set()


def test_only_what_is_asked_of_an_own_module_is_in_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = []
    for other in (1, 2):
        monkeypatch.setitem(sys.modules, "ours", ours("ours", f"def bend(x): return x\ndef other(x): return {other}"))
        digests.append(digest(made("import ours\ndef f(x): return ours.bend(x)")))
    assert digests[0] == digests[1]


def test_an_import_that_is_lacking_is_left_to_the_code_and_one_that_fails_is_named(monkeypatch, tmp_path) -> None:
    lacking = "def f(x):\n    try: import not_there_at_all\n    except ImportError: return x"
    assert digest(made(lacking)) == digest(made(lacking))
    (tmp_path / "failing_as_it_loads.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UnknowableError, match=r"^f imports failing_as_it_loads, which fails \(division by zero\)$"):
        reached(made("def f(x):\n    import failing_as_it_loads\n    return x"))
