"""What the README shows is what the examples hold, and it runs."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_the_readme_shows_the_example(example: Path) -> None:
    assert example.read_text() in (ROOT / "README.md").read_text()


def test_own_model_on_own_images_in_ten_lines(tmp_path: Path) -> None:
    code = (ROOT / "examples" / "own_model.py").read_text()
    assert len([line for line in code.splitlines() if line and not line.startswith("import")]) <= 10
    generator = np.random.default_rng(0)
    for label, name in enumerate(["beech", "oak", "maple"]):
        folder = tmp_path / "leaves" / name
        folder.mkdir(parents=True)
        for i in range(40):
            pixels = generator.integers(0, 90, (20, 16, 3), dtype=np.uint8)
            pixels[4 * label : 4 * label + 6, :, label] += 120
            Image.fromarray(pixels).save(folder / f"{i}.png")
    (tmp_path / "own_model.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "own_model.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "sgd against baseline on the 24 test images of leaves (5 seeds each)" in said
    assert (tmp_path / "netgain.db").exists()


def test_the_readmes_commands_exist() -> None:
    import shlex

    from typer.main import get_command

    from netgain.cli.app import app

    known = set(get_command(app).commands)  # pyright: ignore
    lines = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("netgain ")]
    assert len(lines) >= 6
    for line in lines:
        assert shlex.split(line, comments=True)[1] in known
