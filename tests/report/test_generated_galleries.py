"""What a report shows of generators: a film that can stand still, and digits beside the nearest training images."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from netgain.api import StudyResult
from netgain.data import load_dataset
from netgain.report.generated_galleries import frames, generated_sections, pairs
from netgain.report.grid import grid_png
from netgain.report.page import render
from netgain.runs.record import RunStatus

EPOCHS = 20


@pytest.fixture
def result(make_result) -> StudyResult:
    """Two arms, of which the second also wrote: copies of training images, but for one pixel, and a film of noise."""
    result: StudyResult = make_result(seeds=2)
    data = result.dataset
    written = data.x_train[:200].copy()
    written[0, 0, 0] = 51
    film = np.random.default_rng(0).integers(0, 256, (EPOCHS, 40, 8, 8, 1), dtype=np.uint8)
    kept = {
        "film": film,
        "film_epochs": np.arange(1, EPOCHS + 1),
        "generated": written,
        "generated_labels": data.y_train[:200],
    }
    runs = [replace(run, arrays={**run.arrays, **kept}) for run in result.runs["wider"]]
    return replace(result, runs={**result.runs, "wider": runs})


def picture_of(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))


def test_a_film_has_at_most_twelve_frames_from_the_first_to_the_last(result: StudyResult) -> None:
    run = result.runs["wider"][0]
    shown = frames(run)
    epochs = [frame.epoch for frame in shown]
    assert len(shown) == 12
    assert (epochs[0], epochs[-1]) == (1, EPOCHS)
    assert epochs == sorted(set(epochs))
    picture = picture_of(shown[-1].picture)
    assert picture.shape == (4 * 8, 10 * 8)
    np.testing.assert_array_equal(picture[8:16, 16:24], run.arrays["film"][-1, 12, :, :, 0])  # second row, third column
    one = replace(run, arrays={**run.arrays, "film": run.arrays["film"][:1], "film_epochs": np.array([7])})
    assert [frame.epoch for frame in frames(one)] == [7]


def test_the_nearest_training_image_is_shown_and_a_copy_has_distance_zero(result: StudyResult) -> None:
    found = list(pairs(result, "wider", result.runs["wider"][0]))
    trained = result.study.arms["wider"].parts_of(result.dataset).x_train
    assert [pair.label for pair in found] == [str(digit) for digit in range(10) for _ in range(3)]
    for pair in found:
        np.testing.assert_array_equal(picture_of(pair.nearest), trained[pair.number][..., 0])
    changed = next(pair for pair in found if pair.distance)
    assert changed.distance == pytest.approx(0.2, abs=1e-4)
    assert sum(pair.distance == 0 for pair in found) == len(found) - 1
    np.testing.assert_array_equal(
        picture_of(changed.generated), result.runs["wider"][0].arrays["generated"][0, :, :, 0]
    )


def test_only_arms_that_wrote_have_a_section_and_the_page_says_whose(result: StudyResult) -> None:
    (section,) = generated_sections(result)
    assert (section["name"], section["seed"], section["diverged"]) == ("wider", 0, False)
    page = html.unescape(render([result]))
    assert "wider: what it wrote" in page
    assert "baseline: what it wrote" not in page
    assert "Seed 0; 12 of 12 epochs." in page
    diverged = [replace(run, status=RunStatus.DIVERGED) for run in result.runs["wider"]]
    assert "This network diverged" in render([replace(result, runs={**result.runs, "wider": diverged})])


def test_a_study_of_classifiers_has_none(make_result) -> None:
    assert generated_sections(make_result()) == []
    assert "What the generators wrote" not in render([make_result()])


def test_the_film_plays_frame_by_frame_and_stands_still_where_it_should(
    result: StudyResult, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(render([result]))
    page = browser.new_page(viewport={"width": 1100, "height": 900}, color_scheme="dark")
    page.goto(f"file://{tmp_path}/report.html")
    reel, screen = page.locator(".film .reel"), page.locator(".film .screen")
    moved = """reel => {
      const frame = reel.firstElementChild.getBoundingClientRect().height;
      const animation = reel.getAnimations()[0];
      return [0, 3000, 8300].map((time) => {
        animation.pause(); animation.currentTime = time;
        return -new DOMMatrix(getComputedStyle(reel).transform).m42 / frame;
      });
    }"""
    first, later, last = reel.evaluate(moved)
    assert first == 0
    assert later == pytest.approx(round(later), abs=0.01)
    assert 3 <= later <= 7
    assert last == pytest.approx(11, abs=0.01)
    height = screen.bounding_box()["height"]  # pyright: ignore[reportOptionalSubscript]
    page.get_by_label("Play as a film").uncheck()
    assert reel.evaluate("reel => reel.getAnimations().length") == 0
    assert screen.bounding_box()["height"] > height  # pyright: ignore[reportOptionalSubscript] - all frames are seen
    page.get_by_label("Play as a film").check()
    for media in ({"reduced_motion": "reduce"}, {"media": "print"}):
        page.emulate_media(**media)  # pyright: ignore[reportArgumentType]
        assert reel.evaluate("reel => reel.getAnimations().length") == 0, media
        assert not page.get_by_label("Play as a film").is_visible()
    page.close()


def test_a_grid_begins_a_row_for_each_class_and_wraps_long_ones() -> None:
    digits = load_dataset("digits").x_train[:50]
    for labels, rows in ((np.arange(50) % 10, 10), (np.zeros(50, int), 7), ([1] * 45 + [3] * 5, 4)):
        with Image.open(io.BytesIO(grid_png(digits, np.array(labels), list("0123456789")))) as grid:
            assert grid.height == 4 + rows * 60
