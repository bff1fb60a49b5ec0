"""Galleries: which images they show, and what stands below them."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from netgain.data.samples import data_url, png
from netgain.report.galleries import changed_images, wrong_images, wrong_images_table
from netgain.runs.record import RunStatus


def test_wrong_images_are_wrong_and_those_most_agree_on_come_first(make_result) -> None:
    result = make_result()
    shown = wrong_images(result, "baseline", 50)
    counts = (~result.right("baseline")).sum(axis=0)
    assert [image.num_wrong for image in shown] == sorted(counts, reverse=True)[:50]
    first = shown[0]
    assert first.num_wrong == counts[first.number]
    assert first.rate == first.num_wrong / 5
    assert first.label == str(result.dataset.y_test[first.number])
    assert first.predicted == str((result.dataset.y_test[first.number] + 1) % 10)
    assert list(wrong_images_table(shown)["image"]) == [image.number for image in shown]


def test_changed_images_say_what_changed_and_how_often(make_result) -> None:
    result = make_result(baseline=0.02, arm=0.98)
    changes = changed_images(result, "wider", "baseline", 10)
    assert changes.beyond_chance
    assert changes.num_fixed > 10
    assert len(changes.fixed) == 10
    first = changes.fixed[0]
    assert first.wrong_before == (~result.right("baseline"))[:, first.number].sum()
    assert first.wrong_after == (~result.right("wider"))[:, first.number].sum()
    assert first.wrong_before > first.wrong_after
    assert first.predicted == str((result.dataset.y_test[first.number] + 1) % 10)
    assert list(changes.frame()["change"]) == ["fixed"] * 10 + ["broken"] * len(changes.broken)
    assert "picture" not in changes.frame()


def test_what_chance_explains_is_shown_as_such(make_result) -> None:
    changes = changed_images(make_result(seeds=2, baseline=0.9, arm=0.91), "wider", "baseline", 5)
    assert not changes.beyond_chance
    assert changes.num_fixed == 0
    assert len(changes.fixed) == 5


def test_nothing_to_fix_and_nothing_broken(make_result) -> None:
    result = make_result(baseline=1.0, arm=1.0)
    changes = changed_images(result, "wider", "baseline", 5)
    assert (changes.fixed, changes.broken) == ([], [])
    assert wrong_images(result, "wider", 5) == []


def test_a_diverged_network_gives_no_answer(make_result) -> None:
    result = make_result(seeds=1, arm=1.0, statuses=(RunStatus.DIVERGED,))
    run = replace(result.runs["wider"][0], arrays={"test_scores": np.full((360, 10), np.nan, np.float32)})
    shown = wrong_images(replace(result, runs={**result.runs, "wider": [run]}), "wider", 400)
    assert {image.predicted for image in shown} <= {"no answer", "0"}


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_the_images(channels: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 4, channels), dtype=np.uint8)
    assert base64.b64decode(data_url(image).partition(",")[2]) == png(image)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png(image)))).reshape(image.shape), image)
