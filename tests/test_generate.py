"""`ng.generate`: images in one line, which show themselves and can be kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.generators import generator_bytes

import netgain as ng


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("generators") / "generator.keras"
    path.write_bytes(generator_bytes())
    return path


def test_images_come_in_equal_shares_or_of_one_class(generator: Path) -> None:
    made = ng.generate(generator, 30)
    assert (made.images.shape, made.images.dtype, len(made)) == ((30, 8, 8, 1), np.uint8, 30)
    assert made.labels is not None
    assert np.bincount(made.labels).tolist() == [3] * 10
    sevens = ng.generate(str(generator), 5, digit=7)
    assert sevens.labels is not None
    assert sevens.labels.tolist() == [7] * 5
    assert (sevens.images != ng.generate(generator, 5, digit=7, seed=1).images).any()
    np.testing.assert_array_equal(sevens.images, ng.generate(generator, 5, digit="7").images)


def test_they_show_themselves(generator: Path, tmp_path: Path) -> None:
    made = ng.generate(generator, 30)
    assert repr(made) == "<Generated: 30 images of 8x8 pixels by generator.keras, seed 0, 10 classes>"
    assert made._repr_html_().count("<img") == 30
    assert "class 7" in repr(ng.generate(generator, 1, digit=7))
    assert made.save(tmp_path / "all.png") == tmp_path / "all.png"


def test_a_stranger_s_class_names_lead_out_of_no_folder(tmp_path: Path) -> None:
    names = ("../out", "b")
    (tmp_path / "g.keras").write_bytes(generator_bytes(class_names=names))
    made = ng.generate(tmp_path / "g.keras", 4)
    made.save(tmp_path / "in")
    assert sorted(folder.name for folder in (tmp_path / "in").iterdir()) == ["0 __out", "1 b"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("number", "digit", "said"), [(0, None, "1 or more"), (5, "x", "no class 'x'")])
def test_what_cannot_be_is_refused(generator: Path, number: int, digit: str | None, said: str) -> None:
    with pytest.raises(ng.NetgainError, match=said):
        ng.generate(generator, number, digit)
