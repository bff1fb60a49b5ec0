"""What a notebook shows of a dataset."""

import base64
import io
import re

import numpy as np
from PIL import Image

from netgain.data import Dataset, load_dataset
from netgain.data.samples import MOST_PIXELS, MOST_SHOWN


def pictures(html: str) -> list[Image.Image]:
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in re.findall(r"base64,([^\"]+)", html)]


def test_a_dataset_shows_its_sizes_and_a_test_image_of_each_class() -> None:
    digits = load_dataset("digits")
    html = digits._repr_html_()
    assert repr(digits).replace("'", "&#x27;") in html
    first = np.array(pictures(html)[3])
    assert (first == digits.x_test[digits.y_test == 3][0, :, :, 0]).all()
    assert len(pictures(html)) == 10
    count = f"<td>3</td><td>{(digits.y_train == 3).sum()}</td><td>{(digits.y_test == 3).sum()}</td>"
    assert count in html


def test_large_images_and_many_classes_do_not_make_a_large_notebook() -> None:
    images, labels = np.full((30, 250, 100, 3), 255, np.uint8), np.arange(30) % 15
    html = Dataset(images, labels, images[:14], labels[:14], class_names=[f"<{k}>" for k in range(15)])._repr_html_()
    assert {picture.size for picture in pictures(html)} == {(34, 84)}
    assert max(pictures(html)[0].size) <= MOST_PIXELS
    assert len(pictures(html)) == MOST_SHOWN
    assert "And 3 more classes." in html
    assert "<0>" not in html


def test_a_class_without_a_test_image_has_no_picture() -> None:
    images = np.full((4, 8, 8), 255, np.uint8)
    assert len(pictures(Dataset(images, [0, 1, 2, 0], images[:2], [0, 2])._repr_html_())) == 2


def test_a_validation_part_is_counted() -> None:
    images = np.full((4, 8, 8), 255, np.uint8)
    dataset = Dataset(images, [0, 1, 0, 0], images[:2], [0, 1], x_validation=images[:3], y_validation=[1, 1, 0])
    assert "<td>0</td><td>3</td><td>1</td><td>1</td>" in dataset._repr_html_()
