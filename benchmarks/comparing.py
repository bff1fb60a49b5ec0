"""The tasks, side by side: every configuration in turn, round after round, each time in fresh processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.configurations import ALONE, CONFIGURATIONS, SCRIPTS, Configuration, configurations_for
from benchmarks.measuring import (
    NotMeasuredError,
    Program,
    one_core_each,
    own_command,
    peer_command,
    per_network,
    run_together,
)
from benchmarks.results import Measurement
from benchmarks.session import Session, images_file, strings_file
from benchmarks.tasks import NUM_IMAGES, TASKS, Task, network_for_peers
from netgain.tasks.classification.recipe import Recipe


def measure_tasks(session: Session) -> None:
    """Two networks at once, or one on all cores: the cost of a network while a study runs."""
    _measure(session, "tasks", CONFIGURATIONS)


def measure_alone(session: Session) -> None:
    """One network on one core, with the other idle."""
    _measure(session, "alone", ALONE)


def _measure(session: Session, part: str, group: tuple[Configuration, ...]) -> None:
    with images_file() as images, strings_file(session.tasks) as strings:
        files = dict.fromkeys(TASKS, images) | {"T6": strings}
        needed = {
            task: session.prepare(part, task, [c.name for c in configurations_for(task, group)])
            for task in session.tasks
        }
        for round_number in range(1, 1 + max(max(of_task.values(), default=0) for of_task in needed.values())):
            for task, of_task in needed.items():
                if max(of_task.values(), default=0) >= round_number:
                    for configuration in configurations_for(task, group):
                        wanted = of_task.get(configuration.name, 0) >= round_number
                        if wanted or configuration.library == "netgain":  # the ratios' other half, in every round
                            _measure_one(session, part, TASKS[task], configuration, round_number, files[task])
                        if session.results.left_out(part, task, configuration.name):
                            of_task[configuration.name] = 0


def _measure_one(
    session: Session, part: str, task: Task, configuration: Configuration, round_number: int, images: Path
) -> None:
    repeat = 1 + len(session.results.measurements(part, task.name, configuration.name))
    try:
        values = measured(task, configuration, repeat, images, min(session.images, task.num_images))
    except NotMeasuredError as error:
        session.leave_out(part, task.name, configuration.name, error)
        return
    session.results.note("versions", values.pop("versions"))
    session.keep(part, task.name, configuration.name, round_number, values)


def measured(task: Task, configuration: Configuration, repeat: int, images: Path, num_images: int) -> Measurement:
    """A configuration on a task; each repeat trains networks of its own seeds, in whatever session it comes.

    Raises:
        NotMeasuredError: where it takes too long or fails.
    """
    cores = one_core_each(configuration.processes) if configuration.threads == 1 else [None]
    seeds = [configuration.processes * repeat + number for number in range(len(cores))]
    programs = [
        program_for(task, configuration, seed, images, num_images, core)
        for seed, core in zip(seeds, cores, strict=True)
    ]
    answers = run_together(programs)
    return {
        "seconds": per_network(answers),
        "seeds": seeds,
        "accuracies": [accuracy for answer in answers for accuracy in answer["accuracies"]],
        "peak_mb": max(answer["peak_mb"] for answer in answers),
        "epochs": task.epochs,
        "images": num_images,
        "versions": answers[0]["versions"],
    }


def program_for(
    task: Task, configuration: Configuration, seed: int, images: Path, num_images: int, core: set[int] | None
) -> Program:
    """The program that trains one network of a task the way a configuration says."""
    if configuration.library == "netgain":
        recipe = task.recipe.change("train_size", num_images) if num_images < NUM_IMAGES else task.recipe
        recipe = recipe if isinstance(recipe, Recipe) else recipe.change("dataset", str(images))
        job: dict[str, Any] = {"recipe": recipe.to_toml(), "task": recipe.task, "seed": seed, "wait": True}
        return Program(own_command(), job, configuration.environment, core)
    job = peer_job(configuration, images, num_images, task.epochs, [network_for_peers(task.recipe, seed)])
    return Program(peer_command(SCRIPTS[configuration.library]), job | {"wait": True}, configuration.environment, core)


def peer_job(
    configuration: Configuration, images: Path, num_images: int, epochs: int, networks: list[dict[str, Any]]
) -> dict[str, Any]:
    """What a peer's script reads."""
    return {
        "images": str(images),
        "num_images": num_images,
        "epochs": epochs,
        "threads": configuration.threads,
        "options": configuration.options,
        "networks": networks,
        "wait": False,
    }
