"""PyTorch on a job. Options: loader ("data_loader" as people write it, or "index"), compile, channels_last, bf16,
device.

`compile` is false, true, or a mode of `torch.compile`. On a device other than the processor all images wait there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch  # pyright: ignore[reportMissingImports] - lives in the peers' environment
from shared import Clock, Images, answer, load_images, read_job, read_right
from torch import nn  # pyright: ignore[reportMissingImports]

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU}


class Steps(nn.Module):
    """Time steps `[B, T, F]` of images `[B, C, H, W]`: their rows, or their columns."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.order = (0, 2, 3, 1) if kind == "rows" else (0, 3, 2, 1)

    def forward(self, x: Any) -> Any:
        return x.permute(self.order).flatten(2)


class Recurrent(nn.Module):
    """A recurrent layer that gives every state or the last one, with Keras' initial weights."""

    def __init__(self, inputs: int, layer: dict[str, Any]) -> None:
        super().__init__()
        self.sequences, units = layer["sequences"], layer["units"]
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "simple": nn.RNN}[layer["cell"]]
        self.layer = kind(inputs, units, batch_first=True, bidirectional=layer["bidirectional"])
        for name, weight in self.layer.named_parameters():
            if name.startswith("bias"):
                nn.init.zeros_(weight)
                if layer["cell"] == "lstm" and name.startswith("bias_ih"):
                    nn.init.ones_(weight.data[units : 2 * units])  # the forget gate's
            elif name.startswith("weight_hh"):
                nn.init.orthogonal_(weight)
            else:
                nn.init.xavier_uniform_(weight)

    def forward(self, x: Any) -> Any:
        states, _ = self.layer(x)
        return states if self.sequences else states[:, -1]


def build(network: dict[str, Any], image_shape: tuple[int, ...]) -> Any:
    """The network; a softmax at its end is left to the loss, as PyTorch has it."""
    height, width, channels = image_shape
    layers: list[Any] = []
    for layer in network["layers"]:
        if layer["kind"] == "conv":
            same = layer.get("padding") == "same"
            layers.append(nn.Conv2d(channels, layer["filters"], layer["size"], padding="same" if same else 0))
            rim = 0 if same else layer["size"] - 1
            height, width, channels = height - rim, width - rim, layer["filters"]
        elif layer["kind"] == "pool":
            down, across = layer["size"] if isinstance(layer["size"], list) else (layer["size"],) * 2
            layers.append(nn.MaxPool2d((down, across)))
            height, width = height // down, width // across
        elif layer["kind"] in {"rows", "columns"}:
            layers.append(Steps(layer["kind"]))
            inputs = width * channels if layer["kind"] == "rows" else height * channels
            height, width, channels = 1, 1, inputs
        elif layer["kind"] == "recurrent":
            layers.append(Recurrent(channels, layer))
            channels = layer["units"] * (1 + layer["bidirectional"])
        elif layer["kind"] == "flatten":
            layers.append(nn.Flatten())
        elif layer["kind"] == "dropout":
            layers.append(nn.Dropout(layer["rate"]))
        else:
            layers.append(nn.Linear(height * width * channels, layer["units"]))
            height, width, channels = 1, 1, layer["units"]
        if layer.get("activation") not in {None, "softmax"}:
            layers.append(ACTIVATIONS[layer["activation"]]())
    for layer in layers:
        if hasattr(layer, "weight"):
            nn.init.xavier_uniform_(layer.weight)  # Keras' glorot_uniform
            nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)


def build_optimizer(declared: dict[str, Any], parameters: Any) -> Any:
    if declared["name"] == "sgd":
        return torch.optim.SGD(parameters, lr=declared["learning_rate"])
    if declared["name"] == "adam":
        return torch.optim.Adam(parameters, lr=declared["learning_rate"], eps=declared["epsilon"])
    return torch.optim.Adadelta(parameters, lr=declared["learning_rate"], rho=declared["rho"], eps=declared["epsilon"])


def batches(x: Any, y: Any, batch_size: int, loader: str) -> Iterator[tuple[Any, Any]]:
    """An epoch's mini-batches: PyTorch's loader, or gathered from the waiting tensor by index."""
    if loader == "data_loader":
        data = torch.utils.data.TensorDataset(x, y)
        yield from torch.utils.data.DataLoader(data, batch_size=batch_size, shuffle=True)
    else:
        for index in torch.randperm(len(x), device=x.device).split(batch_size):
            yield x[index], y[index]


def loss_of(name: str) -> Any:
    """The mean loss of a batch."""
    if name != "ctc":
        return nn.MSELoss() if name == "mean_squared_error" else nn.CrossEntropyLoss()

    def ctc(scores: Any, labels: Any) -> Any:
        steps = torch.full((len(scores),), scores.shape[1])
        log_probs = scores.log_softmax(-1).transpose(0, 1)
        return nn.functional.ctc_loss(log_probs, labels, steps, (labels > 0).sum(1), reduction="none").mean()

    return ctc


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
    module = build(network, images.x.shape[1:]).to(device)
    if options.get("channels_last"):
        module = module.to(memory_format=torch.channels_last)
    optimizer = build_optimizer(network["optimizer"], module.parameters())
    squared = network["loss"] == "mean_squared_error"
    loss = loss_of(network["loss"])
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
    if network["loss"] == "ctc":
        return read_right(scores.cpu().numpy(), images.y_test)
    return float((scores.argmax(1).cpu() == torch.from_numpy(images.y_test)).float().mean())


def main() -> None:
    job = read_job()
    if job["threads"]:
        torch.set_num_threads(job["threads"])
    images, clock = load_images(job), Clock(job["wait"])
    answer(clock, [train(network, images, job, clock) for network in job["networks"]], ["torch"])


if __name__ == "__main__":
    main()
