import pytest
from benchmarks.arithmetic import limit_of, products_by_layer, training_operations
from benchmarks.tasks import TASKS, layers_of

# By hand: a convolution has (side - 4)² places × 25 pixels × channels × filters, a dense layer inputs × units.
BY_HAND = {
    "T1": [784 * 30, 30 * 10],
    "T2": [784 * 512, 512 * 512, 512 * 10],
    "T3": [24 * 24 * 25 * 1 * 16, 12 * 12 * 16 * 10],
    "T4": [24 * 24 * 25 * 1 * 32, 8 * 8 * 25 * 32 * 32, 4 * 4 * 32 * 512, 512 * 512, 512 * 10],
    # A recurrent layer: steps × inputs × gates × units, and one step fewer × units × gates × units; T6 has two.
    "T5": [(28 * 28 + 27 * 128) * 4 * 128, 128 * 10],
    "T6": [
        32 * 128 * 9 * 16, 16 * 64 * 9 * 16 * 32, 8 * 32 * 9 * 32 * 64,
        2 * (32 * 4 * 64 + 31 * 64) * 3 * 64, 32 * 128 * 11,
    ],
}  # fmt: skip


def counts_of(task):
    return products_by_layer(layers_of(TASKS[task].recipe), TASKS[task].image_shape)


@pytest.mark.parametrize("task", TASKS)
def test_products_of_the_tasks_are_those_counted_by_hand(task):
    assert [count.products for count in counts_of(task)] == BY_HAND[task]


@pytest.mark.parametrize("task", TASKS)
def test_training_needs_three_passes_and_no_gradient_of_the_pixels(task):
    """The gradient of a first recurrent layer's states is needed, that of its pixels is not."""
    of_pixels = 28 * 28 * 4 * 128 if task == "T5" else BY_HAND[task][0]
    operations = training_operations(layers_of(TASKS[task].recipe), TASKS[task].image_shape)
    assert operations == 2 * (3 * sum(BY_HAND[task]) - of_pixels)


def test_products_agree_with_the_weights_of_the_network_that_is_trained():
    """Each weight of a dense layer is used once an image, each of a convolution once a place."""
    for task, places in {"T1": [1, 1], "T2": [1, 1, 1], "T3": [576, 1], "T4": [576, 64, 1, 1, 1]}.items():
        model = TASKS[task].recipe.network.build((28, 28, 1), 10)
        kernels = [weight.shape for weight in model.trainable_variables if len(weight.shape) > 1]
        sizes = [count.products for count in counts_of(task)]
        for shape, place, products in zip(kernels, places, sizes, strict=True):
            weights = 1
            for length in shape:
                weights *= length
            assert products == weights * place


def test_the_limit_is_operations_over_rate():
    assert limit_of(TASKS["T1"], 2e11) == pytest.approx(95_880 * 60_000 / 2e11)
