"""What a saved reader reads in image files: what it read as a run, wide lines too, and where each character is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netgain.data import LineForm, StringDataset
from netgain.engine.saving import is_reader, model_bytes, model_from, note_of
from netgain.errors import DataError
from netgain.runs.record import RunResult
from netgain.tasks.classification.predict import Unanswered
from netgain.tasks.reading.answer import answer_of, filled_up
from netgain.tasks.reading.predict import Read, read_files

from .conftest import GLYPH


@pytest.fixture(scope="module")
def saved(trained: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reader") / "reader.keras"
    path.write_bytes(trained.model)
    return path


def written(folder: Path, images: np.ndarray, widths: np.ndarray) -> list[Path]:
    """The files of images."""
    paths = [folder / f"{number}.png" for number in range(len(images))]
    for path, image, width in zip(paths, images[..., 0], widths, strict=True):
        Image.fromarray(np.where(image < 60, 0, image)[:, :width]).save(path)  # without their noise
    return paths


def test_files_are_read_as_the_run_read_its_test_strings(
    saved: Path, trained: RunResult, strings: StringDataset, tmp_path: Path
) -> None:
    paths = written(tmp_path, strings.x_test[:30], strings.widths_test[:30])
    found = read_files(saved, paths)
    for answer, path, labels in zip(found, paths, trained.arrays["test_answers"], strict=False):
        assert isinstance(answer, Read)
        assert answer.path == path
        assert answer.text == "".join(strings.alphabet[label - 1] for label in labels if label)
        assert 0 < answer.probability <= 1
        assert "".join(seen.character for seen in answer.seen) == answer.text
        starts = [seen.start for seen in answer.seen]
        assert starts == sorted(starts)


def test_characters_are_where_they_are_written(saved: Path, strings: StringDataset, tmp_path: Path) -> None:
    chosen = np.flatnonzero([text == "bac" for text in strings.texts_test])[:5]
    answers = read_files(saved, written(tmp_path, strings.x_test[chosen], strings.widths_test[chosen]))
    assert len(answers) > 0
    for answer in answers:
        assert isinstance(answer, Read)
        for place, seen in enumerate(answer.seen):
            assert (place - 0.5) * GLYPH <= (seen.start + seen.end) / 2 <= (place + 1.5) * GLYPH
            assert 0 < seen.probability <= 1


def test_a_line_longer_than_any_in_training_is_read_too(saved: Path, strings: StringDataset, tmp_path: Path) -> None:
    places = [int(np.flatnonzero([text == wanted for text in strings.texts_test])[0]) for wanted in ("bac", "cb", "a")]
    whole = np.concatenate([strings.x_test[place, :, : strings.widths_test[place]] for place in places], axis=1)
    paths = written(tmp_path, whole[np.newaxis], np.array([whole.shape[1]]))
    (answer,) = read_files(saved, paths)
    assert isinstance(answer, Read)
    assert answer.image.shape[1] == 6 * GLYPH
    assert len(answer.text) in {5, 6, 7}


def test_what_cannot_be_read_has_a_reason_and_the_rest_an_answer(
    saved: Path, strings: StringDataset, tmp_path: Path
) -> None:
    (path,) = written(tmp_path, strings.x_test[:1], strings.widths_test[:1])
    (tmp_path / "text.png").write_text("I am not an image")
    first, second, third = read_files(saved, [tmp_path / "text.png", path, tmp_path / "missing.png"])
    assert isinstance(first, Unanswered)
    assert "cannot be read as an image" in first.reason
    assert isinstance(second, Read)
    assert isinstance(third, Unanswered)
    assert "No such file" in third.reason


def test_the_note_tells_a_reader_and_how_its_lines_are_made(saved: Path, strings: StringDataset) -> None:
    note = note_of(saved)
    assert is_reader(note)
    assert LineForm(**note["line"]) == LineForm.of(strings)
    assert note_of(saved.with_name("missing.keras")) == {}


def test_a_file_without_such_a_note_is_refused(saved: Path, trained: RunResult, tmp_path: Path) -> None:
    model, _ = model_from(trained.model)
    (tmp_path / "other.keras").write_bytes(model_bytes(model, {}))
    with pytest.raises(DataError, match="does not record what it reads, expected a reader that netgain saved"):
        read_files(tmp_path / "other.keras", [])
    with pytest.raises(DataError, match="there is no file"):
        read_files(tmp_path / "missing.keras", [])


def test_a_network_that_diverged_gives_no_answer(trained: RunResult, strings: StringDataset, tmp_path: Path) -> None:
    model, note = model_from(trained.model)
    model.set_weights([np.full_like(weights, np.nan) for weights in model.get_weights()])
    (tmp_path / "diverged.keras").write_bytes(model_bytes(model, note))
    (answer,) = read_files(tmp_path / "diverged.keras", written(tmp_path, strings.x_test[:1], strings.widths_test[:1]))
    assert isinstance(answer, Unanswered)
    assert "not finite: its training diverged" in answer.reason


def log_probs_of(steps: list[list[float]]) -> np.ndarray:
    return np.log(np.array(steps, np.float32))


@pytest.mark.parametrize(
    ("note", "text", "probability"),
    [
        ({"reads_by": "ctc", "decoding": "greedy"}, "", 0.36),
        ({"reads_by": "ctc", "decoding": "beam"}, "7", 0.64),
        ({"reads_by": "slots", "decoding": "greedy"}, "", 0.36),
    ],
)
def test_the_probability_is_that_of_the_text(note: dict[str, Any], text: str, probability: float) -> None:
    """Blank twice: 0.36; a seven in the first step, the second, or both: 0.64 in all."""
    answer = answer_of(log_probs_of([[0.6, 0.4], [0.6, 0.4]]), 8, {"reads": "7", **note})
    assert answer.text == text
    assert answer.probability == pytest.approx(probability, abs=1e-6)


def test_slots_have_no_places() -> None:
    answer = answer_of(log_probs_of([[0.1, 0.9], [0.2, 0.8], [0.9, 0.1]]), 60, {
        "reads": "7", "reads_by": "slots", "decoding": "greedy",
    })  # fmt: skip
    assert answer.text == "77"
    assert answer.probability == pytest.approx(0.9 * 0.8 * 0.9, abs=1e-6)
    assert answer.seen == ()


@pytest.mark.parametrize(("width", "expected"), [(10, 100), (100, 100), (101, 164), (164, 164), (165, 228)])
def test_widths_come_in_steps(width: int, expected: int) -> None:
    image = np.full((8, width, 1), 9, np.uint8)
    filled = filled_up(image, 100)
    assert filled.shape == (8, expected, 1)
    assert np.array_equal(filled[:, :width], image)
    assert not filled[:, width:].any()
