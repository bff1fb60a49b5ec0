"""A study from a cold process to the printed verdict: dropout, 10 networks of 100 epochs over 10,000 images.

netgain runs its command `netgain study dropout --seeds 5 --json` with a fresh store, once with an empty folder of
compiled epochs and once with that folder filled. A peer trains the same ten networks, scores them on the test
images and gives the mean accuracies; whoever writes such a script has no verdict yet.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.comparing import peer_job
from benchmarks.configurations import CONFIGURATIONS, SCRIPTS, Configuration
from benchmarks.measuring import NotMeasuredError, Program, one_core_each, peer_command, run_together, timed_command
from benchmarks.results import Measurement
from benchmarks.session import Session, images_file
from benchmarks.tasks import NUM_IMAGES, network_for_peers
from netgain.studies import load_study
from netgain.tasks.classification.recipe import Recipe

NUM_SEEDS, MOST_SECONDS = 5, 900
EMPTY, WARM = "netgain study, compile cache empty", "netgain study, compile cache warm"
GROUP = "dropout"

PEERS = (
    "PyTorch eager, default (DataLoader)",
    "PyTorch eager, 2 threads",
    "PyTorch eager, 1 thread",
    "PyTorch eager, two one-thread processes",
    "Keras on JAX, steps_per_execution=50, two one-thread processes",
    "Keras on TensorFlow, steps_per_execution=100, two one-thread processes",
)


def measure_study(session: Session) -> None:
    """Everybody in turn, round after round."""
    chosen = [configuration for configuration in CONFIGURATIONS if configuration.name in PEERS]
    needed = session.prepare("study", GROUP, [EMPTY, WARM, *PEERS])
    with images_file() as images:
        for round_number in range(1, 1 + max(needed.values(), default=0)):
            _measure_own(session, round_number)
            for configuration in chosen:
                if needed.get(configuration.name, 0) >= round_number:
                    _measure_peer(session, configuration, round_number, images)
                    if session.results.left_out("study", GROUP, configuration.name):
                        needed[configuration.name] = 0


def _measure_own(session: Session, round_number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="netgain-bench-") as compiled:
        for name in (EMPTY, WARM):
            try:
                values = own_study(Path(compiled), session.images)
            except NotMeasuredError as error:
                session.leave_out("study", GROUP, name, error)
                return
            session.keep("study", GROUP, name, round_number, values)


def own_study(compiled: Path, num_images: int = NUM_IMAGES) -> Measurement:
    """The command of netgain, its seconds and its accuracies.

    Raises:
        NotMeasuredError: where it takes too long or fails.
    """
    command = [str(Path(sys.executable).with_name("netgain")), "study", GROUP, "--seeds", str(NUM_SEEDS), "--json"]
    if num_images < NUM_IMAGES:
        command += ["--set", f"train_size={num_images}", "--set", "epochs=2"]
    with tempfile.TemporaryDirectory(prefix="netgain-bench-") as folder:
        command += ["--store", f"{folder}/store.db"]
        seconds, printed = timed_command(command, {"NETGAIN_COMPILED": str(compiled)}, MOST_SECONDS)
    accuracies: dict[str, list[float]] = {}
    for run in json.loads(printed)["runs"]:
        accuracies.setdefault(run["arm"], []).append(run["test_accuracy"] / 100)
    return {"seconds": seconds, "mean_accuracies": {arm: statistics.fmean(a) for arm, a in accuracies.items()}}


def _measure_peer(session: Session, configuration: Configuration, round_number: int, images: Path) -> None:
    try:
        values = peer_study(configuration, images, session.images)
    except NotMeasuredError as error:
        session.leave_out("study", GROUP, configuration.name, error)
        return
    session.keep("study", GROUP, configuration.name, round_number, values)


def peer_study(configuration: Configuration, images: Path, num_images: int = NUM_IMAGES) -> Measurement:
    """The same ten networks by a peer: all in one process, or every second one in each of two.

    Raises:
        NotMeasuredError: where it takes too long or fails.
    """
    recipes = [(arm, recipe) for arm, recipe in load_study(GROUP).recipes.items() if isinstance(recipe, Recipe)]
    (_, baseline), *_ = recipes
    trial = num_images < NUM_IMAGES
    size = num_images if trial else baseline.train_size or NUM_IMAGES
    epochs = 2 if trial else baseline.epochs
    shares = shared_out(recipes, configuration.processes)
    cores = one_core_each(len(shares)) if configuration.threads == 1 else [None]
    programs = []
    for share, core in zip(shares, cores, strict=True):
        networks = [network_for_peers(recipe, seed) for _, seed, recipe in share]
        job = peer_job(configuration, images, size, epochs, networks)
        command = peer_command(SCRIPTS[configuration.library])
        programs.append(Program(command, job, configuration.environment, core))
    started = time.perf_counter()
    answers = run_together(programs, MOST_SECONDS)
    accuracies: dict[str, list[float]] = {}
    for share, answer in zip(shares, answers, strict=True):
        for (arm, _, _), accuracy in zip(share, answer["accuracies"], strict=True):
            accuracies.setdefault(arm, []).append(accuracy)
    means = {arm: statistics.fmean(values) for arm, values in accuracies.items()}
    return {"seconds": time.perf_counter() - started, "mean_accuracies": means}


def shared_out(recipes: list[tuple[str, Recipe]], num_processes: int) -> list[list[tuple[str, int, Recipe]]]:
    """Arm, seed and recipe of every network, shared out so that no process has only the slower arm."""
    shares: list[list[tuple[str, int, Recipe]]] = [[] for _ in range(num_processes)]
    for seed in range(NUM_SEEDS):
        for number, (arm, recipe) in enumerate(recipes):
            shares[(number + seed) % num_processes].append((arm, seed, recipe))
    return shares
