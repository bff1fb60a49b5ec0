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
    "unknown flip": (lambda: Augmentation(flip="left"), r"flip: must be 'none', 'horizontal', .*received 'left'"),
    "brightness beyond white": (lambda: Augmentation(brightness=20), r"brightness: must be less than or equal to 1"),
    "negative brightness": (lambda: Augmentation(brightness=-0.1), r"brightness: must be greater than or equal to 0"),
    "contrast by a number": (lambda: Augmentation(contrast=0.2), r"contrast: .*received 0\.2"),
    "contrast from high to low": (lambda: Augmentation(contrast=(1.2, 0.8)), r"contrast: .*\(0\.8, 1\.2\)"),
    "negative contrast": (lambda: Augmentation(contrast=(-1, 1)), r"contrast: .*negative.*\(-1, 1\)"),
    "half a pixel": (lambda: Augmentation(cutout=4.5), r"cutout: must be a valid integer.*4\.5"),
    "negative cutout": (lambda: Augmentation(cutout=-1), r"cutout: must be greater than or equal to 0"),
    "cutout of no image": (lambda: Augmentation(cutout=4, cutout_share=0), r"cutout_share: must be greater than 0"),
    "share without cutout": (lambda: Augmentation(shift=1, cutout_share=0.5), r"cutout_share: .*set cutout"),
    "negative mixup": (lambda: Augmentation(mixup=-0.2), r"mixup: must be greater than or equal to 0"),
    "mixup of strings": (
        lambda: load_recipe("reader").change("augmentation.mixup", 0.2),
        r"augmentation: mixup: two strings have no text in common",
    ),
    "mixup for a loss of integers": (
        lambda: BASELINE.change("augmentation.mixup", 0.2).change("loss", "sparse_categorical_crossentropy"),
        r"augmentation\.mixup: .* takes class numbers only, .*use loss='categorical_crossentropy'",
    ),
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
        rotation=(-5, 20),
        shift=1.5,
        zoom=(0.9, 1.2),
        shear=8,
        elastic=0.7,
        copies=((5, 25), (-25, -5)),
        flip="both",
        brightness=0.1,
        contrast=(0.7, 1.4),
        cutout=9,
        cutout_share=0.7,
        mixup=0.2,
    )
    recipe = BASELINE.change("augmentation", full)
    assert Recipe.from_toml(recipe.to_toml()) == recipe
    assert Recipe.from_toml(recipe.to_toml()).digest == recipe.digest


def test_digest_of_recipes_without_is_left_alone() -> None:
    assert BASELINE.change("augmentation", None).digest == BASELINE.digest
    one, other = (BASELINE.change("augmentation.rotation", degrees) for degrees in (15, 16))
    assert len({BASELINE.digest, one.digest, other.digest}) == 3


def test_each_new_field_alone_changes_the_images_and_the_digest() -> None:
    fields: dict[str, Any] = {"flip": "vertical", "brightness": 0.1, "contrast": (0.9, 1.0), "cutout": 3, "mixup": 0.2}
    recipes = [BASELINE.change(f"augmentation.{name}", value) for name, value in fields.items()]
    assert len({recipe.digest for recipe in [BASELINE, *recipes]}) == 6
    assert all(recipe.augmentation.on_the_fly for recipe in recipes)


def test_a_cutout_larger_than_the_images_is_refused_with_both_sizes() -> None:
    recipe = BASELINE.change("augmentation.cutout", 12)
    with pytest.raises(RecipeError, match=r"augmentation\.cutout: must be at most the images' 8 pixels; received 12"):
        recipe.augmentation.check((8, 20, 1))
    recipe.augmentation.check((12, 20, 1))


def test_the_digest_of_an_older_augmentation_stays() -> None:
    recipe = BASELINE.change("augmentation", Augmentation(rotation=15, shift=2))
    assert recipe.identity()["augmentation"] == {"rotation": [-15.0, 15.0], "shift": 2.0}


def test_differences_name_the_field() -> None:
    one, other = (BASELINE.change("augmentation.shift", pixels) for pixels in (1, 2))
    assert one.differences(other) == {"augmentation.shift": (1.0, 2.0)}
