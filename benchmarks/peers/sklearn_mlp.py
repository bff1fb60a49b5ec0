"""scikit-learn's MLPClassifier on a job whose options are its arguments: it cannot do the tasks' own work.

It has neither mean squared error for classes, dropout, Adadelta nor convolutions, so that it trains the layers of
T1 and T2 with cross-entropy and the optimizer that the options name. An epoch is one call of `partial_fit`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from shared import Clock, Images, answer, load_images, read_job
from sklearn.neural_network import MLPClassifier


def train(network: dict[str, Any], images: Images, job: dict[str, Any], clock: Clock) -> float:
    """Train one network; its test accuracy."""
    dense = [layer for layer in network["layers"] if layer["kind"] == "dense"]
    model = MLPClassifier(
        tuple(layer["units"] for layer in dense[:-1]),
        activation={"sigmoid": "logistic", "relu": "relu"}[dense[0]["activation"]],
        batch_size=network["batch_size"],
        random_state=network["seed"],
        alpha=0.0,
        **job["options"],
    )
    x, x_test = images.x.reshape(len(images.x), -1), images.x_test.reshape(len(images.x_test), -1)
    for _ in range(job["epochs"]):
        with clock.epoch():
            model.partial_fit(x, images.y, classes=np.arange(10))
    return float(model.score(x_test, images.y_test))


def main() -> None:
    job = read_job()
    images, clock = load_images(job), Clock(job["wait"])
    answer(clock, [train(network, images, job, clock) for network in job["networks"]], ["scikit-learn"])


if __name__ == "__main__":
    main()
