"""What docs/recipes.md shows: each recipe is the same as text and in Python, and survives both ways."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from netgain.data import load_dataset
from netgain.experiment.recipe import AbstractRecipe
from netgain.tasks.catalogue import task_of
from netgain.tasks.recipes import load_recipe

PAGE = (Path(__file__).parents[1] / "docs" / "recipes.md").read_text()
SECTIONS = [section for section in PAGE.split("\n## ") if "```toml" in section]


def _code(section: str, language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", section, re.S)
    return code


@pytest.fixture(params=SECTIONS, ids=lambda section: section.partition("\n")[0])
def shown(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[AbstractRecipe, AbstractRecipe]:
    """The recipe of a section's TOML, and that of its Python."""
    (tmp_path / "my.toml").write_text(_code(request.param, "toml"))
    names: dict[str, Any] = {}
    exec(_code(request.param, "python"), names)
    return load_recipe(tmp_path / "my.toml"), names["recipe"]


def test_the_page_has_an_example_in_every_part() -> None:
    assert len(SECTIONS) == 5


def test_text_and_python_are_the_same_recipe(shown: tuple[AbstractRecipe, AbstractRecipe]) -> None:
    from_text, from_python = shown
    assert from_text.digest == from_python.digest
    assert from_text.differences(from_python) == {}


def test_the_recipe_can_be_trained_and_written(shown: tuple[AbstractRecipe, AbstractRecipe]) -> None:
    recipe = shown[0]
    task_of(recipe).check(recipe, load_dataset("mnist"))
    assert type(recipe).from_toml(recipe.to_toml()).digest == recipe.digest
