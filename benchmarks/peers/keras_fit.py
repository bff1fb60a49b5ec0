"""Keras' own `fit` on a job, on the backend that KERAS_BACKEND names. Options: steps_per_execution, jit_compile."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from shared import Clock, Images, answer, load_images, read_job

LIBRARIES = {"tensorflow": "tensorflow-cpu", "torch": "torch", "jax": "jax"}


class Epochs(keras.callbacks.Callback):
    """Tells the clock of every epoch."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._clock.begin()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._clock.end()


def use_threads(number: int) -> None:
    """Limit the backend; JAX reads NPROC, which the job's environment sets."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow  # pyright: ignore[reportMissingImports] - lives in the peers' environment

        tensorflow.config.threading.set_intra_op_parallelism_threads(number)
        tensorflow.config.threading.set_inter_op_parallelism_threads(number)
    elif keras.backend.backend() == "torch":
        import torch  # pyright: ignore[reportMissingImports]

        torch.set_num_threads(number)


def build_layer(layer: dict[str, Any]) -> keras.Layer:
    kind, activation = layer["kind"], layer.get("activation")
    if kind == "conv":
        return keras.layers.Conv2D(layer["filters"], layer["size"], activation=activation)
    if kind == "pool":
        return keras.layers.MaxPooling2D(layer["size"])
    if kind == "flatten":
        return keras.layers.Flatten()
    if kind == "dropout":
        return keras.layers.Dropout(layer["rate"])
    return keras.layers.Dense(layer["units"], activation=activation)


def build_optimizer(declared: dict[str, Any]) -> keras.Optimizer:
    rate = declared["learning_rate"]
    if declared["name"] == "sgd":
        return keras.optimizers.SGD(rate)
    return keras.optimizers.Adadelta(rate, rho=declared["rho"], epsilon=declared["epsilon"])


def train(network: dict[str, Any], images: Images, job: dict[str, Any], clock: Clock) -> float:
    """Train one network; its test accuracy."""
    keras.utils.set_random_seed(network["seed"])
    model = keras.Sequential([keras.Input((28, 28, 1)), *map(build_layer, network["layers"])])
    model.compile(build_optimizer(network["optimizer"]), network["loss"], **job["options"])
    targets = np.eye(10, dtype=np.float32)[images.y]
    model.fit(
        images.x, targets, network["batch_size"], epochs=job["epochs"], verbose=0, callbacks=[Epochs(clock)]  # pyright: ignore[reportArgumentType]
    )  # fmt: skip
    scores = model.predict(images.x_test, batch_size=1000, verbose=0)  # pyright: ignore[reportArgumentType]
    return float((np.asarray(scores).argmax(1) == images.y_test).mean())


def main() -> None:
    job = read_job()
    if job["threads"]:
        use_threads(job["threads"])
    images, clock = load_images(job), Clock(job["wait"])
    accuracies = [train(network, images, job, clock) for network in job["networks"]]
    answer(clock, accuracies, ["keras", LIBRARIES[keras.backend.backend()]])


if __name__ == "__main__":
    main()
