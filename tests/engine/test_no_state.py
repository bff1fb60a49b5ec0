"""What a network comes out as hangs on its arguments alone: the engine keeps no state in its modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import netgain.engine

MODULES = sorted(Path(netgain.engine.__file__).parent.rglob("*.py"))
CONTAINERS = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
MAKERS = {"list", "dict", "set", "bytearray", "defaultdict", "OrderedDict", "Counter", "deque", "array", "zeros"}
OF_THE_COMPUTER = {"available", "library", "_register", "_processor_name"}
"""What may be cached: it is the same as long as the process lives."""


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def states(tree: ast.Module) -> Iterator[str]:
    """What could change behind the back of a caller."""
    for statement in tree.body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign | ast.AnnAssign) and (
            isinstance(value, CONTAINERS) or (isinstance(value, ast.Call) and name_of(value) in MAKERS)
        ):
            yield f"line {statement.lineno}: a container that can be changed"
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield f"line {node.lineno}: global"
        if isinstance(node, ast.FunctionDef) and node.name not in OF_THE_COMPUTER:
            if any(name_of(decorator) in {"cache", "lru_cache"} for decorator in node.decorator_list):
                yield f"line {node.lineno}: the cache of {node.name}"
            if any(isinstance(default, CONTAINERS) for default in (*node.args.defaults, *node.args.kw_defaults)):
                yield f"line {node.lineno}: a default that can be changed"
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.Assign | ast.AnnAssign) and isinstance(inner.value, CONTAINERS):
                    yield f"line {inner.lineno}: a container of a class"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_of_the_engine_keeps_no_state(path: Path) -> None:
    assert list(states(ast.parse(path.read_text()))) == []


STATE = (
    "kept = {}",
    "kept: list[int] = []",
    "kept = collections.deque()",
    "def f():\n    global x",
    "def f(a=[]): ...",
    "@cache\ndef f(): ...",
    "@functools.lru_cache(3)\ndef f(): ...",
    "class A:\n    kept = {}",
)


@pytest.mark.parametrize("text", STATE)
def test_state_is_seen(text: str) -> None:
    assert len(list(states(ast.parse(text)))) == 1
