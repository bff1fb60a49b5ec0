"""What the tab Draw says of a picture."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.photos import photo

from netgain.data import load_dataset, prepare_image
from netgain.runs.store import Store
from netgain.tasks.classification.predict import Prediction, predict_files
from netgain.web.draw import answer_to
from netgain.web.shelf import Shelf

DIGITS = load_dataset("mnist").x_test[:, :, :, 0]


def url_of(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def pictures() -> dict[str, bytes]:
    random = np.random.default_rng(0)
    photos = {f"{falloff}.jpg": photo(DIGITS[falloff], random, falloff) for falloff in (0, 60, 130)}
    return photos | {"image.png": png(DIGITS[0]), "margin.png": png(np.pad(DIGITS[2], 30))}


def test_the_page_and_the_command_line_give_the_same_answers(digit_store: Path, tmp_path: Path) -> None:
    store, shelf = Store(digit_store), Shelf(str(digit_store), {})
    name = str(shelf.favourite())
    answering = shelf.answering(name)
    assert answering is not None
    paths = [tmp_path / picture for picture in pictures()]
    for path, content in zip(paths, pictures().values(), strict=True):
        path.write_bytes(content)
    scores = []
    for run in shelf.networks()[name]:
        (tmp_path / "network.keras").write_bytes(store.model_file(run.key))
        found = predict_files(tmp_path / "network.keras", paths)
        scores.append([list(one.scores.values()) for one in found if isinstance(one, Prediction)])
    for number, path in enumerate(paths):
        of_networks = np.array(scores)[:, number]
        prepared = prepare_image(path.read_bytes(), answering.form)
        np.testing.assert_allclose(answering.panel.answer(prepared.image), of_networks, atol=2e-6)
        said = answer_to(shelf, url_of(path.read_bytes()), 0, [name])
        best = int(of_networks.mean(axis=0).argmax())
        assert f'data-answer="{best}"' in said
        assert f"{100 * of_networks.mean(axis=0)[best]:.1f} %" in said


def test_photos_in_falling_light_are_read(digit_store: Path) -> None:
    shelf = Shelf(str(digit_store), {})
    labels, random = load_dataset("mnist").y_test, np.random.default_rng(0)
    right = [
        f'data-answer="{labels[number]}"'
        in answer_to(shelf, url_of(photo(DIGITS[number], random, falloff)), 0, [str(shelf.favourite())])
        for falloff in (60, 130)
        for number in range(10)
    ]
    assert np.mean(right) >= 0.9


def test_the_page_says_where_it_is_unsure(digit_store: Path) -> None:
    shelf = Shelf(str(digit_store), {})
    two = np.hstack([np.pad(DIGITS[0], 20), np.pad(DIGITS[2], 20)])
    cut = np.pad(DIGITS[0], ((0, 20), (20, 20)))[12:]
    for pixels, words in ((two, "2 separate objects"), (cut, "touches the border"), (np.pad(DIGITS[0], 20), None)):
        said = answer_to(shelf, url_of(png(pixels)), 0, [str(shelf.favourite())])
        assert "data-answer" in said
        assert ("The answer may be wrong" in said) == (words is not None)
        assert words is None or words in said


@pytest.mark.parametrize("angle", [0.0, 30.0])
def test_what_the_networks_see_is_shown_once(digit_store: Path, angle: float) -> None:
    shelf = Shelf(str(digit_store), {})
    said = answer_to(shelf, url_of(png(np.pad(DIGITS[0], 20))), angle, [str(shelf.favourite())])
    assert said.count("What the networks see: 28 × 28 pixels") == 1
