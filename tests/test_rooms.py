"""Imports flow one way: every room uses only the rooms below it, and no two files use each other.

Both are counted from the syntax trees, at the top of a file or inside a function, for running or for types.
`python tests/test_rooms.py` prints what is wrong, if anything is.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "netgain"

# From the ground up; rooms of one line do not use each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "files", "markup"),
    ("data", "stats"),
    ("experiment",),
    ("networks",),
    ("engine",),
    ("tasks",),
    ("runs",),
    ("results",),
    ("report",),
    ("studies", "api"),
    ("web",),
    ("cli",),
    ("__init__",),
)


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(["netgain", *parts]).removesuffix(".__init__")


def imports(path: Path, modules: set[str]) -> set[str]:
    """The modules of netgain that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.partition(".")[0] == "netgain"}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "netgain":
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules else str(node.module) for name in inner}
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative imports hide where they go"
    return found - {module_of(path)}


def graph() -> dict[str, set[str]]:
    """Module -> the modules that it imports."""
    paths = {module_of(path): path for path in SOURCE.rglob("*.py")}
    return {name: imports(path, set(paths)) for name, path in paths.items()}


def room_of(module: str) -> str:
    return ([*module.split("."), "__init__"])[1]


def upward(uses: Mapping[str, set[str]]) -> Iterator[str]:
    """The imports that do not go down."""
    floor = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    for module, used in sorted(uses.items()):
        for other in sorted(used):
            here, there = room_of(module), room_of(other)
            if here != there and floor[there] >= floor[here]:
                yield f"{module} imports {other}, which is not below it"


def circles(uses: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of modules that use each other, directly or by way of others (Tarjan 1972)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in uses.get(module, ()):
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            group = [stack.pop()]
            while group[-1] != module:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for module in uses:
        if module not in order:
            visit(module)
    return found


def test_every_room_has_its_floor() -> None:
    assert {room_of(module) for module in graph()} == {room for rooms in FLOORS for room in rooms}


def test_every_import_goes_down() -> None:
    assert list(upward(graph())) == []


def test_no_files_use_each_other() -> None:
    assert circles(graph()) == []


def test_an_import_that_goes_up_and_a_circle_are_found() -> None:
    planted = {"netgain.data.a": {"netgain.report.b"}, "netgain.report.b": {"netgain.report.c", "netgain.stats.d"}}
    planted |= {"netgain.report.c": {"netgain.report.b"}, "netgain.stats.d": set()}
    assert list(upward(planted)) == ["netgain.data.a imports netgain.report.b, which is not below it"]
    assert circles(planted) == [["netgain.report.b", "netgain.report.c"]]


def test_statistics_know_nothing_of_training() -> None:
    for path in (SOURCE / "stats").rglob("*.py"):
        text = path.read_text()
        assert "import keras" not in text
        assert "import jax" not in text


if __name__ == "__main__":
    uses = graph()
    wrong = [*upward(uses), *(f"they use each other: {', '.join(group)}" for group in circles(uses))]
    print(
        f"{len(uses)} files, {sum(map(len, uses.values()))} imports.", *wrong or ["Every import goes down."], sep="\n"
    )
    sys.exit(bool(wrong))
