"""Make the notebooks from their texts by running them: `make notebooks`.

`python examples/notebooks/make_notebooks.py NAME …` makes some. The text `NAME.py` (jupytext, py:percent) is what
one edits; `NAME.ipynb` has the same cells and their outputs.
"""

import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

REPOSITORY = "<address of this repository>"
"""Fill this in where the repository has a public address, such as https://github.com/you/netgain, and make the
notebooks again: each gets a badge that opens it in Colab, and its first cell of code installs netgain from there.
"""

NAMES = ("first_verdict", "own_photos", "own_keras_model")
FOLDER = Path(__file__).parent
FIRST = 1
"""The title comes first, then the cells that this program writes."""

SETUP = f"""\
# In Colab this cell installs netgain. Where netgain is installed, it does nothing.
import importlib.util
import subprocess
import sys

REPOSITORY = "{REPOSITORY}"
if importlib.util.find_spec("netgain") is None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", f"git+{{REPOSITORY}}"], check=True)"""


def main(names: list[str]) -> None:
    """Run the texts of these names, or all, and write the notebooks."""
    for name in names or NAMES:
        text = FOLDER / f"{name}.py"
        notebook = jupytext.read(text)
        notebook.cells[FIRST : FIRST + 2] = colab_cells(name, REPOSITORY)
        jupytext.write(notebook, text, fmt="py:percent")
        with tempfile.TemporaryDirectory() as folder:
            NotebookClient(notebook, timeout=3600, resources={"metadata": {"path": folder}}).execute()
        write(notebook, FOLDER / f"{name}.ipynb")
        print(f"{name}.ipynb")


def colab_cells(name: str, repository: str) -> list[nbformat.NotebookNode]:
    """How to open the notebook in Colab, and the cell that installs netgain there."""
    if repository.startswith("https://github.com/"):
        address = f"https://colab.research.google.com/github/{repository.removeprefix('https://github.com/')}"
        badge = "https://colab.research.google.com/assets/colab-badge.svg"
        words = f"[![Open in Colab]({badge})]({address}/blob/main/examples/notebooks/{name}.ipynb)"
    else:
        words = "In Colab: *File → Upload notebook*, then put the address of netgain's repository into the next cell."
    return [nbformat.v4.new_markdown_cell(words), nbformat.v4.new_code_cell(SETUP)]


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write the notebook without what changes from one run to the next."""
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("jupytext", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main(sys.argv[1:])
