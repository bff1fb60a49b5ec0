import numpy as np
import pytest

from netgain.data import Dataset, load_dataset
from netgain.errors import RecipeError
from netgain.networks.families.convnet import ConvNet
from netgain.results.improve.start import start_for, start_from
from netgain.tasks.catalogue import task_of
from netgain.tasks.recipes import load_recipe


@pytest.mark.parametrize(
    ("height", "width"), [(28, 28), (32, 32), (8, 8), (33, 33), (64, 48), (20, 31), (12, 13), (97, 97)]
)
def test_the_start_fits_images_of_any_size(height, width):
    images = np.random.default_rng(0).integers(0, 256, (4, height, width, 3), np.uint8)
    data = Dataset(images, [0, 1, 0, 1], images, [0, 1, 0, 1], value_range=(0, 255))
    recipe, why = start_for(data)
    task_of(recipe).check(recipe, data)
    assert f"{height}x{width}" in why
    assert isinstance(recipe.network, ConvNet) == (min(height, width) >= 12 and height % 2 == width % 2)


def test_a_recipe_is_taken_by_name_and_what_is_none_is_refused():
    digits = load_dataset("digits")
    recipe, why = start_from("baseline", digits)
    assert (recipe.network, recipe.dataset, why) == (load_recipe("baseline").network, digits, "")
    with pytest.raises(
        RecipeError, match="start: must be a recipe of networks that classify images.*received 'reading'"
    ):
        start_from("reader", digits)
    with pytest.raises(RecipeError, match="received 'int'"):
        start_from(3, digits)


def test_a_recipe_for_more_images_takes_all_of_them():
    digits = load_dataset("digits")
    recipe, why = start_from("small-sample", digits)
    assert recipe.train_size == digits.num_train
    assert why == "digits has 1,437 training images, fewer than the recipe wants: it takes all of them"
