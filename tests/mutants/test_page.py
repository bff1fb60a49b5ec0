"""What docs/testing.md names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_is_there() -> None:
    named = re.findall(r"`(tests/\S+\.py)::(test_\w+)`", PAGE)
    assert len(named) > 20
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, (file, name)


def test_every_file_of_the_mutated_rooms_has_a_row_or_is_said_to_lack_one() -> None:
    named = set(re.findall(r"`(?!tests/)((?:\w+/)+\w+\.py)`", PAGE))
    package = ROOT / "src" / "netgain"
    globs = ("stats/*.py", "data/*.py", "networks/own*.py")
    files = {file.relative_to(package).as_posix() for pattern in globs for file in package.glob(pattern)}
    files |= {"engine/augment.py", "engine/epoch.py", "networks/families/own.py", "networks/reached.py"}
    assert {file for file in files if not file.endswith("__init__.py")} <= named
    assert all((package / file).exists() for file in named), "the page names files that are gone"
