"""A dataset in a notebook: its sizes, its classes, and a test image of each."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape

import numpy as np

from netgain.markup import box, folded, paragraph, table

MOST_SHOWN = 12
"""Classes of which a test image is shown."""

MOST_PIXELS = 112
"""Of a larger image's side every second pixel is shown, or every third: a notebook keeps what it shows."""


def dataset_html(
    title: str, images: np.ndarray, labels: np.ndarray, class_names: Sequence[str], counts: Sequence[Sequence[str]]
) -> str:
    """What a notebook shows of a dataset.

    Args:
        title: name and sizes in words.
        images: uint8 `[n, H, W, C]`, of which the first of each class is shown.
        labels: their classes, `[n]`.
        class_names: K names.
        counts: a row for each class: its name, then how many images each part has of it.
    """
    shown = [_sample(images, labels, k, name) for k, name in enumerate(class_names[:MOST_SHOWN])]
    more = len(class_names) - MOST_SHOWN
    note = paragraph(f"And {more} more classes.", "soft") if more > 0 else ""
    parts = ["class", "training", "validation", "test"] if len(counts[0]) == 4 else ["class", "training", "test"]
    return box(
        paragraph(title, "title"),
        f'<div class="samples">{"".join(shown)}</div>{note}',
        folded("Images of each class", table(parts, [[escape(cell) for cell in row] for row in counts])),
    )


def strings_html(title: str, images: np.ndarray, texts: Sequence[str], widths: np.ndarray) -> str:
    """What a notebook shows of a dataset of strings: name and sizes in words, and its first test images.

    Args:
        title: name and sizes in words.
        images: uint8 `[n, H, W, 1]`.
        texts: what they show, n of them.
        widths: their columns before they were filled up, `[n]`.
    """
    shown = [
        f'<figure><img class="line" src="{data_url(image[:, :width])}" alt="test image {number}, text {escape(text)}">'
        f"<figcaption>{escape(text)}</figcaption></figure>"
        for number, (image, text, width) in enumerate(zip(images[:MOST_SHOWN], texts, widths, strict=False))
    ]
    return box(paragraph(title, "title"), f'<div class="samples">{"".join(shown)}</div>')


def _sample(images: np.ndarray, labels: np.ndarray, number: int, name: str) -> str:
    """The first image of a class with the class' name below it; nothing where there is no such image."""
    places = np.flatnonzero(labels == number)
    if not len(places):
        return ""
    image = images[places[0]]
    step = max(1, -(-max(image.shape[:2]) // MOST_PIXELS))
    picture = f'<img src="{data_url(image[::step, ::step])}" alt="test image {places[0]}, class {escape(name)}">'
    return f"<figure>{picture}<figcaption>{escape(name)}</figcaption></figure>"


def png(image: np.ndarray) -> bytes:
    """An image `[H, W, C]` as a PNG file."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def data_url(image: np.ndarray) -> str:
    """An image `[H, W, C]` as a PNG inside a URL."""
    return f"data:image/png;base64,{base64.b64encode(png(image)).decode()}"
