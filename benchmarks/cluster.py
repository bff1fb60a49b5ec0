"""What a cluster costs: the same short runs by a LocalCluster and by netgain's own pool, as many workers each.

`python -m benchmarks.cluster` trains 1,000 networks of about 0.05 s each way, with both started before, and prints the
ratio of the times. On a computer that does something else the ratio says nothing.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import Executor
from contextlib import ExitStack
from typing import Any

import netgain as ng
from netgain.results.run import run
from netgain.runs.execute.cluster import ClusterPool
from netgain.runs.execute.open_cluster import cluster_pool
from netgain.runs.execute.options import RunOptions
from netgain.runs.execute.pool import core_pool


def seconds(recipe: ng.Recipe, seeds: range, executor: Executor | ClusterPool) -> float:
    """How long these runs take, with none kept."""
    started = time.perf_counter()
    run(ng.Study("short", baseline=recipe), list(seeds), RunOptions(store=None, executor=executor))
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=30, help="so many that a run takes 0.05 s")
    options = parser.parse_args()
    recipe = ng.Recipe(dataset="digits", train_size=1000, network=ng.MLP(hidden=(30,)), epochs=options.epochs)
    warm = range(1_000_000, 1_000_000 + 4 * options.workers)
    found: dict[str, float] = {}
    with ExitStack() as stack:
        pools: dict[str, Any] = {
            "own pool": stack.enter_context(core_pool(options.workers)),
            "LocalCluster": stack.enter_context(cluster_pool(f"local:{options.workers}")),
        }
        for name, pool in pools.items():
            seconds(recipe, warm, pool)
            found[name] = seconds(recipe, range(options.runs), pool)
            print(f"{name}: {found[name]:.1f} s, {1000 * found[name] * options.workers / options.runs:.0f} ms per run")
    print(f"efficiency of the cluster: {100 * found['own pool'] / found['LocalCluster']:.0f} %")


if __name__ == "__main__":
    main()
