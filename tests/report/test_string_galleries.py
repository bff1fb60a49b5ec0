"""Galleries of strings read wrongly: which come first, and what stands below them."""

from __future__ import annotations

import base64
import html
import io

import numpy as np
import pytest
from PIL import Image

from netgain.api import StudyResult
from netgain.data import StringDataset
from netgain.experiment.study import Study
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.networks.families.rnn import RNN
from netgain.report.page import render
from netgain.report.string_galleries import shows_strings, string_sections, wrong_strings, wrong_strings_table
from netgain.runs.record import RunResult, RunStatus
from netgain.tasks.reading.edits import edit_distances
from netgain.tasks.reading.recipe import Reader

TEXTS = ["12", "3", "44", "5", "21"]
READ = (
    ("12", "1", "4", "5", ""),
    ("12", "2", "4", "5", "2"),
    ("12", "2", "4", "5", "1"),
)
"""What each of three readers reads."""


@pytest.fixture
def result() -> StudyResult:
    images = np.random.default_rng(0).integers(0, 256, (len(TEXTS), 32, 60), dtype=np.uint8)
    data = StringDataset(images, TEXTS, images, TEXTS, widths_test=[20, 30, 40, 50, 60], name="few")

    def run(seed: int, read: tuple[str, ...]) -> RunResult:
        labels = np.array([[data.alphabet.index(character) + 1 for character in text] + [0] * (3 - len(text))
                           for text in read], np.int8)  # fmt: skip
        edits = edit_distances(labels, data.y_test)
        return RunResult(
            recipe_digest="", seed=seed, dataset_digest=data.digest, engine_version="1", status=RunStatus.FINISHED,
            right=edits == 0, run_seconds=1.0, num_parameters=7,
            history={"train": {"loss": [2.0, 1.0], "accuracy": [0.1, 0.2]}},
            arrays={"test_answers": labels, "test_edits": edits.astype(np.int16), "train_right": edits == 0},
        )  # fmt: skip

    baseline = Reader(dataset=data, network=FixedSlots(slots=3))
    study = Study("reading", question="Which reads better?", baseline=baseline,
                  arms={"GRU": baseline.change("network", RNN(cell="gru"))})  # fmt: skip
    perfect = [run(seed, tuple(TEXTS)) for seed in range(3)]
    read = [run(seed, each) for seed, each in enumerate(READ)]
    return StudyResult(study=study, data=data, runs={"baseline": read, "GRU": perfect}, num_trained=0, seconds=0.0)


def test_those_on_which_most_networks_agree_come_first(result: StudyResult) -> None:
    shown = wrong_strings(result, "baseline", 10)
    assert [(one.text, one.answer, one.edits, one.num_same, one.num_wrong) for one in shown] == [
        ("44", "4", 1, 3, 3),
        ("3", "2", 1, 2, 3),
        ("21", "nothing", 2, 1, 3),
    ]
    assert wrong_strings(result, "baseline", 1) == shown[:1]
    assert list(wrong_strings_table(shown)["string"]) == [2, 1, 4]
    assert wrong_strings(result, "GRU", 10) == []


def test_a_picture_ends_where_its_string_does(result: StudyResult) -> None:
    first = wrong_strings(result, "baseline", 1)[0]
    assert Image.open(io.BytesIO(base64.b64decode(first.picture.partition(",")[2]))).size == (40, 32)


def test_the_page_speaks_of_strings_and_of_no_classes(result: StudyResult) -> None:
    page = html.unescape(render([result]))
    assert "baseline: test strings read wrongly" in page
    assert "3 of 5, on average over the seeds" in page
    assert "44 → 4</b><br>1 edit, 3/3" in page
    assert "No test string is read wrongly by any of the networks." in page
    for other in ("Confusion matrix", "Digits fixed and broken", "test image", "Wrong digits"):
        assert other not in page, other


def test_a_study_of_images_has_no_strings(make_result) -> None:
    assert not shows_strings(make_result())
    assert string_sections(make_result(), 10) == []
