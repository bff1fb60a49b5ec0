"""What may be declared about test time, and what is refused with its reason."""

import pytest

from netgain.errors import RecipeError
from netgain.experiment.test_time import TestTime
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

BASELINE = load_recipe("small-sample")


def test_nothing_beside_the_image_is_refused() -> None:
    with pytest.raises(RecipeError, match="only the image itself is scored; set a field, for example shift=1"):
        TestTime()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("shift", -1, r"test_time\.shift: must be greater than or equal to 0"),
        ("shift", 0.5, r"test_time\.shift: must be a valid integer"),
        ("flip", "left", r"test_time\.flip: must be 'none', 'horizontal', 'vertical' or 'both'; received 'left'"),
        ("rotate", 1, r"test_time\.rotate: there is no such field"),
    ],
)
def test_refused_when_made(path: str, value: object, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        BASELINE.change(f"test_time.{path}", value)


def test_a_shift_out_of_sight_is_refused_with_both_sizes() -> None:
    TestTime(shift=7).check((8, 20, 1))
    with pytest.raises(RecipeError, match="test_time.shift: must be less than the images' 8 pixels; received 8"):
        TestTime(shift=8).check((8, 20, 1))


def test_survives_toml_and_enters_the_digest() -> None:
    recipe = BASELINE.change("test_time.shift", 1).change("ensemble", 5)
    assert Recipe.from_toml(recipe.to_toml()) == recipe
    assert len({recipe.digest, BASELINE.digest, BASELINE.change("test_time.shift", 1).digest}) == 3
    assert BASELINE.change("test_time", None).digest == BASELINE.digest
