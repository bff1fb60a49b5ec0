"""What may be declared about augmentation, and what is refused with its reason."""

from collections.abc import Callable
from typing import Any

import pytest

from netgain.errors import RecipeError
from netgain.experiment.augmentation import Augmentation
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe

BASELINE = load_recipe("small-sample")

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "rotation from high to low": (
        lambda: Augmentation(rotation=(25, 5)),
        r"rotation: a range must go from low to high; .*\(5, 25\).*\(25, 5\)",
    ),
    "rotation by a negative number": (
        lambda: Augmentation(rotation=-15),
        r"rotation: a range must go from low to high",
    ),
    "copies from high to low": (
        lambda: Augmentation(copies=((5, 25), (-5, -25))),
        r"copies\.1: a range must go from low to high",
    ),
    "copies unchanged": (lambda: Augmentation(copies=((0, 0),)), r"copies: .*unchanged"),
    "zoom of zero": (lambda: Augmentation(zoom=(0, 1)), r"zoom: .*above 0.*\(0, 1\)"),
    "zoom from high to low": (lambda: Augmentation(zoom=(1.1, 0.9)), r"zoom: a range must go from low to high"),
    "zoom by a number": (lambda: Augmentation(zoom=1.1), r"zoom: .*received 1\.1"),
    "negative shift": (lambda: Augmentation(shift=-1), r"shift: must be greater than or equal to 0; received -1"),
    "negative elastic": (lambda: Augmentation(elastic=-1), r"elastic: must be greater than or equal to 0"),
    "negative shear": (lambda: Augmentation(shear=-1), r"shear: must be greater than or equal to 0"),
    "shear to the horizontal": (lambda: Augmentation(shear=90), r"shear: must be less than 90; received 90"),
    "infinite": (lambda: Augmentation(rotation=float("inf")), r"rotation.*finite"),
    "no number": (lambda: Augmentation(shift=float("nan")), r"shift: .*finite"),
    "nothing": (lambda: Augmentation(), r"no field changes the images; set one"),
    "nothing, by the recipe": (
        lambda: BASELINE.change("augmentation.rotation", 0),
        r"^invalid recipe: augmentation: no field changes",
    ),
    "unknown field": (lambda: BASELINE.change("augmentation.rotatoin", 3), r"augmentation\.rotatoin: .*'rotation'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_when_made(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(RecipeError, match=message):
        make()


def test_one_field_of_a_recipe_without_augmentation_makes_one() -> None:
    changed = BASELINE.change("augmentation.rotation", 15)
    assert changed.augmentation == Augmentation(rotation=(-15, 15))
    assert changed.change("augmentation.shift", 2).augmentation == Augmentation(rotation=15, shift=2)
    assert changed.change("augmentation", None) == BASELINE


def test_survives_toml() -> None:
    full = Augmentation(
        rotation=(-5, 20), shift=1.5, zoom=(0.9, 1.2), shear=8, elastic=0.7, copies=((5, 25), (-25, -5))
    )
    recipe = BASELINE.change("augmentation", full)
    assert Recipe.from_toml(recipe.to_toml()) == recipe
    assert Recipe.from_toml(recipe.to_toml()).digest == recipe.digest


def test_digest_of_recipes_without_is_left_alone() -> None:
    assert BASELINE.change("augmentation", None).digest == BASELINE.digest
    one, other = (BASELINE.change("augmentation.rotation", degrees) for degrees in (15, 16))
    assert len({BASELINE.digest, one.digest, other.digest}) == 3


def test_differences_name_the_field() -> None:
    one, other = (BASELINE.change("augmentation.shift", pixels) for pixels in (1, 2))
    assert one.differences(other) == {"augmentation.shift": (1.0, 2.0)}
