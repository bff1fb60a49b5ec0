"""Recipes with fewer images: all in proportion, and those without images as they are."""

import pytest
from tests.experiment.recipes import Juggling, Looking

from netgain.experiment.sizes import fitting_fractions, quick_images, with_images


def test_recipes_without_images_always_fit_and_stay_as_they_are() -> None:
    assert fitting_fractions([], 10) is None
    assert fitting_fractions([Juggling()], 10) is None
    recipes = [Juggling(), Looking(train_size=20)]
    assert fitting_fractions(recipes, 10) == (0.5, 1.0)
    assert with_images(recipes[0], (0.5, 1.0)) is recipes[0]
    assert with_images(recipes[1], (0.5, 1.0)) == Looking(train_size=10)


@pytest.mark.parametrize(
    ("sizes", "num_images", "num_validation", "expected"),
    [
        ([(None, 0)], 10, 0, None),  # all the images there are
        ([(100, 0), (50, 0)], 100, 0, None),
        ([(100, 0), (50, 0)], 40, 0, (0.4, 1.0)),
        ([(100, 20)], 70, 0, (0.5, 1.0)),  # room enough for the images that validate
        ([(100, 100)], 100, 0, (0.5, 0.5)),
        ([(None, 20)], 100, 0, (0.8, 1.0)),  # wanted are five times as many as validate
        ([(100, 20)], 50, 10, (0.5, 0.5)),  # a validation part of the dataset's own shrinks for itself
        ([(100, 20)], 50, 90, (0.5, 1.0)),
        ([(100, 20)], 100, 20, None),
    ],
)
def test_by_what_recipes_shrink(
    sizes: list[tuple[int | None, int]], num_images: int, num_validation: int, expected: tuple[float, float] | None
) -> None:
    recipes = [Looking(train_size=train, validation_size=validation) for train, validation in sizes]
    assert fitting_fractions(recipes, num_images, num_validation) == expected


def test_at_least_one_image_is_left_and_all_stay_all() -> None:
    assert with_images(Looking(train_size=3, validation_size=2), (0.01, 0.01)) == Looking(
        train_size=1, validation_size=1
    )
    assert with_images(Looking(train_size=None), (0.5, 0.5)) == Looking(train_size=None)
    assert with_images(Looking(train_size=10, validation_size=10), (0.3, 0.7)).validation_size == 7


def test_a_third_of_the_images() -> None:
    assert quick_images(Looking(), 900).train_size == 300
    assert quick_images(Looking(validation_size=90), 900) == Looking(train_size=270, validation_size=30)
    assert quick_images(Looking(train_size=60, hours=7), 900) == Looking(train_size=20, hours=7)
