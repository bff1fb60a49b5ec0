"""The arithmetic of a network, counted layer by layer: what no implementation can do without."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.tasks import IMAGE_SHAPE, Layer, Task, layers_of


class LayerCount(NamedTuple):
    """A layer with weights: its multiplications for one image, forward, and how many of them take the layer's input."""

    layer: str
    products: int
    of_input: int


class _Shape(NamedTuple):
    """What a layer gives for an image; time steps count as the width of maps of height one."""

    height: int
    width: int
    channels: int
    sequence: bool = False


def products_by_layer(layers: list[Layer], image_shape: tuple[int, int, int] = IMAGE_SHAPE) -> list[LayerCount]:
    """Multiplications of one forward pass of one image, for each convolution, recurrent and dense layer.

    A convolution with H'×W' places, F kernels of k×k and C channels costs H'·W'·k²·C·F, a dense layer inputs × units
    (at every step of a sequence). A recurrent layer of U units and g gates costs T·F·g·U for its inputs and (T−1)·U·g·U
    for its states, the first of which is zero, in each direction. Pooling, activations and dropout are left out:
    they cost memory traffic, not products.

    >>> from pprint import pprint
    >>> pprint(products_by_layer([{"kind": "conv", "filters": 16, "size": 5}, {"kind": "pool", "size": 2},
    ...                    {"kind": "flatten"}, {"kind": "dense", "units": 10}]), width=90)
    [LayerCount(layer='conv 5×5×16', products=230400, of_input=230400),
     LayerCount(layer='dense 10', products=23040, of_input=23040)]
    """
    shape, counts = _Shape(*image_shape), []
    for layer in layers:
        shape, count = _after(layer, shape)
        counts += [count] if count else []
    return counts


def _after(layer: Layer, shape: _Shape) -> tuple[_Shape, LayerCount | None]:
    """The shape after a layer, and the layer's count where it has weights."""
    height, width, channels, sequence = shape
    if layer["kind"] == "conv":
        size, filters = layer["size"], layer["filters"]
        rim = 0 if layer.get("padding") == "same" else size - 1
        shape = _Shape(height - rim, width - rim, filters)
        products = shape.height * shape.width * size * size * channels * filters
        return shape, LayerCount(f"conv {size}×{size}×{filters}", products, products)
    if layer["kind"] == "pool":
        down, across = layer["size"] if isinstance(layer["size"], list) else (layer["size"],) * 2
        return _Shape(height // down, width // across, channels), None
    if layer["kind"] == "rows":
        return _Shape(1, height, width * channels, sequence=True), None
    if layer["kind"] == "columns":
        return _Shape(1, width, height * channels, sequence=True), None
    if layer["kind"] == "recurrent":
        return _after_recurrent(layer, shape)
    if layer["kind"] == "dense":
        units, steps = layer["units"], width if sequence else 1
        products = height * width * channels * units
        return _Shape(1, steps, units, sequence), LayerCount(f"dense {units}", products, products)
    return shape, None


def _after_recurrent(layer: Layer, shape: _Shape) -> tuple[_Shape, LayerCount]:
    units, directions = layer["units"], 1 + layer["bidirectional"]
    columns = {"lstm": 4, "gru": 3, "simple": 1}[layer["cell"]] * units * directions
    of_input, of_state = shape.width * shape.channels * columns, (shape.width - 1) * units * columns
    steps = shape.width if layer["sequences"] else 1
    count = LayerCount(f"{layer['cell']} {units}", of_input + of_state, of_input)
    return _Shape(1, steps, units * directions, layer["sequences"]), count


def training_operations(layers: list[Layer], image_shape: tuple[int, int, int] = IMAGE_SHAPE) -> int:
    """Floating-point operations to train on one image: forward, weight gradient and input gradient.

    Two operations a product (multiply, add). The first layer needs no gradient of its input.

    >>> training_operations([{"kind": "flatten"}, {"kind": "dense", "units": 30}, {"kind": "dense", "units": 10}])
    95880
    """
    counts = products_by_layer(layers, image_shape)
    return 2 * (3 * sum(count.products for count in counts) - counts[0].of_input)


def limit_of(task: Task, operations_per_second: float) -> float:
    """Seconds an epoch at the rate of the machine's matrix product."""
    return training_operations(layers_of(task.recipe), task.image_shape) * task.num_images / operations_per_second
