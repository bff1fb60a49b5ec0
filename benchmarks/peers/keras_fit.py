"""Keras' own `fit` on a job, on the backend that KERAS_BACKEND names. Options: steps_per_execution, jit_compile."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from shared import Clock, Images, answer, load_images, read_job, read_right

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


RECURRENT = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "simple": keras.layers.SimpleRNN}


def build_layer(layer: dict[str, Any], shape: tuple[int, ...]) -> Any:
    kind, activation = layer["kind"], layer.get("activation")
    if kind == "conv":
        padding = layer.get("padding", "valid")
        return keras.layers.Conv2D(layer["filters"], layer["size"], activation=activation, padding=padding)
    if kind == "rows":
        return keras.layers.Reshape((shape[0], shape[1] * shape[2]))
    if kind == "columns":
        across = keras.layers.Permute((2, 1, 3))
        return lambda x: keras.layers.Reshape((shape[1], shape[0] * shape[2]))(across(x))
    if kind == "recurrent":
        one = RECURRENT[layer["cell"]](layer["units"], return_sequences=layer["sequences"])
        return keras.layers.Bidirectional(one) if layer["bidirectional"] else one
    if kind == "pool":
        return keras.layers.MaxPooling2D(layer["size"])
    if kind == "flatten":
        return keras.layers.Flatten()
    if kind == "dropout":
        return keras.layers.Dropout(layer["rate"])
    return keras.layers.Dense(layer["units"], activation=activation)


def build(layers: list[dict[str, Any]], image_shape: tuple[int, ...]) -> keras.Model:
    inputs = keras.Input(image_shape)
    x: Any = inputs
    for layer in layers:
        x = build_layer(layer, x.shape[1:])(x)
    return keras.Model(inputs, x)


def build_optimizer(declared: dict[str, Any]) -> keras.Optimizer:
    rate = declared["learning_rate"]
    if declared["name"] == "sgd":
        return keras.optimizers.SGD(rate)
    if declared["name"] == "adam":
        return keras.optimizers.Adam(rate, epsilon=declared["epsilon"])
    return keras.optimizers.Adadelta(rate, rho=declared["rho"], epsilon=declared["epsilon"])


def train(network: dict[str, Any], images: Images, job: dict[str, Any], clock: Clock) -> float:
    """Train one network; its test accuracy."""
    keras.utils.set_random_seed(network["seed"])
    model, reads = build(network["layers"], images.x.shape[1:]), network["loss"] == "ctc"
    loss = keras.losses.CTC() if reads else network["loss"]
    model.compile(build_optimizer(network["optimizer"]), loss, **job["options"])
    targets = images.y if reads else np.eye(10, dtype=np.float32)[images.y]
    model.fit(
        images.x, targets, network["batch_size"], epochs=job["epochs"], verbose=0, callbacks=[Epochs(clock)]  # pyright: ignore[reportArgumentType]
    )  # fmt: skip
    scores = model.predict(images.x_test, batch_size=1000, verbose=0)  # pyright: ignore[reportArgumentType]
    if reads:
        return read_right(np.asarray(scores), images.y_test)
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
