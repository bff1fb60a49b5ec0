"""PyTorch on T7: the networks of `netgain/networks/families/generator.py`, conditional, non-saturating loss.

Options: channels_last. With R1 the logits of the real images serve the loss and the penalty both.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch  # pyright: ignore[reportMissingImports] - lives in the peers' environment
from shared import Clock, answer, load_images, read_job
from torch import nn  # pyright: ignore[reportMissingImports]

KERNEL, SLOPE, NUM_CLASSES = 4, 0.2, 10


class MakesImages(nn.Module):
    """Random numbers `[B, latent]` and labels `[B]` to images `[B, 1, 28, 28]` from -1 to 1."""

    def __init__(self, latent: int, filters: list[int]) -> None:
        super().__init__()
        self.of_class = nn.Embedding(NUM_CLASSES, latent)
        self.side, self.filters = 28 >> len(filters), filters
        self.first = nn.Linear(2 * latent, self.side**2 * filters[0], bias=False)
        layers: list[Any] = [nn.BatchNorm2d(filters[0], eps=1e-3, momentum=0.01), nn.ReLU()]
        for before, after in pairwise(filters):
            layers.append(nn.ConvTranspose2d(before, after, KERNEL, stride=2, padding=1, bias=False))
            layers += [nn.BatchNorm2d(after, eps=1e-3, momentum=0.01), nn.ReLU()]
        self.rest = nn.Sequential(*layers, nn.ConvTranspose2d(filters[-1], 1, KERNEL, stride=2, padding=1))

    def forward(self, z: Any, labels: Any) -> Any:
        x = self.first(torch.cat([z, self.of_class(labels)], 1)).view(-1, self.filters[0], self.side, self.side)
        return 2 * torch.sigmoid(self.rest(x)) - 1


class Criticises(nn.Module):
    """Images from -1 to 1 and labels to logits `[B]`."""

    def __init__(self, filters: list[int]) -> None:
        super().__init__()
        layers: list[Any] = []
        for before, after in pairwise([1, *filters]):
            layers += [nn.Conv2d(before, after, KERNEL, stride=2, padding=1), nn.LeakyReLU(SLOPE)]
        self.layers = nn.Sequential(*layers, nn.Flatten())
        features = (28 >> len(filters)) ** 2 * filters[-1]
        self.logit, self.of_class = nn.Linear(features, 1), nn.Embedding(NUM_CLASSES, features)

    def forward(self, images: Any, labels: Any) -> Any:
        features = self.layers(images)
        return self.logit(features)[:, 0] + (self.of_class(labels) * features).sum(1)


class Pair:
    """A generator and its critic, each with its optimizer."""

    def __init__(self, network: dict[str, Any], channels_last: bool) -> None:
        memory = torch.channels_last if channels_last else torch.contiguous_format
        self.latent, self.r1 = network["latent"], network["r1"]
        self.generator = MakesImages(self.latent, network["generator_filters"]).to(memory_format=memory)
        self.critic = Criticises(network["critic_filters"]).to(memory_format=memory)
        self.of_generator = torch.optim.Adam(self.generator.parameters(), **network["adam"])
        self.of_critic = torch.optim.Adam(self.critic.parameters(), **network["adam"])

    def step(self, real: Any, labels: Any) -> None:
        """One update of the critic, then one of the generator."""
        self.of_critic.zero_grad()
        self.critic_loss(real, labels).backward()
        self.of_critic.step()
        self.of_generator.zero_grad()
        self.critic.requires_grad_(False)
        logits = self.critic(self.generator(torch.randn(len(labels), self.latent), labels), labels)
        nn.functional.softplus(-logits).mean().backward()
        self.critic.requires_grad_(True)
        self.of_generator.step()

    def critic_loss(self, real: Any, labels: Any) -> Any:
        """With the penalty ½ |∇D|² at the real images, where there is one."""
        with torch.no_grad():
            fake = self.generator(torch.randn(len(labels), self.latent), labels)
        if not self.r1:
            logits = self.critic(torch.cat([real, fake]), labels.repeat(2))
            of_real, of_fake = logits.chunk(2)
            return nn.functional.softplus(-of_real).mean() + nn.functional.softplus(of_fake).mean()
        real.requires_grad_()
        of_real, of_fake = self.critic(real, labels), self.critic(fake, labels)
        (gradient,) = torch.autograd.grad(of_real.sum(), real, create_graph=True)
        penalty = gradient.pow(2).sum((1, 2, 3)).mean() / 2
        return nn.functional.softplus(-of_real).mean() + nn.functional.softplus(of_fake).mean() + self.r1 * penalty


def main() -> None:
    job = read_job()
    if job["threads"]:
        torch.set_num_threads(job["threads"])
    network, channels_last = job["network"], bool(job["options"].get("channels_last"))
    torch.manual_seed(network["seed"])
    images, clock, pair = load_images(job), Clock(job["wait"]), Pair(network, channels_last)
    memory = torch.channels_last if channels_last else torch.contiguous_format
    x = (2 * torch.from_numpy(images.x).permute(0, 3, 1, 2) - 1).contiguous(memory_format=memory)
    labels = torch.from_numpy(images.y)
    for _ in range(job["epochs"]):
        with clock.epoch():
            for index in torch.randperm(len(x)).split(network["batch_size"]):
                pair.step(x[index], labels[index])
    answer(clock, [], ["torch"])


if __name__ == "__main__":
    main()
