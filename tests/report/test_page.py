import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.errors import OutputError
from netgain.report.galleries import data_url, wrong_images
from netgain.report.page import render
from netgain.result import RunStatus


def test_the_page_opens_without_a_network(make_result) -> None:
    page = render(make_result())
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert "@import" not in page
    assert len(page) < 5_000_000


def test_the_page_holds_verdict_charts_changes_and_wrong_images(make_result) -> None:
    page = render(make_result())
    assert "Does a wider layer help?" in page
    assert ">BETTER<" in page
    assert "network.hidden" in page
    assert page.count('vegaEmbed("#') == 2
    assert page.count('<img src="data:') == 80
    assert page.count('alt="test image') == 80


def test_what_a_user_writes_is_text_and_not_markup(make_result) -> None:
    from dataclasses import replace

    from netgain.study import Study

    result = make_result()
    study = Study(**{**result.study._values(), "question": "Is <script>alert(1)</script> better?"})
    page = render(replace(result, study=study))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("statuses", [(RunStatus.FAILED,), (RunStatus.DIVERGED,)])
def test_runs_that_went_wrong_do_not_break_the_page(make_result, statuses) -> None:
    assert "wider: 1 of 5 runs" in render(make_result(statuses=statuses))


def test_one_seed_and_no_wrong_image(make_result) -> None:
    page = render(make_result(seeds=1, baseline=1.0, arm=1.0))
    assert "No test image is wrong" in page
    assert "nan" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL).lower().split()


def test_wrong_images_are_wrong_and_those_most_agree_on_come_first(make_result) -> None:
    result = make_result()
    shown = wrong_images(result, "baseline", 50)
    counts = (~result.right("baseline")).sum(axis=0)
    assert [image.num_wrong for image in shown] == sorted(counts, reverse=True)[:50]
    first = shown[0]
    assert first.num_wrong == counts[first.number]
    assert first.label == str(result.dataset.y_test[first.number])
    assert first.predicted == str((result.dataset.y_test[first.number] + 1) % 10)


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_the_images(channels: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 4, channels), dtype=np.uint8)
    png = base64.b64decode(data_url(image).partition(",")[2])
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png))).reshape(image.shape), image)


def test_a_page_that_cannot_be_written_leaves_nothing_behind(make_result, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written to"):
        make_result().report(tmp_path / "nowhere" / "page.html")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(OutputError, match=r"folder\.html"):
        make_result().report(tmp_path / "folder.html")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_writing_replaces_the_page_at_once(make_result, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("old")
    make_result().report(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text().startswith("<!DOCTYPE html>")
    assert len(list(tmp_path.iterdir())) == 1
