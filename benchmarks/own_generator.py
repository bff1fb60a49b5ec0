"""netgain on T7, in one process of one thread: `python -m benchmarks.own_generator`; only the epochs are timed.

The job has `recipe` (its fields), `seed` and `wait`.
"""

from __future__ import annotations

import json
from typing import Any

from netgain.engine.setup import prepare_jax, use_one_thread

use_one_thread()
prepare_jax()

import jax  # noqa: E402 - told before it is imported

from benchmarks.peers.shared import Clock, peak_megabytes, read_job  # noqa: E402
from netgain.data import load_dataset  # noqa: E402
from netgain.engine.compiled import CompiledFunctions  # noqa: E402
from netgain.engine.machine import describe_versions  # noqa: E402
from netgain.tasks.generation.recipe import Generator  # noqa: E402
from netgain.tasks.generation.training import start  # noqa: E402


def main() -> None:
    job = read_job()
    recipe, clock = Generator(**job["recipe"]), Clock(job["wait"])
    state: Any = start(recipe, load_dataset(recipe.dataset), job["seed"], CompiledFunctions())
    for _ in range(recipe.num_epochs):
        with clock.epoch():
            state, _ = state.one_epoch()
            jax.block_until_ready(state.weights)
    versions = {name: version for name, version in describe_versions().items() if name in {"netgain", "jax", "keras"}}
    print(json.dumps({"epochs": clock.epochs, "peak_mb": peak_megabytes(), "versions": versions}), flush=True)


if __name__ == "__main__":
    main()
