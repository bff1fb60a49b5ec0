"""The study that CONTRIBUTING shows: copied into the catalogue, it is listed and runs."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import netgain

ROOT = Path(__file__).parents[2]


def example() -> str:
    found = re.search(
        r"`src/netgain/studies/(\w+)\.py`.*?```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.S
    )
    assert found
    assert found[1] == "hidden_size"
    return found[2]


def test_the_example_is_short() -> None:
    assert len(example().splitlines()) < 40


def test_one_file_is_enough(tmp_path: Path) -> None:
    package = tmp_path / "copy" / "netgain"
    shutil.copytree(Path(netgain.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "studies" / "hidden_size.py").write_text(example())

    def run(*arguments: str) -> str:
        command = [sys.executable, "-c", "from netgain.cli import main; main()", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(package.parent)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    names = [study["name"] for study in json.loads(run("list", "--json"))["studies"]]
    assert names.index("hidden-size") == names.index("activation") + 1
    found = json.loads(run("study", "hidden-size", "--data", "digits", "--set", "epochs=1", "--seeds", "1", "--json"))
    assert [row["arm"] for row in found["verdicts"]] == ["baseline", "100 neurons"]
