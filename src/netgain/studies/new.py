"""A new study as a file: the example of CONTRIBUTING.md, to be changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from netgain.errors import OutputError, RecipeError
from netgain.studies.catalogue import study_names

TEMPLATE = '''\
"""Does a hidden layer of 100 neurons beat one of 30?

The lecture gives no figure for it. netgain: see docs/results.md (5 seeds, ± test sample ± training).

Both keep the learning rate of the slides, 1.0.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 21.5  # after the study of the activations

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "NAME",
    question="Does a hidden layer of 100 neurons beat one of 30?",
    baseline=_BASELINE,
    arms={"100 neurons": _BASELINE.change("network.hidden", [100])},
)
'''
"""Where it says NAME, the study's name goes in."""


class NewStudy(NamedTuple):
    """A file that was written, and the command that runs its study."""

    path: Path
    command: str


def write_new_study(name: str, here: Path) -> NewStudy:
    """Write the file of a new study: in a checkout of netgain beside the others, which lists it; else in this folder.

    Args:
        name: letters, digits and dashes, such as "hidden-size"; the file is then `hidden_size.py`.
        here: the folder that the user is in.

    Raises:
        RecipeError: for an invalid name, or one that a study of the catalogue has.
        OutputError: where the file is there already, or cannot be written.
    """
    _check(name)
    studies, root = Path(__file__).resolve().parent, Path(__file__).resolve().parents[3]
    in_checkout = (root / "pyproject.toml").is_file() and here.resolve().is_relative_to(root)
    file_name = f"{name.replace('-', '_')}.py"
    path = (studies if in_checkout else here) / file_name
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.replace("NAME", name))
    except FileExistsError:
        raise OutputError(f"{str(path)!r} exists already: choose another name, or remove the file") from None
    except OSError as error:
        raise OutputError(f"{str(path)!r} cannot be written: {error.strerror}") from error
    return NewStudy(path, f"netgain study {name if in_checkout else file_name}")


def _check(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        message = f"must be small letters, digits and dashes, such as hidden-size; received {name!r}"
        raise RecipeError("study", [("name", message)])
    if name in study_names():
        message = f"the catalogue has a study {name!r} already (netgain list): choose another name"
        raise RecipeError("study", [("name", message)])
