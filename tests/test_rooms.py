"""Imports flow one way: which room may use which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import netgain

SOURCE = Path(netgain.__file__).parent

# Every room, from the ground up, with what it may import at the top of its modules or inside a function.
MAY_USE: dict[str, set[str]] = {
    "errors": set(),
    "atomic": set(),
    "declaration": {"errors"},
    "augmentation": {"declaration"},
    "optimizer": {"declaration"},
    "data": {"errors", "atomic", "augmentation"},
    "networks": {"errors", "declaration"},
    "stats": {"errors"},
    "recipe": {"errors", "atomic", "augmentation", "declaration", "data", "networks", "optimizer"},
    "recipes": set(),
    "findings": {"errors"},
    "sizes": {"recipe"},
    "study": {"errors", "declaration", "data", "findings", "recipe", "sizes"},
    "result": {"errors", "atomic", "data", "findings", "recipe", "stats", "study"},
    "demonstration": {"errors", "declaration", "data", "findings", "recipe", "result", "sizes"},
    "analyses": {"errors", "data", "findings", "result", "stats", "study"},
    "store": {"errors", "recipe", "result", "study"},
    "engine": {"errors", "data", "networks", "recipe", "result", "stats", "study"},
    "studies": {"errors", "augmentation", "demonstration", "examine", "networks", "recipe", "study", "result"},
    "report": {"errors", "atomic", "data", "demonstration", "findings", "recipe", "result", "stats", "study"},
    "examine": {"errors", "data", "demonstration", "engine", "findings", "recipe", "report", "result"}
    | {"stats", "study"},
    "execute": {"errors", "data", "demonstration", "engine", "networks", "recipe", "result"}
    | {"stats", "store", "study"},
    "web": {"errors", "data", "demonstration", "engine", "execute", "networks", "recipe", "report"}
    | {"result", "stats", "store", "studies", "study"},
    "cli": {"errors", "data", "demonstration", "engine", "execute", "recipe", "report"}
    | {"result", "store", "studies", "study", "web"},
    "__init__": {"errors", "augmentation", "data", "demonstration", "execute", "findings", "networks", "recipe"}
    | {"result", "store", "studies", "study"},
}

# Doors that open upwards, inside functions only: a result, of a study or of a statistic, can show itself.
LAZY_DOORS = {("result", "report"), ("result", "analyses"), ("demonstration", "report"), ("stats", "report")}


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The rooms that a module imports, each with whether the import stands at the top."""
    tree = ast.parse(path.read_text())
    top_level = set(tree.body)
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "netgain" else [f"netgain.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("netgain."):
                yield name.split(".")[1], node in top_level


MODULES = sorted(SOURCE.rglob("*.py"))


def test_every_room_is_in_the_table() -> None:
    assert {room_of(path) for path in MODULES} == set(MAY_USE)


def test_the_table_has_no_circle() -> None:
    resolved: set[str] = set()
    while len(resolved) < len(MAY_USE):
        ready = {room for room, used in MAY_USE.items() if used <= resolved} - resolved
        assert ready, f"these rooms use each other: {set(MAY_USE) - resolved}"
        resolved |= ready


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_follow_the_table(path: Path) -> None:
    room = room_of(path)
    for used, at_top in imports(path):
        if used == room or (not at_top and (room, used) in LAZY_DOORS):
            continue
        assert used in MAY_USE[room], f"{path.relative_to(SOURCE)} imports netgain.{used}"


def test_statistics_know_nothing_of_training() -> None:
    for path in (SOURCE / "stats").rglob("*.py"):
        text = path.read_text()
        assert "import keras" not in text
        assert "import jax" not in text
