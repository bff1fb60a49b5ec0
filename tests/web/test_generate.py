"""What the tab Generate shows of a generator: places between random vectors, and the game with its score."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.data.samples import data_url
from netgain.runs.store import Store
from netgain.tasks.generation.generate import generate
from netgain.tasks.task import Figure
from netgain.web.game import next_round
from netgain.web.game_score import scores_in, tally, with_answer
from netgain.web.generators import GeneratorPanel, between
from netgain.web.shelf import Shelf
from netgain.web.walk import digits_at, map_of

from .conftest import add_generator


@pytest.fixture(scope="module")
def shelf(reader_store: Path) -> Shelf:
    return Shelf(str(reader_store), {})


@pytest.fixture(scope="module")
def panel(shelf: Shelf) -> GeneratorPanel:
    panel = shelf.generating(str(shelf.favourite_generator()))
    assert panel is not None
    return panel


def test_generators_are_told_from_other_networks(shelf: Shelf, digit_store: Path) -> None:
    (name,) = shelf.generators()
    assert name == "generator, non-saturating, no penalty, 10 epochs"
    assert name not in {**shelf.networks(), **shelf.readers()}
    assert shelf.generating(str(shelf.favourite())) is None
    without = Shelf(str(digit_store), {})
    assert (without.generators(), without.favourite_generator()) == ({}, None)
    assert "netgain train generator" in digits_at(without, "", 0, 0.5, 0.5)


def test_a_corner_has_its_own_vector_and_every_place_a_typical_one(panel: GeneratorPanel) -> None:
    corners = panel.corners(7)
    np.testing.assert_array_equal(corners, panel.corners(7))
    assert (corners != panel.corners(8)).all()
    np.testing.assert_allclose(between(corners, np.array([1.0]), np.array([0.0])), corners[1:2])
    many = np.random.default_rng(0).standard_normal((4, 20_000))
    x, y = np.random.default_rng(1).random((2, 50))
    assert between(many, x, y).std(axis=1) == pytest.approx(1, abs=0.02)


def test_the_digits_of_a_place_are_those_of_its_vector(shelf: Shelf, panel: GeneratorPanel) -> None:
    (name,) = shelf.generators()
    said = digits_at(shelf, name, 3, 0.25, 1.0)
    z = between(panel.corners(3), np.array([0.25]), np.array([1.0]))
    for label, image in enumerate(panel.images(z.repeat(10, axis=0), np.arange(10))):
        assert f'src="{data_url(image)}" alt="generated image, class {label}"' in said
    assert said.count("<img") == 10
    assert digits_at(shelf, name, 3, 0.26, 1.0) != said != digits_at(shelf, name, 4, 0.25, 1.0)
    assert map_of(shelf, name, 3, "7") != map_of(shelf, name, 3, "3") != ""
    assert "no longer has this generator" in digits_at(shelf, "../etc/passwd", 0, 0, 0)


def test_the_page_makes_the_images_that_the_command_line_makes(
    panel: GeneratorPanel, reader_store: Path, tmp_path: Path
) -> None:
    store = Store(reader_store)
    (run,) = (one for one in store.listing() if one.recipe.get("task") == "generation")
    (tmp_path / "generator.keras").write_bytes(store.model_file(run.key))
    images, labels = generate(tmp_path / "generator.keras", 4, "7", 5)
    assert labels is not None
    np.testing.assert_array_equal(panel.drawn(labels, np.random.default_rng(5)), images)


def test_a_generator_without_classes_has_one_image_per_place(digit_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copy(digit_store, tmp_path))
    add_generator(Store(store), conditional=False)
    shelf = Shelf(str(store), {})
    (name,) = shelf.generators()
    assert "without classes" in name
    assert digits_at(shelf, name, 0, 0.5, 0.5).count("<img") == 1


def test_half_of_the_rounds_are_real_and_both_have_the_classes_of_the_test_images(panel: GeneratorPanel) -> None:
    drawn = np.random.default_rng(0)
    rounds = [next_round(panel, drawn) for _ in range(200)]
    assert 70 < sum(one.is_real for one in rounds) < 130
    real = {data_url(image) for image in load_dataset("digits").x_test}
    assert all((one.picture in real) == one.is_real for one in rounds)


def test_a_score_counts_each_answer_once_and_has_its_interval() -> None:
    scores = {}
    for is_real, says_real in [(True, True)] * 8 + [(False, True)] * 3 + [(False, False)] * 9:
        scores = with_answer(scores, "a:0", is_real=is_real, says_real=says_real)
    assert scores == {"a:0": [8, 8, 9, 12]}
    said = tally(scores["a:0"], Figure(value=0.875, error=0.03, own_error=0.04, floor=0.5, floor_error=0.01,
                                       num_items=180, meaning="AUC"))  # fmt: skip
    assert "17 of 20 right (85 %; 95 % interval 62 to 97 %). This is better than guessing (50 %)." in said
    assert "You took 3 of 12 generated images for real ones." in said
    assert "AUC 0.875 ± 0.050; real against real images: 0.500" in said
    assert "Guessing (50 %) is not excluded" in tally([1, 2, 1, 2], None)
    assert "No image is answered yet" in tally(None, None)


@pytest.mark.parametrize("kept", [None, "x", {"a": [1, 0, 0, 0]}, {"a": [1, 1, 1]}, {"a": [True, 1, 0, 0]}])
def test_what_a_browser_kept_wrongly_counts_nothing(kept: object) -> None:
    assert scores_in(kept) == {}
