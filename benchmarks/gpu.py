"""`python -m benchmarks.gpu`: T1 to T4 on a graphics card, 1, 8 and 64 seeds at once, beside PyTorch on the same card.

A line of JSON for each measurement, also kept in the file of `--results`: seconds per epoch and network (the shortest
epoch but the first, divided by the number of networks), and the mean test accuracy after the last epoch. PyTorch
trains a network after the other: its images wait on the card and are taken by index, the quickest of its ways.
Measurements that were kept are not repeated; none begins after `--minutes`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tasks import TASKS, Task, network_for_peers
from netgain.data import Dataset, load_dataset
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.kernels import GPU, kernels_to_use
from netgain.engine.setup import prepare_jax

SEEDS = (1, 8, 64)
EPOCHS = 3
PEERS: dict[str, dict[str, Any]] = {
    "PyTorch eager": {},
    "PyTorch compiled": {"compile": True},
    "PyTorch compiled, CUDA graphs": {"compile": "reduce-overhead"},
}


def main() -> None:
    """Measure what the file lacks."""
    options = _options()
    kernels, deadline = kernels_to_use(), time.monotonic() + 60 * options.minutes
    prepare_jax()
    kept: list[dict[str, Any]] = json.loads(options.results.read_text()) if options.results.exists() else []
    data = load_dataset(options.data)
    for task in (TASKS[name] for name in options.tasks.split(",")):
        for who in ("netgain", *(PEERS if kernels == GPU else ())):
            for number in SEEDS if who == "netgain" else (1,):
                what = {"task": task.name, "who": who, "networks": number, "images": options.images}
                if time.monotonic() > deadline or any(what.items() <= one.items() for one in kept):
                    continue
                own = who == "netgain"
                found = _own(task, number, options, kernels) if own else _peer(task, PEERS[who], data, options.images)
                kept.append(what | found)
                print(json.dumps(kept[-1]), flush=True)
                options.results.write_text(json.dumps(kept, indent=1))


def _own(task: Task, number: int, options: argparse.Namespace, kernels: str) -> dict[str, Any]:
    from netgain.runs.training import train_together

    recipe = task.recipe.change("epochs", EPOCHS).change("train_size", options.images).change("dataset", options.data)
    ends = [time.perf_counter()]
    compiled, seeds = CompiledFunctions(), range(number)
    runs = train_together(
        recipe, seeds, kernels=kernels, compiled=compiled, on_epochs=lambda _: ends.append(time.perf_counter())
    )
    return {
        "seconds": float(np.diff(ends)[1:].min()) / number,
        "accuracy": float(np.mean([run.test_accuracy for run in runs])),
        "prepared_seconds": sum(run.compile_seconds for run in runs),
        "machine": runs[0].machine,
        "versions": runs[0].versions,
    }


def _peer(task: Task, options: dict[str, Any], data: Dataset, num_images: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "images.npz"
        np.savez(path, x_train=data.x_train, y_train=data.y_train, x_test=data.x_test, y_test=data.y_test)
        job = {
            "images": str(path), "num_images": num_images, "epochs": EPOCHS, "threads": 0, "wait": False,
            "networks": [network_for_peers(task.recipe, 0)],
            "options": {"loader": "index", "device": "cuda", **options},
        }  # fmt: skip
        script = Path(__file__).parent / "peers" / "pytorch.py"
        done = subprocess.run(
            [sys.executable, str(script)], input=json.dumps(job) + "\n", capture_output=True, text=True, check=False
        )
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    answer = json.loads(done.stdout.splitlines()[-1])
    seconds = min(end - begun for begun, end in answer["epochs"][1:])
    return {"seconds": seconds, "accuracy": answer["accuracies"][0], "versions": answer["versions"]}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--tasks", default="T1,T2,T3,T4", metavar="T1,…", help="which tasks")
    parser.add_argument("--images", type=int, default=60_000, help="training images")
    parser.add_argument("--data", default="mnist", help="the dataset")
    parser.add_argument("--minutes", type=float, default=8, help="after this long nothing new begins")
    parser.add_argument("--results", type=Path, default=Path("gpu.json"), help="where measurements are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
