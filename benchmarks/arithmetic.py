"""The arithmetic of a network, counted layer by layer: what no implementation can do without."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.tasks import IMAGE_SHAPE, Layer


class LayerCount(NamedTuple):
    """A layer with weights: its multiplications for one image, forward."""

    layer: str
    products: int


def products_by_layer(layers: list[Layer], image_shape: tuple[int, int, int] = IMAGE_SHAPE) -> list[LayerCount]:
    """Multiplications of one forward pass of one image, for each convolution and dense layer.

    A valid convolution of an H×W×C input with F kernels of k×k costs (H-k+1)(W-k+1)·k²·C·F, a dense layer
    inputs × units. Pooling, activations and dropout are left out: they cost memory traffic, not products.

    >>> products_by_layer([{"kind": "conv", "filters": 16, "size": 5}, {"kind": "pool", "size": 2},
    ...                    {"kind": "flatten"}, {"kind": "dense", "units": 10}])
    [LayerCount(layer='conv 5×5×16', products=230400), LayerCount(layer='dense 10', products=23040)]
    """
    height, width, channels = image_shape
    counts = []
    for layer in layers:
        if layer["kind"] == "conv":
            size, filters = layer["size"], layer["filters"]
            height, width = height - size + 1, width - size + 1
            counts.append(
                LayerCount(f"conv {size}×{size}×{filters}", height * width * size * size * channels * filters)
            )
            channels = filters
        elif layer["kind"] == "pool":
            height, width = height // layer["size"], width // layer["size"]
        elif layer["kind"] == "dense":
            units = layer["units"]
            counts.append(LayerCount(f"dense {units}", height * width * channels * units))
            height, width, channels = 1, 1, units
    return counts


def training_operations(layers: list[Layer]) -> int:
    """Floating-point operations to train on one image: forward, weight gradient and input gradient.

    Two operations a product (multiply, add). The first layer needs no gradient of its input.

    >>> training_operations([{"kind": "flatten"}, {"kind": "dense", "units": 30}, {"kind": "dense", "units": 10}])
    95880
    """
    products = [count.products for count in products_by_layer(layers)]
    return 2 * (3 * sum(products) - products[0])


def limit_seconds(layers: list[Layer], num_images: int, operations_per_second: float) -> float:
    """Seconds an epoch at the rate of the machine's matrix product."""
    return training_operations(layers) * num_images / operations_per_second
