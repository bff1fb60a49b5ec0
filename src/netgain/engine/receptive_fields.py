"""Which pixels of the image each cell of a feature map is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras

Cells = list[set[int]]
"""Along one axis: for each cell of a map the rows (or columns) of the image that it sees."""

_WITH_KERNEL = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
_POOLING = (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)
_CELL_BY_CELL = (
    keras.layers.Activation,
    keras.layers.BatchNormalization,
    keras.layers.Dropout,
    keras.layers.LeakyReLU,
    keras.layers.ReLU,
    keras.layers.Rescaling,
    keras.layers.SpatialDropout2D,
)
_OPERATIONS_CELL_BY_CELL = ("Maximum", "Multiply", "Sqrt", "Square")
"""Of `keras.ops`: L2 pooling is written with them."""


class ReceptiveFields(NamedTuple):
    """The pixels that each cell of a layer's maps sees: cell (i, j) sees every pixel of `rows[i]` and `columns[j]`.

    Attributes:
        rows: for each row of the map the rows of the image, from 0, in order.
        columns: for each column of the map the columns of the image.
    """

    rows: tuple[tuple[int, ...], ...]
    columns: tuple[tuple[int, ...], ...]


def receptive_fields(maps: Any) -> ReceptiveFields | None:
    """The receptive fields of a layer's output, from the kernels, strides, dilations, paddings and pools before it.

    Args:
        maps: the layer's symbolic output `[B, h, w, maps]`, such as `layer.output`.

    Returns:
        None where something stands before it whose pixels do not follow from such numbers: two branches that meet, a
        model inside the model, a user's own layer.

    >>> inputs = keras.Input((8, 8, 1))
    >>> x = keras.layers.MaxPooling2D(2)(keras.layers.Conv2D(3, 3)(inputs))
    >>> receptive_fields(x).rows
    ((0, 1, 2, 3), (2, 3, 4, 5), (4, 5, 6, 7))
    """
    if len(maps.shape) != 4:
        return None
    rows, columns = _seen(maps, 0), _seen(maps, 1)
    return None if rows is None or columns is None else ReceptiveFields(_sorted(rows), _sorted(columns))


def _sorted(cells: Cells) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(sorted(cell)) for cell in cells)


def _seen(tensor: Any, axis: int) -> Cells | None:
    """What each cell of a symbolic tensor sees along an axis, 0 for rows."""
    operation = tensor._keras_history.operation
    if isinstance(operation, keras.layers.InputLayer):
        return [{pixel} for pixel in range(tensor.shape[1 + axis])]
    inputs = operation._inbound_nodes[tensor._keras_history.node_index].input_tensors
    if len(inputs) != 1 or getattr(operation, "data_format", None) == "channels_first":
        return None
    windows = _windows(operation, inputs[0].shape[1 + axis], tensor.shape[1 + axis], axis)
    before = None if windows is None else _seen(inputs[0], axis)
    if windows is None or before is None:
        return None
    return [set[int]().union(*(before[cell] for cell in window if 0 <= cell < len(before))) for window in windows]


def _windows(operation: Any, num_inputs: int, num_outputs: int, axis: int) -> Sequence[Sequence[int]] | None:
    """For each cell that comes out of an operation, the cells along this axis that enter it; None if unknown.

    A cell below 0 or beyond the last one is padding.
    """
    kind = type(operation)
    if kind in _WITH_KERNEL:
        return _sliding(operation, operation.kernel_size[axis], operation.dilation_rate, num_inputs, num_outputs, axis)
    if kind in _POOLING:
        return _sliding(operation, operation.pool_size[axis], (1, 1), num_inputs, num_outputs, axis)
    if kind is keras.layers.ZeroPadding2D:
        return [[cell - operation.padding[axis][0]] for cell in range(num_outputs)]
    of_keras = kind.__module__.startswith("keras.") and kind.__name__ in _OPERATIONS_CELL_BY_CELL
    if kind in _CELL_BY_CELL or of_keras:
        return [[cell] for cell in range(num_outputs)]
    return None


def _sliding(
    layer: Any, size: int, dilations: tuple[int, int], num_inputs: int, num_outputs: int, axis: int
) -> list[list[int]]:
    """The windows of a kernel or pool of that size."""
    stride, dilation = layer.strides[axis], dilations[axis]
    before = 0
    if layer.padding == "same":  # the smaller half of what is missing comes before the first cell
        before = max((num_outputs - 1) * stride + (size - 1) * dilation + 1 - num_inputs, 0) // 2
    return [[cell * stride - before + place * dilation for place in range(size)] for cell in range(num_outputs)]
