"""Feature maps of a drawing, each cell linked to the pixels that it sees."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from netgain.data import ImageForm, Prepared
from netgain.engine.receptive_fields import ReceptiveFields
from netgain.web import look
from netgain.web.shelf import Answering

INPUT_SIZE, MAP_SIZE = 168, 56
NO_MAPS = '<p class="soft">Choose a convolutional network to see its feature maps for this drawing.</p>'
HINT = (
    "Point to a cell of a map, or choose a map with the Tab key and move with the arrow keys: "
    "the pixels that this cell sees are outlined here."
)


def feature_maps(answering: Sequence[Answering], seen: Mapping[ImageForm, Prepared]) -> str:
    """What each kernel of the first convolutional network among them makes of a drawing, as HTML.

    Args:
        answering: the networks that were asked.
        seen: the drawing as the networks of each form take it.
    """
    for each in answering:
        image = seen[each.form].image
        layers = each.panel.feature_maps(image)
        if layers:
            fields = each.panel.receptive_fields
            shown = [_layer(*layer) for layer in zip(range(1, len(layers) + 1), layers, fields, strict=True)]
            title = f"<h4>Feature maps for this drawing: one network of {escape(each.name)}</h4>"
            linked = _input(image) if any(fields) else ""
            return f'<section class="feature-maps">{title}{linked}{"".join(shown)}</section>'
    return NO_MAPS


def _input(image: np.ndarray) -> str:
    """The drawing again, large enough for its pixels to be outlined, and the place for the words about them."""
    height, width, _ = image.shape
    shown = look.image(image[..., 0], "the drawing as the network sees it", INPUT_SIZE)
    outline = f'<svg class="outline" viewBox="0 0 {width} {height}" aria-hidden="true"><path></path></svg>'
    words = f'<p class="soft" role="status">{HINT}</p>'
    return f'<div class="field-view"><div class="field-input">{shown}{outline}</div>{words}</div>'


def _layer(number: int, maps: np.ndarray, fields: ReceptiveFields | None) -> str:
    """The maps `[h, w, maps]` of a layer, each scaled by the layer's strongest answer."""
    height, width, count = maps.shape
    scaled = np.round(255 * np.clip(maps / (np.abs(maps).max() or 1.0), 0, 1)).astype(np.uint8)
    words = f"Convolution {number}: {count} maps of {height} × {width} pixels; white is the layer's largest output."
    if fields is None:
        words += " Which pixels a cell sees is not known for this network: branches or a user's own layer come before."
    linked = "" if fields is None else f' data-layer="{number}" data-fields="{escape(json.dumps(fields))}"'
    pictures = [_map(number, each + 1, scaled[..., each], fields) for each in range(count)]
    return f'<p class="soft">{words}</p><div class="maps"{linked}>{"".join(pictures)}</div>'


def _map(layer: int, number: int, values: np.ndarray, fields: ReceptiveFields | None) -> str:
    """One map; a button where its cells are linked. The Tab key stops once per layer, at its first map."""
    name = f"layer {layer}, map {number}"
    if fields is None:
        return look.image(values, name, MAP_SIZE)
    stop = 0 if number == 1 else -1
    shown = look.image(values, "", MAP_SIZE)
    words = f'aria-label="{name}, the arrow keys move over its cells"'
    return f'<button type="button" class="map" tabindex="{stop}" {words}>{shown}<i class="cell"></i></button>'
