"""What the page reads from the store."""

from __future__ import annotations

import base64
import io
from concurrent.futures import Executor
from pathlib import Path

import pytest
from PIL import Image

from netgain.data import load_dataset
from netgain.experiment.study import Study
from netgain.results.run import run
from netgain.runs.execute.options import RunOptions
from netgain.runs.store import Store
from netgain.studies import CatalogueEntry
from netgain.web.draw import answer_to
from netgain.web.lesson_texts import LESSONS
from netgain.web.lessons import measured
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf
from netgain.web.study_view import known_results


def url_of(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "png")
    return buffer.getvalue()


def test_results_appear_as_soon_as_the_store_has_them(small_study: Study, tmp_path: Path, here: Executor) -> None:
    store = str(tmp_path / "netgain.db")
    shelf = Shelf(store, {"small": CatalogueEntry(small_study, "Does a wider layer help?")})
    assert shelf.results() == {}
    assert shelf.favourite() is None
    run(small_study, 2, RunOptions(store=store, executor=here))
    results = shelf.results()
    assert list(results) == ["small"]
    assert results["small"].accuracies["wider"].num_seeds == 2
    assert known_results(shelf, Runner(store)).keys() == {"small"}
    assert list(shelf.networks()) == ["small: baseline", "small: wider"]


def test_a_test_image_is_answered_as_its_networks_do(digit_store: Path) -> None:
    shelf = Shelf(str(digit_store), {})
    name = shelf.favourite()
    assert name is not None
    image = Image.fromarray(load_dataset("mnist").x_test[0, :, :, 0])
    said = answer_to(shelf, url_of(png(image)), 0, [name])
    assert 'data-answer="7"' in said
    assert "2 of 2" in said
    assert said.count('class="pixels"') == 2 + 8  # what the networks see, once more beside the maps


def test_only_networks_of_classifiers_answer_a_drawing(digit_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(str(digit_store), {})
    (name,) = shelf.networks()
    first, second = Store(digit_store).listing()

    def with_tasks(*tasks: str) -> list[str]:
        runs = (first, second)
        listed = [run._replace(recipe={**run.recipe, "task": task}) for run, task in zip(runs, tasks, strict=True)]
        monkeypatch.setattr(shelf, "_listing", lambda: listed)
        return [run.recipe["task"] for of_recipe in shelf.networks().values() for run in of_recipe]

    assert "task" not in first.recipe  # as older stores have it: a classifier
    assert name == shelf.favourite()
    assert with_tasks("classification", "classification") == ["classification"] * 2
    assert with_tasks("classification", "reading") == ["classification"]
    assert with_tasks("reading", "svm") == []
    assert shelf.favourite() is None
    assert shelf.answering(name) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Nothing is drawn yet"),
        (url_of(png(Image.new("L", (280, 280)))), "draw a digit first"),
        (url_of(png(Image.new("L", (280, 280), 255))), "draw a digit first"),
        (url_of(b"import os"), "cannot be read as an image"),
        ("../../etc/passwd", "this is not an image"),
        ("data:image/png;base64,###", "this is not an image"),
    ],
)
def test_what_is_no_drawing_is_said(digit_store: Path, content: str, said: str) -> None:
    shelf = Shelf(str(digit_store), {})
    assert said in answer_to(shelf, content, 0, [str(shelf.favourite())])


def test_a_name_that_is_not_in_the_store(digit_store: Path) -> None:
    image = Image.fromarray(load_dataset("mnist").x_test[0, :, :, 0])
    assert "No network is chosen" in answer_to(Shelf(str(digit_store), {}), url_of(png(image)), 0, ["/etc/passwd"])


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.study)
def test_every_lesson_has_its_picture_and_says_how_to_measure(lesson, digit_store: Path) -> None:
    assert "<" in lesson.picture()
    assert f"netgain study {lesson.study}" in measured(Shelf(str(digit_store), {}), lesson)
