"""Generators that nobody trained, for tests of what is done with one: their random weights make blurs, not digits."""

from __future__ import annotations

from typing import Any

from netgain.engine.ambient import keras_alone
from netgain.engine.saving import model_bytes
from netgain.networks.families.generator import ConvGenerator
from netgain.networks.own_description import expect_pixels

DIGITS = tuple(str(digit) for digit in range(10))


def generator_bytes(
    class_names: tuple[str, ...] = DIGITS, side: int = 8, *, conditional: bool = True, seed: int = 0
) -> bytes:
    """The `.keras` file of a small generator of images `side` x `side`, large random weights, as netgain saves one."""
    network = ConvGenerator(latent=6, filters=(4,), batch_norm=False)
    shape = (side, side, 1)
    with keras_alone(seed=seed):
        model = network.build_generator(shape, len(class_names) if conditional else 0)
    weights: list[Any] = model.get_weights()
    model.set_weights([4 * each for each in weights])
    note = {
        "generates": list(class_names), "latent": network.latent, "conditional": conditional, "image": list(shape),
        "recipe_digest": "a", "dataset": "digits", "seed": seed,
    }  # fmt: skip
    return model_bytes(expect_pixels(model, "0..255"), note)
