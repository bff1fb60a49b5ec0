"""Gradient norms through training against their slow twins."""

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.studies.examine.gradients import bias_gradients_by_image, gradient_norms
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.slow import gradients_slowly, train_slowly

DEEP = Recipe(
    dataset="digits", train_size=70, network=MLP(hidden=(9, 8, 7), l2=1e-3), optimizer=Optimizer("sgd", 0.5),
    batch_size=20, epochs=2,
)  # fmt: skip
CONVNET = DEEP.change("network", ConvNet(filters=(3,), kernel_size=3, pool_size=2, dense=(6,), dropout=0.2))
IMAGES, LABELS = load_dataset("digits").x_train[:10], load_dataset("digits").y_train[:10]


@pytest.mark.parametrize("recipe", [DEEP, CONVNET], ids=["mlp", "convnet"])
def test_norms_and_gradients_by_image_are_those_of_the_slow_twin(recipe: Recipe) -> None:
    norms, model = gradient_norms(recipe, 3, num_images=10), train_slowly(recipe, 3)
    gradients = gradients_slowly(model, recipe, IMAGES, LABELS)
    kernels, biases = gradients[::2], gradients[1::2]
    slow = [np.sqrt((k**2).sum() + (b**2).sum()) for k, b in zip(kernels, biases, strict=True)]
    np.testing.assert_allclose(norms.weights[-1], slow, rtol=2e-3)
    np.testing.assert_allclose(norms.biases[-1], [np.linalg.norm(b) for b in biases], rtol=2e-3)
    assert norms.weights.shape == (recipe.epochs + 1, len(norms.layers)) == (3, len(kernels))
    assert not np.allclose(norms.weights[0], slow, rtol=0.01)  # the test can fail: training changes the gradient
    by_image = bias_gradients_by_image(model, recipe, IMAGES, LABELS)
    assert [g.shape for g in by_image] == [(10, len(b)) for b in biases]
    for fast, mean in zip(by_image, biases, strict=True):
        np.testing.assert_allclose(fast.mean(axis=0), mean, atol=1e-6)


def test_a_run_that_diverges_gives_the_epochs_it_had() -> None:
    norms = gradient_norms(DEEP.change("optimizer.learning_rate", 1e30), 0, num_images=10)
    assert 1 < len(norms.weights) <= 3
    assert np.isfinite(norms.weights[0]).all()
