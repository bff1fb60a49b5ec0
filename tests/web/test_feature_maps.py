"""Feature maps say which pixels their cells see."""

from __future__ import annotations

import json
import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from netgain.data import ImageForm, Prepared, load_dataset
from netgain.engine.receptive_fields import ReceptiveFields
from netgain.web.examples import DIGIT_FIELD, NUMBER_FIELD, Field, pad_html
from netgain.web.feature_maps import feature_maps
from netgain.web.shelf import Answering

FIELDS = ReceptiveFields(rows=((0, 1), (1, 2)), columns=((0,), (2,), (4,)))


@pytest.fixture
def seen(digits_form: ImageForm) -> dict[ImageForm, Prepared]:
    return {digits_form: Prepared(np.zeros((8, 8, 1), np.uint8), ())}


@pytest.fixture
def digits_form() -> ImageForm:
    return ImageForm.of(load_dataset("digits"))


def answering(form: ImageForm, fields: list[ReceptiveFields | None]) -> Answering:
    maps = [np.ones((2, 3, 4))] * len(fields)
    panel: Any = SimpleNamespace(feature_maps=lambda image: maps, receptive_fields=fields)
    return Answering("convnet", panel, form, 1.0, 1)


def test_the_fields_reach_the_page(seen: dict[ImageForm, Prepared], digits_form: ImageForm) -> None:
    said = feature_maps([answering(digits_form, []), answering(digits_form, [FIELDS])], seen)
    found = re.search('data-fields="([^"]*)"', said)
    assert found
    assert json.loads(unescape(found.group(1))) == [[[0, 1], [1, 2]], [[0], [2], [4]]]
    assert re.findall('class="map" tabindex="(-?[0-9])"', said) == ["0", "-1", "-1", "-1"]


def test_a_layer_whose_pixels_are_not_known_says_so(seen: dict[ImageForm, Prepared], digits_form: ImageForm) -> None:
    said = feature_maps([answering(digits_form, [None])], seen)
    assert "Which pixels a cell sees is not known" in said
    assert "<button" not in said
    assert "outline" not in said
    assert said.count("<img") == 4


@pytest.mark.parametrize("field", [DIGIT_FIELD, NUMBER_FIELD], ids=lambda field: field.holds)
def test_every_example_is_drawn_inside_its_field(field: Field) -> None:
    said = pad_html(field)
    for name, path in field.examples.items():
        assert f'data-path="{path}" aria-label="example: {name}"' in said
        places = [tuple(map(int, pair)) for pair in re.findall(r"(\d+) (\d+)", path)]
        assert all(field.pen / 2 <= x <= field.width - field.pen / 2 for x, _ in places)
        assert all(field.pen / 2 <= y <= field.height - field.pen / 2 for _, y in places)
