"""PyTorch on a job. Options: loader ("data_loader" as people write it, or "index"), compile, channels_last, bf16,
device.

`compile` is false, true, or a mode of `torch.compile`. On a device other than the processor all images wait there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch  # pyright: ignore[reportMissingImports] - lives in the peers' environment
from shared import Clock, Images, answer, load_images, read_job
from torch import nn  # pyright: ignore[reportMissingImports]

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU}


def build(network: dict[str, Any]) -> Any:
    """The network; a softmax at its end is left to the loss, as PyTorch has it."""
    height, width, channels = 28, 28, 1
    layers: list[Any] = []
    for layer in network["layers"]:
        if layer["kind"] == "conv":
            layers.append(nn.Conv2d(channels, layer["filters"], layer["size"]))
            height, width, channels = height - layer["size"] + 1, width - layer["size"] + 1, layer["filters"]
        elif layer["kind"] == "pool":
            layers.append(nn.MaxPool2d(layer["size"]))
            height, width = height // layer["size"], width // layer["size"]
        elif layer["kind"] == "flatten":
            layers.append(nn.Flatten())
        elif layer["kind"] == "dropout":
            layers.append(nn.Dropout(layer["rate"]))
        else:
            layers.append(nn.Linear(height * width * channels, layer["units"]))
            height, width, channels = 1, 1, layer["units"]
        if layer.get("activation", "softmax") != "softmax":
            layers.append(ACTIVATIONS[layer["activation"]]())
    for layer in layers:
        if hasattr(layer, "weight"):
            nn.init.xavier_uniform_(layer.weight)  # Keras' glorot_uniform
            nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)


def build_optimizer(declared: dict[str, Any], parameters: Any) -> Any:
    if declared["name"] == "sgd":
        return torch.optim.SGD(parameters, lr=declared["learning_rate"])
    return torch.optim.Adadelta(parameters, lr=declared["learning_rate"], rho=declared["rho"], eps=declared["epsilon"])


def batches(x: Any, y: Any, batch_size: int, loader: str) -> Iterator[tuple[Any, Any]]:
    """An epoch's mini-batches: PyTorch's loader, or gathered from the waiting tensor by index."""
    if loader == "data_loader":
        data = torch.utils.data.TensorDataset(x, y)
        yield from torch.utils.data.DataLoader(data, batch_size=batch_size, shuffle=True)
    else:
        for index in torch.randperm(len(x), device=x.device).split(batch_size):
            yield x[index], y[index]


def as_tensor(x: Any, options: dict[str, Any]) -> Any:
    tensor = torch.from_numpy(x).to(options.get("device", "cpu")).permute(0, 3, 1, 2)
    return tensor.contiguous(
        memory_format=torch.channels_last if options.get("channels_last") else torch.contiguous_format
    )


def train(network: dict[str, Any], images: Images, job: dict[str, Any], clock: Clock) -> float:
    """Train one network; its test accuracy."""
    options = job["options"]
    torch.manual_seed(network["seed"])
    device = options.get("device", "cpu")
    module = build(network).to(device)
    if options.get("channels_last"):
        module = module.to(memory_format=torch.channels_last)
    optimizer = build_optimizer(network["optimizer"], module.parameters())
    squared = network["loss"] == "mean_squared_error"
    loss = nn.MSELoss() if squared else nn.CrossEntropyLoss()
    x, labels = as_tensor(images.x, options), torch.from_numpy(images.y).to(device)
    y = nn.functional.one_hot(labels, 10).float() if squared else labels
    mode = options.get("compile")
    model = torch.compile(module, mode=None if mode is True else mode) if mode else module
    precision = torch.autocast("cpu", torch.bfloat16) if options.get("bf16") else contextlib.nullcontext()
    for _ in range(job["epochs"]):
        with clock.epoch():
            module.train()
            for x_batch, y_batch in batches(x, y, network["batch_size"], options["loader"]):
                optimizer.zero_grad()
                with precision:
                    value = loss(model(x_batch), y_batch)
                value.backward()
                optimizer.step()
            if device != "cpu":
                torch.cuda.synchronize()
    module.eval()
    with torch.no_grad(), precision:
        scores = torch.cat([module(chunk) for chunk in as_tensor(images.x_test, options).split(1000)])
    return float((scores.argmax(1).cpu() == torch.from_numpy(images.y_test)).float().mean())


def main() -> None:
    job = read_job()
    if job["threads"]:
        torch.set_num_threads(job["threads"])
    images, clock = load_images(job), Clock(job["wait"])
    answer(clock, [train(network, images, job, clock) for network in job["networks"]], ["torch"])


if __name__ == "__main__":
    main()
