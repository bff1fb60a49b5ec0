"""The notebooks of examples/: text and notebook hold the same cells, and the cells run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from examples.notebooks import make_notebooks
from IPython.core.display_trap import DisplayTrap
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import netgain as ng

FOLDER = Path(__file__).parents[1] / "examples" / "notebooks"

SMALL = {
    "first_verdict": "DATASET, TRAIN_SIZE, EPOCHS, SEEDS = 'digits', 300, 2, 2",
    "own_photos": "FOLDER, IMAGE_SIZE, NUM_EXAMPLES, EPOCHS, SEEDS = 'photos', 12, 15, 1, 2",
    "own_keras_model": "DATASET, TRAIN_SIZE, EPOCHS, SEEDS = 'digits', 300, 1, 2",
}
"""What stands in the place of each notebook's cell of parameters here."""

notebooks = pytest.mark.parametrize("name", make_notebooks.NAMES)


def cells(path: Path) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in jupytext.read(path).cells]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Executor) -> Iterator[Any]:
    """A shell of IPython in this process, in an empty folder; `ng.run` trains in this process, too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setattr(ng, "run", partial(ng.run, executor=here))
    InteractiveShell.clear_instance()
    made: Any = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    made.outputs = []
    made.display_trap = DisplayTrap(hook=CapturingDisplayHook(shell=made, outputs=made.outputs))
    yield made
    InteractiveShell.clear_instance()


def test_every_notebook_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(make_notebooks.NAMES) == set(SMALL)


@notebooks
def test_text_and_notebook_have_the_same_cells(name: str) -> None:
    assert cells(FOLDER / f"{name}.py") == cells(FOLDER / f"{name}.ipynb")


@notebooks
def test_the_cells_for_colab_are_those_of_the_program(name: str) -> None:
    made = [(cell.cell_type, cell.source) for cell in make_notebooks.colab_cells(name, make_notebooks.REPOSITORY)]
    assert cells(FOLDER / f"{name}.py")[make_notebooks.FIRST :][: len(made)] == made


def test_a_known_repository_gives_a_badge_for_colab() -> None:
    badge, _ = make_notebooks.colab_cells("first_verdict", "https://github.com/you/netgain")
    address = "colab.research.google.com/github/you/netgain/blob/main/examples/notebooks/first_verdict.ipynb"
    assert address in badge.source


@notebooks
def test_the_outputs_are_of_a_run_from_top_to_bottom_without_an_error(name: str) -> None:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", 4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert {output.output_type for output in outputs} <= {"execute_result", "display_data"}  # no error, no stderr
    assert sum("text/html" in output.data for output in outputs) >= 4
    text = (FOLDER / f"{name}.ipynb").read_text()
    assert len(text) < 600_000
    assert str(Path.home()) not in text


@notebooks
def test_a_notebook_runs_at_a_small_size(name: str, shell: Any) -> None:
    for cell in jupytext.read(FOLDER / f"{name}.py").cells:
        if cell.cell_type == "code":
            source = SMALL[name] if "parameters" in cell.metadata.get("tags", ()) else cell.source
            assert shell.run_cell(source).success, source
    shown = [output["data"]["text/html"] for output in shell.outputs if "text/html" in output["data"]]
    assert sum(html.startswith('<div class="netgain">') for html in shown) >= 3
    assert any("Too few seeds" in html or "UNDECIDED" in html for html in shown)  # two seeds decide nothing
