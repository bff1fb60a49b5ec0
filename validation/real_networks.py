"""`python -m validation.real_networks [STORE]`: pulls between groups of real networks that differ in nothing.

40 seeds of the baseline, trained once and kept in the store, are split at random into two groups of S: their true
difference is zero. With the same images, the pull of `difference` tests the training part; with each group on a half
of the images of its own, the pull of two `mean_accuracy` tests both parts.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import stats

import netgain as ng
from netgain.stats import difference, mean_accuracy

NUM_SEEDS, NUM_SPLITS = 40, 1000
GROUPS = (5, 10, 20)
WIDTH_LIMIT = 1.1


def main(store: str) -> int:
    """Print the pulls' mean and width for each size of the groups; 1 where a width is above the limit."""
    right = ng.run(ng.load_study("baseline"), seeds=NUM_SEEDS, store=store).right("baseline")
    generator = np.random.default_rng(0)
    print(f"{NUM_SEEDS} seeds of the baseline, {right.shape[1]:,} test images, {NUM_SPLITS} splits per row")
    print("| seeds per group | same images: mean | width | half the images each: mean | width |")
    print("|---|---|---|---|---|")
    widths = []
    for num_seeds in GROUPS:
        same = [pull_on_same_images(right, num_seeds, generator) for _ in range(NUM_SPLITS)]
        halves = [pull_on_halves(right, num_seeds, generator) for _ in range(NUM_SPLITS)]
        widths += [np.std(same), np.std(halves)]
        columns = (f"{np.mean(pulls):+.2f} | {np.std(pulls):.2f}" for pulls in (same, halves))
        print(f"| {num_seeds} | {' | '.join(columns)} |")
    return int(max(widths) > WIDTH_LIMIT)


def pull_on_same_images(right: np.ndarray, num_seeds: int, generator: np.random.Generator) -> float:
    """The pull of the difference of two random groups of networks, from right answers `[S, n]`."""
    first, second = np.split(generator.permutation(len(right))[: 2 * num_seeds], 2)
    measured = difference(right[first], right[second])
    t = measured.effect / np.sqrt(measured.variance)
    return float(stats.norm.ppf(stats.t.cdf(t, measured.degrees_of_freedom)))


def pull_on_halves(right: np.ndarray, num_seeds: int, generator: np.random.Generator) -> float:
    """The pull of the difference of two random groups, each on a random half of the images."""
    first, second = np.split(generator.permutation(len(right))[: 2 * num_seeds], 2)
    images = np.array_split(generator.permutation(right.shape[1]), 2)
    one, other = mean_accuracy(right[np.ix_(first, images[0])]), mean_accuracy(right[np.ix_(second, images[1])])
    return (one.value - other.value) / float(np.hypot(one.standard_error, other.standard_error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "netgain.db"))
