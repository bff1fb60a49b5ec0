"""What judging costs: `python -m benchmarks.judging` times a study of 30 arms × 20 seeds × 10,000 images."""

import statistics
import time

import numpy as np

from netgain.stats import judge

NUM_ARMS, NUM_SEEDS, NUM_IMAGES, REPEATS = 30, 20, 10_000, 7


def main() -> None:
    generator = np.random.default_rng(0)
    arms = {f"arm {i}": generator.random((NUM_SEEDS, NUM_IMAGES)) < 0.98 for i in range(NUM_ARMS)}
    baseline = generator.random((NUM_SEEDS, NUM_IMAGES)) < 0.98
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        judge(baseline, arms)
        seconds.append(time.perf_counter() - start)
    shown = f"{statistics.median(seconds):.2f} s (median of {REPEATS}; {min(seconds):.2f} to {max(seconds):.2f} s)"
    print(f"{NUM_ARMS} arms, {NUM_SEEDS} seeds, {NUM_IMAGES:,} images judged in {shown}")


if __name__ == "__main__":
    main()
