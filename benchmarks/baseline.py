"""Task T1 side by side with PyTorch eager, one core each, in turn: `make bench`.

Each program is started afresh REPEATS times, pinned to one core; a figure is the median over its epochs, the
first left out, and the ratio is taken pair by pair, so that a drifting machine moves both.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from netgain.data import load_dataset
from netgain.engine.machine import describe_machine
from netgain.recipe import load_recipe

REPEATS, EPOCHS = 5, 6
HERE = Path(__file__).parent
PEERS_PYTHON = HERE.parent / ".venv-peers" / "bin" / "python"


def measured(command: list[str]) -> dict:
    """What a program printed, run on one core."""
    one_core = {min(os.sched_getaffinity(0))}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=HERE.parent,
        preexec_fn=lambda: os.sched_setaffinity(0, one_core),
    )  # fmt: skip
    return json.loads(done.stdout)


def spread(values: list[float], digits: int = 3) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def main() -> None:
    rate = load_recipe("baseline").optimizer.learning_rate
    own, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        images = Path(folder) / "mnist.npz"
        load_dataset("mnist").save(images)
        for _ in range(REPEATS):
            own.append(measured([sys.executable, "-m", "benchmarks.own", "baseline", str(EPOCHS)]))
            peer.append(
                measured([str(PEERS_PYTHON), str(HERE / "peer_pytorch.py"), str(images), str(EPOCHS), str(rate)])
            )
    seconds = {
        name: [statistics.median(run["seconds"][1:]) for run in runs] for name, runs in (("own", own), ("peer", peer))
    }
    ratios = [theirs / ours for ours, theirs in zip(seconds["own"], seconds["peer"], strict=True)]
    print(f"T1: 784-30-10 sigmoid, MSE, SGD({rate:g}), batch 30, 60,000 MNIST images, one core, {REPEATS} pairs")
    print(f"machine: {describe_machine()}")
    print(f"| program | seconds an epoch, median (range) | test accuracy after {EPOCHS} epochs |\n|---|---|---|")
    for name, runs, key in (
        (f"netgain {own[0]['version']}", own, "own"),
        (f"PyTorch {peer[0]['version']} eager", peer, "peer"),
    ):
        accuracy = statistics.mean(run["accuracy"] for run in runs)
        print(f"| {name} | {spread(seconds[key])} | {100 * accuracy:.2f} % |")
    print(f"| ratio, pair by pair | {spread(ratios, 1)} | |")


if __name__ == "__main__":
    main()
