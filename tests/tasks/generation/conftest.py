"""Images of three shapes that a small generator learns in seconds, and one that has learnt them."""

from typing import Any

import numpy as np
import pytest

from netgain.data import Dataset
from netgain.engine.compiled import CompiledFunctions
from netgain.networks.families.generator import ConvCritic, ConvGenerator
from netgain.networks.families.mlp import MLP
from netgain.runs.record import RunResult
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.generation.recipe import Generator

SIDE = 8
JUDGE = Recipe(network=MLP(hidden=(16,)), loss="categorical_crossentropy", optimizer="adam", batch_size=16, epochs=4)
NETWORKS = {"generator": ConvGenerator(latent=8, filters=(16, 8)), "critic": ConvCritic(filters=(8, 16))}


def make_shapes(num_train: int = 512, num_test: int = 150, seed: int = 0) -> Dataset:
    """A bar, a beam or a box in grey noise."""
    drawn = np.random.default_rng(seed)
    shapes = np.zeros((3, SIDE, SIDE, 1))
    shapes[0, :, 2:4] = shapes[1, 4:6] = shapes[2, 2:7, 2:7] = 190

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.arange(count) % 3
        images = shapes[labels] * drawn.uniform(0.7, 1, (count, 1, 1, 1)) + drawn.uniform(0, 40, (count, SIDE, SIDE, 1))
        return images.astype(np.uint8), labels

    return Dataset(
        *part(num_train), *part(num_test), name="shapes", class_names=["bar", "beam", "box"], value_range=(0, 255)
    )


def recipe_for(shapes: Dataset, **fields: Any) -> Generator:
    """A recipe that learns them in seconds."""
    adam = {"name": "adam", "learning_rate": 0.004, "beta_1": 0.0, "beta_2": 0.99}
    optimizers = {"generator_optimizer": adam, "critic_optimizer": adam}
    usual = {"loss": "relativistic", "batch_size": 16, "epochs": 3, "ema": 0.9, "judge": JUDGE}
    return Generator(dataset=shapes, **{**NETWORKS, **optimizers, **usual, **fields})


@pytest.fixture(scope="session")
def shapes() -> Dataset:
    return make_shapes()


def recipe_of_trained(shapes: Dataset) -> Generator:
    return recipe_for(shapes, penalty={"kind": "r1", "weight": 0.1, "every": 2}, validation_size=60)


@pytest.fixture(scope="session")
def compiled() -> CompiledFunctions:
    """What is compiled for one seed serves the next."""
    return CompiledFunctions()


@pytest.fixture(scope="session")
def trained(shapes: Dataset, compiled: CompiledFunctions) -> RunResult:
    return train(recipe_of_trained(shapes), seed=0, compiled=compiled)
