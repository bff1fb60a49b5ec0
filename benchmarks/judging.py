"""What judging costs, with the training left out: a study of 30 arms × 20 seeds × 10,000 images."""

import time

import numpy as np

from netgain.stats import judge

NUM_ARMS, NUM_SEEDS, NUM_IMAGES = 30, 20, 10_000


def seconds_to_judge() -> float:
    """Judge that study once."""
    generator = np.random.default_rng(0)
    arms = {f"arm {i}": generator.random((NUM_SEEDS, NUM_IMAGES)) < 0.98 for i in range(NUM_ARMS)}
    baseline = generator.random((NUM_SEEDS, NUM_IMAGES)) < 0.98
    start = time.perf_counter()
    judge(baseline, arms)
    return time.perf_counter() - start
