"""Recipes of generators: what identifies one, what a file holds, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netgain.errors import RecipeError
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.generator import ConvCritic, ConvGenerator
from netgain.networks.families.mlp import MLP
from netgain.tasks.catalogue import recipe_class
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.generation.recipe import Generator, Penalty
from netgain.tasks.recipes import load_recipe


def small(**fields: Any) -> Generator:
    return Generator(**{"generator": ConvGenerator(), "critic": ConvCritic(), **fields})


def test_a_file_holds_every_field(tmp_path: Path) -> None:
    judge = Recipe(network=MLP(hidden=(7,)), epochs=3)
    adam = Optimizer("adam", 0.01, beta_1=0.5)
    recipe = small(loss="hinge", penalty=Penalty(kind="r1+r2", weight=3, every=2), judge=judge, critic_optimizer=adam)
    recipe.save(tmp_path / "mine.toml")
    found = load_recipe(tmp_path / "mine.toml")
    assert found == recipe
    assert found.digest == recipe.digest
    assert recipe_class("generation") is Generator


def test_no_average_stays_none_in_a_file(tmp_path: Path) -> None:
    recipe = load_recipe("generator").change("ema", None)
    recipe.save(tmp_path / "mine.toml")
    assert load_recipe(tmp_path / "mine.toml").ema is None
    assert load_recipe("generator").ema == 0.999


@pytest.mark.parametrize("name", ["generator", "judge"])
def test_the_recipes_of_generators_are_there(name: str) -> None:
    assert load_recipe(name).dataset == "mnist"


def test_the_judge_is_the_fixed_one_and_belongs_to_the_digest() -> None:
    assert small().judge == load_recipe("judge")
    assert small(judge=load_recipe("judge").change("epochs", 9)).digest != small().digest
    assert small(judge=load_recipe("judge").change("dataset", "digits")).digest == small().digest


CHANGES = {
    "conditional": False,
    "loss": "hinge",
    "penalty": Penalty(),
    "critic_steps": 2,
    "ema": 0.9,
    "generator.latent": 8,
    "critic.filters": (8, 8),
    "critic_optimizer.beta_1": 0.5,
    "batch_size": 32,
}


def test_what_changes_the_result_changes_the_digest() -> None:
    digests = {small().change(path, value).digest for path, value in CHANGES.items()}
    assert len(digests | {small().digest}) == len(CHANGES) + 1


def test_the_dataset_stands_beside_the_digest() -> None:
    assert small(dataset="digits").digest == small().digest


def test_a_step_takes_a_batch_for_each_update_of_the_critic() -> None:
    assert small(batch_size=20, critic_steps=5).images_per_step == 100


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a classifier as generator": (lambda: small(generator=MLP()), "generator: must be a network that makes images"),
    "a generator as critic": (lambda: small(critic=ConvGenerator()), "critic: must be a network that tells real"),
    "unknown loss": (lambda: small(loss="hing"), "loss: there is no 'hing'; did you mean 'hinge'"),
    "unknown penalty": (lambda: Penalty(kind="r2"), "kind: must be 'r1'"),  # pyright: ignore[reportArgumentType]
    "penalty of nothing": (lambda: Penalty(weight=0), "weight: must be greater than 0"),
    "a judge that is none": (lambda: small(judge="judge"), "judge: must be a recipe that classifies images"),
    "a judge of many networks": (
        lambda: small(judge=load_recipe("judge").change("ensemble", 5)),
        "judge: must be a single network: remove ensemble=5",
    ),
    "a judge of some images": (
        lambda: small(judge=load_recipe("judge").change("train_size", 5)),
        "judge: must train on all images that it is given",
    ),
    "an average that never moves": (lambda: small(ema=1.0), "ema: must be less than 1"),
    "betas of sgd": (lambda: Optimizer("sgd", 1, beta_1=0.5), "beta_1: is a field of adam, adamax and nadam"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_when_made(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(RecipeError, match=message):
        make()


@pytest.mark.parametrize(
    "optimizer",
    [{"name": "adam", "ema": 0.9}, {"class_name": "Lion", "config": {"use_ema": True}}],
    ids=["own", "keras"],
)
def test_an_optimizers_own_average_of_the_weights_is_refused(optimizer: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match=r"generator_optimizer.*a generator has its own field for the average"):
        Generator(generator=ConvGenerator(), critic=ConvCritic(), generator_optimizer=optimizer)  # pyright: ignore


def test_an_optimizer_of_keras_is_taken() -> None:
    made = Generator(generator=ConvGenerator(), critic=ConvCritic(), critic_optimizer="lion")  # pyright: ignore
    assert made.fields()["critic_optimizer"] == {"class_name": "Lion", "config": {"learning_rate": 0.001}}
