"""The tab Fractions: what is dropped, what is refused, and what is shown."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from netgain.data import ImageForm, load_dataset
from netgain.data.shifts import Fixed, Shift
from netgain.errors import DataError
from netgain.web import upload
from netgain.web.fractions import DROPPED, FAVOURITE, UNEQUAL, estimate, fractions_view
from netgain.web.shelf import Shelf
from netgain.web.upload import MOST_FILES, files_in, uploaded_sample

from .conftest import Watched, open_tab

MNIST = load_dataset("mnist")
FORM, NAMES = ImageForm.of(MNIST), MNIST.class_names


def as_text(files: dict[str, bytes]) -> str:
    """Files as the browser sends them."""
    return json.dumps([{"path": path, "data": base64.b64encode(content).decode()} for path, content in files.items()])


def png(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(MNIST.x_test[number, :, :, 0]).save(buffer, "png")
    return buffer.getvalue()


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def last(shelf: Shelf, text: str, sample: str = DROPPED) -> str:
    """What the tab shows at last."""
    return list(estimate(shelf, text, sample, FAVOURITE, "population"))[-1][0]


@pytest.fixture(scope="module")
def shelf(digit_store: Path) -> Shelf:
    return Shelf(str(digit_store), {}, read_only=True)


def test_dropped_folders_are_samples(shelf: Shelf) -> None:
    flat = uploaded_sample(as_text({f"mine/{number}.png": png(number) for number in range(12)}), FORM, NAMES)
    assert (len(flat), flat.labels) == (12, None)
    np.testing.assert_array_equal(flat.images, MNIST.x_test[:12])
    files = {f"mine/{MNIST.y_test[number]}/{number}.png": png(number) for number in range(12)}
    hidden = {"mine/.DS_Store": b"", "mine/7/Thumbs.db": b"", "mine/.git/x.png": b""}
    by_class = uploaded_sample(as_text(files | hidden), FORM, NAMES)
    np.testing.assert_array_equal(by_class.labels, MNIST.y_test[:12])  # pyright: ignore


def test_what_the_page_does_not_take_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "nonsense": "these are not files",
        "[]": "there are no files",
        as_text({"a.txt": b"I am not an image"}): r"'a\.txt' cannot be read as an image",
        as_text({"a.npz": npz(images=MNIST.x_test[:20]), "b.png": png(0)}): "expected that alone, or pictures alone",
        as_text({"d/1/a.png": png(0), "d/b.png": png(1)}): "at different depths",
        as_text({"a.npz": b"PK"}): r"'a\.npz' is not an \.npz file",
        as_text({"a.npz": npz(images=MNIST.x_test[:20, :9])}): "have the shape 9x28x1",
        as_text({f"{number}.png": b"" for number in range(MOST_FILES + 1)}): "takes at most 5,000 files",
    }
    for text, words in wrong.items():
        with pytest.raises(DataError, match=words) as error:
            uploaded_sample(text, FORM, NAMES)
        assert "\n" not in str(error.value)
    monkeypatch.setattr(upload, "MOST_BYTES", 2000)
    with pytest.raises(DataError, match="are larger than"):
        files_in(as_text({"a.png": bytes(5000)}))


def test_a_file_that_unpacks_to_more_than_the_memory_is_refused_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = npz(images=np.zeros((3000, 28, 28), np.uint8))
    assert len(bomb) < 20_000
    monkeypatch.setattr(upload, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(DataError, match="unpacks to 2 MB; the page takes at most 1 MB"):
        uploaded_sample(as_text({"bomb.npz": bomb}), FORM, NAMES)
    monkeypatch.setattr(upload, "MOST_IMAGES", 100)
    with pytest.raises(DataError, match="has 200 images; the page takes at most 100"):
        uploaded_sample(as_text({"many.npz": npz(images=MNIST.x_test[:200])}), FORM, NAMES)
    buffer, header = io.BytesIO(), io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (10**9, 28, 28)})
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("images.npy", header.getvalue() + bytes(100))
    with pytest.raises(DataError, match="is damaged .the array images is incomplete"):
        uploaded_sample(as_text({"liar.npz": buffer.getvalue()}), FORM, NAMES)


def test_an_upload_is_estimated_against_the_test_images(shelf: Shelf) -> None:
    said = last(shelf, as_text({"mine.npz": npz(images=MNIST.x_train[30_000:30_300])}))
    assert 'data-fractions="300"' in said
    assert "Class fractions of the 300 images in &#x27;mine.npz&#x27;" in said
    assert "Templates: the 10,000 test images of mnist" in said
    assert "<th" in said
    own = last(shelf, as_text({"mine.npz": npz(images=MNIST.x_test[:300])}))
    assert "300 of the 300 images in &#x27;mine.npz&#x27; are templates too" in own


def test_a_dataset_is_divided_between_sample_and_templates(shelf: Shelf) -> None:
    steps = list(estimate(shelf, "", f"mnist{UNEQUAL}", FAVOURITE, "sample"))
    assert [step[0].count('role="progressbar"') for step in steps] == [1, 1, 1, 0]
    said, result = steps[-1]
    assert "the other half of the 10,000 test images of mnist" in said
    assert result.truth[9] > 5 * result.truth[0]
    assert "Target: sample" in said
    assert "Target: population" in fractions_view(result, "population")


def test_a_nuisance_is_fitted_and_a_wrong_one_is_said(shelf: Shelf) -> None:
    turned = Shift("rotation", Fixed(6.0)).apply(MNIST.x_train[30_000:30_300], 6.0)
    given = shelf, as_text({"mine.npz": npz(images=turned)}), DROPPED, FAVOURITE, "population"
    said, result = list(estimate(*given, "rotation=N(0,10)"))[-1]
    assert "rotation" in said
    assert result.amounts[0] == pytest.approx(6, abs=3)
    for wrong, words in {"rotation=6": "has no width", "turn=N(0,1)": "there is no shift"}.items():
        (refused, nothing), *more = estimate(*given, wrong)
        assert words in refused
        assert (nothing, more) == (None, [])


def test_nothing_to_estimate_is_said(shelf: Shelf, tmp_path: Path) -> None:
    assert "There is no sample" in last(shelf, "")
    assert "The store has no network" in last(Shelf(str(tmp_path / "none.db"), {}), as_text({"a.png": png(0)}))


def test_a_file_is_chosen_and_its_fractions_appear(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    open_tab(page, "Fractions")
    (tmp_path / "mine.npz").write_bytes(npz(images=MNIST.x_train[30_000:30_200]))
    page.set_input_files("#drop input.files", tmp_path / "mine.npz")
    expect(page.locator("#drop .said")).to_contain_text("mine.npz")
    page.locator("#estimate").click()
    expect(page.locator("#fractions [data-fractions='200']")).to_be_visible(timeout=60_000)
    expect(page.locator("#fractions .netgain-chart svg").first).to_be_visible(timeout=30_000)
    page.get_by_label("these images").click()
    expect(page.locator("#fractions")).to_contain_text("Target: sample", timeout=30_000)
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?tab=fractions&target=sample")
    (tmp_path / "bad.npz").write_text("nothing")
    page.set_input_files("#drop input.files", tmp_path / "bad.npz")
    expect(page.locator("#drop .said")).to_contain_text("bad.npz")
    page.locator("#estimate").click()
    expect(page.locator("#fractions .problem")).to_contain_text("is not an .npz file", timeout=30_000)
