"""T7: a generator and its critic in turn, at batch 128, without and with R1, beside PyTorch.

An epoch is 100 steps, each one update of the critic and one of the generator. Networks, loss and optimizers are written
down here and do not follow the recipe `generator`. What judges a generator is no part of the seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.configurations import CONFIGURATIONS, Configuration
from benchmarks.measuring import (
    NotMeasuredError,
    Program,
    one_core_each,
    own_generator_command,
    peer_command,
    per_network,
    run_together,
)
from benchmarks.results import Measurement
from benchmarks.session import Session, images_file
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.generator import ConvCritic, ConvGenerator
from netgain.tasks.generation.recipe import Generator, Penalty

STEPS, EPOCHS = 100, 4
PART = "generator"
SCRIPT = "pytorch_generator"


def _recipe(penalty: Penalty | None) -> Generator:
    adam = Optimizer("adam", learning_rate=0.001, beta_1=0.0, beta_2=0.99)
    return Generator(
        generator=ConvGenerator(latent=64, filters=(64, 32)),
        critic=ConvCritic(filters=(32, 64)),
        loss="non-saturating",
        penalty=penalty,
        generator_optimizer=adam,
        critic_optimizer=adam,
        batch_size=128,
        train_size=128 * STEPS,
        epochs=EPOCHS,
        ema=None,
    )


RECIPES: Mapping[str, Generator] = MappingProxyType(
    {"T7": _recipe(None), "T7 with R1": _recipe(Penalty(kind="r1", weight=1.0))}
)


def configurations() -> list[Configuration]:
    """netgain, and PyTorch's ways that need no compiler."""
    ways = ("PyTorch eager, ", "PyTorch channels_last, ")
    return [c for c in CONFIGURATIONS if c.library == "netgain" or (c.name.startswith(ways) and not c.default)]


def measure_generator(session: Session) -> None:
    """Everybody in turn, round after round."""
    names = [configuration.name for configuration in configurations()]
    needed = {group: session.prepare(PART, group, names) for group in RECIPES}
    rounds = max((number for of_group in needed.values() for number in of_group.values()), default=0)
    with images_file() as images:
        for round_number in range(1, 1 + rounds):
            for group in RECIPES:
                for configuration in configurations():
                    wanted = needed[group].get(configuration.name, 0) >= round_number
                    if wanted or configuration.library == "netgain":  # the ratios' other half, in every round
                        _measure_one(session, group, configuration, round_number, images)


def _measure_one(session: Session, group: str, configuration: Configuration, round_number: int, images: Path) -> None:
    try:
        values = measured(RECIPES[group], configuration, round_number, images)
    except NotMeasuredError as error:
        session.leave_out(PART, group, configuration.name, error)
        return
    session.results.note("versions", values.pop("versions"))
    session.keep(PART, group, configuration.name, round_number, values)


def measured(recipe: Generator, configuration: Configuration, round_number: int, images: Path) -> Measurement:
    """Seconds of a step, of one network while as many train as the configuration has processes.

    Raises:
        NotMeasuredError: where it takes too long or fails.
    """
    answers = run_together(measured_programs(recipe, configuration, round_number, images))
    return {
        "seconds": per_network(answers) / STEPS,
        "seeds": _seeds(configuration, round_number),
        "peak_mb": max(answer["peak_mb"] for answer in answers),
        "versions": answers[0]["versions"],
    }


def measured_programs(
    recipe: Generator, configuration: Configuration, round_number: int, images: Path
) -> list[Program]:
    """The programs that train at the same time, one pair of networks each, the way a configuration says."""
    cores = one_core_each(configuration.processes) if configuration.threads == 1 else [None]
    seeds = _seeds(configuration, round_number)
    return [_program(recipe, configuration, seed, images, core) for seed, core in zip(seeds, cores, strict=True)]


def _seeds(configuration: Configuration, round_number: int) -> list[int]:
    return [configuration.processes * round_number + number for number in range(configuration.processes)]


def _program(
    recipe: Generator, configuration: Configuration, seed: int, images: Path, core: set[int] | None
) -> Program:
    if configuration.library == "netgain":
        job: dict[str, Any] = {"recipe": recipe.fields(), "seed": seed, "wait": True}
        return Program(own_generator_command(), job, configuration.environment, core)
    job = {
        "images": str(images),
        "num_images": recipe.train_size,
        "epochs": recipe.epochs,
        "threads": configuration.threads,
        "options": configuration.options,
        "network": network_for_peers(recipe, seed),
        "wait": True,
    }
    return Program(peer_command(SCRIPT), job, configuration.environment, core)


def network_for_peers(recipe: Generator, seed: int) -> dict[str, Any]:
    """What PyTorch's script needs to train the same networks with its own layers and optimizer."""
    generator, critic, optimizer = recipe.generator, recipe.critic, recipe.critic_optimizer
    assert isinstance(generator, ConvGenerator)
    assert isinstance(critic, ConvCritic)
    assert isinstance(optimizer, Optimizer)
    return {
        "seed": seed,
        "latent": generator.latent,
        "generator_filters": list(generator.filters),
        "critic_filters": list(critic.filters),
        "r1": recipe.penalty.weight if recipe.penalty else 0.0,
        "batch_size": recipe.batch_size,
        "adam": {"lr": optimizer.learning_rate, "betas": [optimizer.beta_1, optimizer.beta_2], "eps": 1e-7},
    }
