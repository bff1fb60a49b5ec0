"""netgain on a job, in one process of one thread: `python -m benchmarks.own`, told and answering as the peers are.

The job has `recipe` (TOML), its `task`, `seed` and `wait`.
"""

from __future__ import annotations

import json
import time

from netgain.engine.setup import prepare_jax, use_one_thread

use_one_thread()
prepare_jax()

import jax.monitoring  # noqa: E402 - told before it is imported

from benchmarks.peers.shared import Clock, peak_megabytes, read_job  # noqa: E402
from netgain.runs.training import train  # noqa: E402
from netgain.tasks.catalogue import recipe_class  # noqa: E402


def main() -> None:
    job = read_job()
    recipe, clock = recipe_class(job["task"]).from_toml(job["recipe"]), Clock(job["wait"])
    clock.begin()

    def on_epoch(report: object) -> None:
        clock.end()
        if len(clock.epochs) < recipe.num_epochs:
            clock.begin()

    compiling: list[float] = []

    def on_duration(event: str, duration_secs: float, **_: str | int) -> None:
        if event.endswith("/backend_compile_duration"):
            compiling.append(duration_secs)

    jax.monitoring.register_event_duration_secs_listener(on_duration)
    started = time.perf_counter()
    result = train(recipe, job["seed"], keep_model=False, on_epoch=on_epoch)
    print(
        json.dumps(
            {
                "epochs": clock.epochs,
                "accuracies": [result.test_accuracy],
                "peak_mb": peak_megabytes(),
                "versions": {name: result.versions[name] for name in ("netgain", "jax", "keras")},
                "xla_seconds": sum(compiling),
                "compile_seconds": result.compile_seconds,
                "train_seconds": time.perf_counter() - started,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
