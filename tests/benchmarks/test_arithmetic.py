import pytest
from benchmarks.arithmetic import limit_seconds, products_by_layer, training_operations
from benchmarks.tasks import TASKS, layers_of

# By hand: a convolution has (side - 4)² places × 25 pixels × channels × filters, a dense layer inputs × units.
BY_HAND = {
    "T1": [784 * 30, 30 * 10],
    "T2": [784 * 512, 512 * 512, 512 * 10],
    "T3": [24 * 24 * 25 * 1 * 16, 12 * 12 * 16 * 10],
    "T4": [24 * 24 * 25 * 1 * 32, 8 * 8 * 25 * 32 * 32, 4 * 4 * 32 * 512, 512 * 512, 512 * 10],
}


@pytest.mark.parametrize("task", TASKS)
def test_products_of_the_tasks_are_those_counted_by_hand(task):
    assert [count.products for count in products_by_layer(layers_of(TASKS[task].recipe))] == BY_HAND[task]


@pytest.mark.parametrize("task", TASKS)
def test_training_needs_three_passes_and_no_gradient_of_the_pixels(task):
    first, *others = BY_HAND[task]
    assert training_operations(layers_of(TASKS[task].recipe)) == 2 * (2 * first + 3 * sum(others))


def test_products_agree_with_the_weights_of_the_network_that_is_trained():
    """Each weight of a dense layer is used once an image, each of a convolution once a place."""
    for task, places in {"T1": [1, 1], "T2": [1, 1, 1], "T3": [576, 1], "T4": [576, 64, 1, 1, 1]}.items():
        model = TASKS[task].recipe.network.build((28, 28, 1), 10)
        kernels = [weight.shape for weight in model.trainable_variables if len(weight.shape) > 1]
        sizes = [count.products for count in products_by_layer(layers_of(TASKS[task].recipe))]
        for shape, place, products in zip(kernels, places, sizes, strict=True):
            weights = 1
            for length in shape:
                weights *= length
            assert products == weights * place


def test_the_limit_is_operations_over_rate():
    layers = layers_of(TASKS["T1"].recipe)
    assert limit_seconds(layers, 60_000, 2e11) == pytest.approx(95_880 * 60_000 / 2e11)
