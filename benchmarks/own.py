"""netgain on a recipe in one process: `python -m benchmarks.own RECIPE EPOCHS` prints what the peers print."""

import itertools
import json
import sys
import time

from netgain.engine.setup import prepare_jax, use_one_thread

use_one_thread()
prepare_jax()

from netgain.engine.machine import describe_versions  # noqa: E402 - JAX must be told before anything imports it
from netgain.engine.train import train  # noqa: E402
from netgain.recipe import load_recipe  # noqa: E402


def main(name: str, epochs: int) -> None:
    ends: list[float] = []
    recipe = load_recipe(name).change("epochs", epochs)
    result = train(recipe, 0, keep_model=False, on_epoch=lambda _: ends.append(time.perf_counter()))
    seconds = [end - start for start, end in itertools.pairwise(ends)]
    versions = describe_versions()
    print(
        json.dumps(
            {
                "seconds": seconds,
                "accuracy": result.test_accuracy,
                "version": f"{versions['netgain']}, JAX {versions['jax']}, Keras {versions['keras']}",
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
