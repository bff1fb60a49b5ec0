"""Ten networks with 91 to 92 % right and their scores of all MNIST images: what the published protocol needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import netgain as ng

NUM_NETWORKS = 10
TRAIN_SIZE, EPOCHS = 4_000, 10
"""So few images and updates that 8 to 9 % of the answers are wrong."""

Images = NDArray[np.uint8]


@dataclass(frozen=True)
class ScoredImages:
    """All images with their scores.

    Attributes:
        scores: `[networks, 70000, K]`; the first `TRAIN_SIZE` images are those that the networks were trained on.
        labels: `[70000]`; the last 10,000 images are MNIST's test images.
    """

    scores: NDArray[np.float64]
    labels: NDArray[np.intp]

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """Of every network on the images that it was not trained on."""
        right = self.scores[:, TRAIN_SIZE:].argmax(axis=2) == self.labels[TRAIN_SIZE:]
        return right.mean(axis=1)


def all_images() -> tuple[Images, NDArray[np.intp]]:
    """MNIST's training images and then its test images, with their labels."""
    data = ng.load_dataset("mnist")
    return np.concatenate([data.x_train, data.x_test]), np.concatenate([data.y_train, data.y_test]).astype(np.intp)


def weak_network(seed: int) -> ng.RunResult:
    """One of the ten."""
    recipe = ng.load_recipe("small-sample").change("train_size", TRAIN_SIZE).change("epochs", EPOCHS)
    return ng.train(recipe, seed)


def scored_images(path: Path) -> ScoredImages:
    """Train the networks and score the images, or read what an earlier call wrote to `path`."""
    if not path.exists():
        images, labels = all_images()
        networks = (ng.open_network(weak_network(seed)) for seed in range(NUM_NETWORKS))
        np.savez(path, scores=np.stack([ng.score(network, images) for network in networks]), labels=labels)
    with np.load(path) as stored:
        scores = stored["scores"].astype(np.float64)
        return ScoredImages(scores / scores.sum(axis=2, keepdims=True), stored["labels"].astype(np.intp))
