"""The challenge of the tab Draw knows when a digit fools one network but not the other."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from netgain.data import ImageForm, load_dataset
from netgain.web.challenge import judged, pair_to_begin_with
from netgain.web.shelf import Answering, Shelf


def drawing() -> str:
    picture = Image.new("L", (280, 280))
    ImageDraw.Draw(picture).line([(80, 60), (200, 60), (120, 230)], fill=255, width=22)
    buffer = io.BytesIO()
    picture.save(buffer, "png")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


@pytest.fixture
def shelf_saying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], Shelf]:
    """A shelf whose networks "dropout" and "baseline" say these digits, each by the mean of two networks."""

    def make(dropout: int, baseline: int) -> Shelf:
        shelf, says = Shelf(str(tmp_path / "netgain.db"), {}), {"dropout": dropout, "baseline": baseline}

        def answering(name: str) -> Answering | None:
            if name not in says:
                return None
            scores = np.zeros((2, 10))
            scores[0, says[name]] = 0.9  # the other network says something else, less strongly
            scores[1, (says[name] + 1) % 10] = 0.5
            panel: Any = SimpleNamespace(answer=lambda image: scores)
            return Answering(name, panel, ImageForm.of(load_dataset("digits")), 1.0, 1)

        monkeypatch.setattr(shelf, "answering", answering)
        return shelf

    return make


@pytest.mark.parametrize(
    ("dropout", "baseline", "digit", "said"),
    [
        (1, 7, "7", "Done: your 7 fools dropout but not baseline."),
        (7, 7, "7", "Not yet: both see your 7."),
        (7, 1, "7", "The other way round"),
        (1, 1, "7", "Not yet: your 7 fools both."),
        (1, 2, "7", "Not yet: your 7 fools both."),
        (1, 7, None, "They disagree. Which digit did you draw?"),
        (7, 7, None, "Not yet: both say 7."),
    ],
)
def test_a_digit_is_judged(
    shelf_saying: Callable[[int, int], Shelf], dropout: int, baseline: int, digit: str | None, said: str
) -> None:
    words = judged(shelf_saying(dropout, baseline), drawing(), 0, digit, "dropout", "baseline")
    assert said in words
    assert ("challenge won" in words) == said.startswith("Done")
    assert f"dropout says {dropout} (45 %), baseline says {baseline} (45 %)." in words


@pytest.mark.parametrize(
    ("content", "fooled", "not_fooled", "said"),
    [
        (drawing(), "dropout", "dropout", "needs two different networks for digits; chosen: dropout and dropout."),
        (drawing(), None, None, "needs two different networks for digits; chosen: none and none."),
        (drawing(), "dropout", "gone", "The store no longer has one of these networks"),
        ("data:image/png;base64,###", "dropout", "baseline", "this is not an image"),
    ],
)
def test_what_cannot_be_judged_is_said(
    shelf_saying: Callable[[int, int], Shelf], content: str, fooled: str | None, not_fooled: str | None, said: str
) -> None:
    words = judged(shelf_saying(1, 7), content, 0, "7", fooled, not_fooled)
    assert said in words
    assert "won" not in words


def test_without_a_drawing_nothing_is_said(shelf_saying: Callable[[int, int], Shelf]) -> None:
    assert judged(shelf_saying(1, 7), "", 0, "7", "dropout", "baseline") == ""


@pytest.mark.parametrize(
    ("names", "pair"),
    [
        ([], None),
        (["convnet"], None),
        (["convnet", "deep"], ("deep", "convnet")),
        (["l2: strong", "baseline", "dropout: baseline", "dropout: dropout 0.2"], ("dropout: dropout 0.2", "baseline")),
        (["dropout: dropout 0.2", "convnet"], ("dropout: dropout 0.2", "convnet")),
    ],
)
def test_it_begins_with_dropout_and_a_baseline_where_they_are(names: list[str], pair: tuple[str, str] | None) -> None:
    assert pair_to_begin_with(names) == pair
