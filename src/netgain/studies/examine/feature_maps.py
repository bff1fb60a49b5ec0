"""What a convolutional network sees: its trained kernels, and the maps of one digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement

if TYPE_CHECKING:
    import altair
    import pandas

COLUMNS = 8
"""Pictures in a row."""


def examine(given: DemonstrationInput) -> Findings:
    """The kernels of the first network, its maps of the first test image, and what the slides say of them."""
    from netgain.runs.trained import open_network

    (name,) = given.runs
    image, label = given.images.x_test[0], given.images.class_names[given.images.y_test[0]]
    model = open_network(given.finished(name)[0])
    layer: Any = next(part for part in model.layers if type(part).__name__ == "Conv2D")
    kernels, maps = np.asarray(layer.get_weights()[0]), maps_of(model, layer, image)
    size, number = kernels.shape[0], kernels.shape[-1]
    figures = {
        "kernels": Figure(
            _frame(kernels[:, :, 0, :], "weight"),
            _draw_kernels,
            f"The {number} trained kernels of {size}×{size} weights: blue negative, orange positive.",
        ),
        "feature-maps": Figure(
            _frame(maps, "activation"),
            lambda frame: _draw_maps(frame, label),
            f"The {number} maps of the first test image, a {label}: bright where the kernel's feature is.",
        ),
    }
    return Findings(_statements(model, layer, image, maps), figures)


def _statements(model: Any, layer: Any, image: np.ndarray, maps: np.ndarray) -> tuple[Statement, ...]:
    kernels, biases = (np.asarray(weights) for weights in layer.get_weights())
    size, number = kernels.shape[0], kernels.shape[-1]
    height, width, channels = image.shape
    deviation, alike = _deviation(image, kernels, biases, maps), likeness(kernels)
    return (
        Statement(
            f"A {size}×{size} field makes {height}×{width} pixels a map of {height - size + 1}×{width - size + 1}",
            maps.shape[:2] == (height - size + 1, width - size + 1),
            f"the maps of the trained network are {maps.shape[0]}×{maps.shape[1]}",
        ),
        Statement(
            f"A feature map keeps only {size * size} weights and 1 bias",
            layer.count_params() == number * (size * size * channels + 1),
            f"{number} maps have {layer.count_params()} of the network's {model.count_params():,} weights and biases",
        ),
        Statement(
            "All neurons of a map share the same weights: a map is one kernel moved over the image",
            deviation < 1e-4,
            f"computed pixel by pixel, the maps deviate by at most {deviation:.1e}",
        ),
        Statement(
            "Each map picks up a different feature",
            alike < 0.95,
            f"the two most similar of the {number} kernels have a correlation of {alike:.2f}",
        ),
    )


def maps_of(model: Any, layer: Any, image: np.ndarray) -> np.ndarray:
    """What a layer of the model makes of an image `[H, W, C]`: float32 `[h, w, maps]`."""
    import keras

    part = keras.Model(model.input, layer.output)
    return np.asarray(part(image[None].astype(np.float32)))[0]


def likeness(kernels: np.ndarray) -> float:
    """The largest correlation between two of the kernels `[k, k, C, maps]`."""
    between = np.corrcoef(kernels.reshape(-1, kernels.shape[-1]).T)
    return float((between - 2 * np.eye(len(between))).max())


def _deviation(image: np.ndarray, kernels: np.ndarray, biases: np.ndarray, maps: np.ndarray) -> float:
    """The maps against the sum written out: ReLU(Σ w · pixel + b) in every window, pixels 0..1."""
    windows = np.lib.stride_tricks.sliding_window_view(image / 255, kernels.shape[:2], axis=(0, 1))
    written_out = np.maximum(np.einsum("hwcij,ijcm->hwm", windows, kernels) + biases, 0)
    return float(np.abs(written_out - maps).max())


def _frame(pictures: np.ndarray, value: str) -> pandas.DataFrame:
    """Pictures `[h, w, maps]` as a table, a row a pixel."""
    import pandas

    rows, columns, numbers = (axis.ravel() for axis in np.indices(pictures.shape))
    frame = pandas.DataFrame({"map": numbers + 1, "row": rows, "column": columns, value: pictures.ravel()})
    return frame.sort_values(["map", "row", "column"], ignore_index=True)


def _draw_kernels(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    largest = float(np.max(np.abs(frame["weight"])))
    step, side = _sizes(frame)
    scale = alt.Scale(domain=[-largest, 0, largest], range=["#0072B2", "#F7F7F7", "#D55E00"])
    legend = alt.Legend(title="weight", orient="right", gradientLength=160)
    panel = (
        alt.Chart(frame)
        .mark_rect(width=step, height=step)
        .encode(
            x=alt.X("column:O", axis=None),
            y=alt.Y("row:O", axis=None),
            color=alt.Color("weight:Q", scale=scale, legend=legend),
            tooltip=[
                alt.Tooltip("map:Q"),
                alt.Tooltip("row:Q"),
                alt.Tooltip("column:Q"),
                alt.Tooltip("weight:Q", format=".3f"),
            ],
        )
    )
    return _panels(panel.properties(width=side, height=side), "The trained kernels", "One network, one kernel per map.")


def _draw_maps(frame: pandas.DataFrame, label: str) -> altair.TopLevelMixin:
    """Each map as one image: a rectangle for every pixel would be thousands."""
    import altair as alt
    import pandas

    from netgain.data.samples import data_url

    _, side = _sizes(frame)
    brightest = max(float(np.max(frame["activation"])), 1e-9)
    pictures = [
        {"map": number, "picture": data_url(_grey(of_map, brightest)[:, :, None])}
        for number, of_map in frame.groupby("map", sort=True)
    ]
    panel = alt.Chart(pandas.DataFrame(pictures)).mark_image(width=side, height=side, smooth=False)
    panel = panel.encode(x=alt.XValue(side / 2), y=alt.YValue(side / 2), url=alt.Url("picture:N"))
    title = f"The feature maps of the first test image, a {label}"
    note = f"One network; after ReLU, before pooling. Black: activation 0; white: {brightest:.2f}."
    return _panels(panel.properties(width=side, height=side), title, note)


def _grey(of_map: pandas.DataFrame, brightest: float) -> np.ndarray:
    """The pixels of one map as uint8 `[h, w]`, white for the brightest of all maps."""
    values = np.asarray(of_map.sort_values(["row", "column"])["activation"], float)
    shape = int(np.max(of_map["row"])) + 1, int(np.max(of_map["column"])) + 1
    return np.round(255 * values.reshape(shape) / brightest).astype(np.uint8)


def _sizes(frame: pandas.DataFrame) -> tuple[int, int]:
    """Whole screen pixels for a pixel of the picture, so that no seams show, and for the picture's side."""
    pixels = int(np.max(frame["row"])) + 1
    step = max(1, round(84 / pixels))
    return step, step * pixels


def _panels(panel: Any, title: str, note: str) -> altair.TopLevelMixin:
    import altair as alt

    header = alt.Header(title=None, labelFontSize=11, labelPadding=3)
    heading = alt.TitleParams(title, subtitle=note, anchor="start", subtitleColor="#666")
    return panel.facet(facet=alt.Facet("map:O", header=header), columns=COLUMNS, spacing=8).properties(title=heading)
