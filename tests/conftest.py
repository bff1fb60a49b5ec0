"""What every test shares: one thread of arithmetic, Keras on JAX, a small recipe that trains in a second."""

from __future__ import annotations

import pytest
from hypothesis import settings

from netgain.engine.setup import prepare_jax, use_one_thread

use_one_thread()
prepare_jax()
settings.register_profile("netgain", derandomize=True, deadline=None)  # the same examples on every machine
settings.load_profile("netgain")

from netgain.networks.mlp import MLP  # noqa: E402 - JAX must be told before anything imports it
from netgain.recipe import Optimizer, Recipe  # noqa: E402
from netgain.study import Study  # noqa: E402


@pytest.fixture
def small_recipe() -> Recipe:
    """A recipe on the digits that comes with scikit-learn, trained within a second."""
    return Recipe(
        dataset="digits",
        train_size=600,
        network=MLP(hidden=(12,), activation="relu"),
        optimizer=Optimizer("sgd", 0.5),
        batch_size=32,
        epochs=3,
    )


@pytest.fixture
def small_study(small_recipe: Recipe) -> Study:
    """A study of two arms on the digits."""
    return Study(
        "small",
        question="Does a wider layer help?",
        baseline=small_recipe,
        arms={"wider": small_recipe.change("network.hidden", [24])},
    )
