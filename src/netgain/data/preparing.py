"""Makes of any picture what a network takes: the same for the command line, the page and a program of your own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from netgain.data.centring import BOX, MORE_FRAMES, SIDE, centred_digit, picture_size
from netgain.data.dataset import Dataset
from netgain.data.images import decode_first, resize, to_array
from netgain.errors import DataError

MNIST_BOX = BOX / SIDE
"""Of the image's side: the longer side of MNIST's digits."""

DARK = 25
"""Grey values up to here are black."""

FLAT = 25
"""A picture whose grey values lie within this range shows nothing."""

UNLIKE = 64
"""Grey levels by which a picture's border lies outside of what the training images have."""


@dataclass(frozen=True, kw_only=True)
class ImageForm:
    """How the images were made that a network was trained on: a picture must be made the same way.

    Attributes:
        image_shape: height, width and channels.
        digit_box: of centred digits, white on black, the longer side as a share of the image's side: 20/28 for
            MNIST's. None for all other images, which are converted and stretched as they are.
        border: the lowest and the highest mean grey value, 0..255, of the border of training images that are not
            centred digits, without the outermost percent at each end. None where it is not known.
    """

    image_shape: tuple[int, int, int]
    digit_box: float | None = None
    border: tuple[float, float] | None = None

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """The form of a dataset's images.

        >>> from netgain.data import load_dataset
        >>> ImageForm.of(load_dataset("digits"))
        ImageForm(image_shape=(8, 8, 1), digit_box=1.0, border=None)
        """
        if dataset.digit_box is not None:
            return cls(image_shape=dataset.image_shape, digit_box=dataset.digit_box)
        low, high = np.percentile(_border_means(dataset.x_train), [1, 99])
        return cls(image_shape=dataset.image_shape, border=(float(low), float(high)))


class Prepared(NamedTuple):
    """A picture as the network takes it.

    Attributes:
        image: uint8 `[H, W, C]`.
        doubts: reasons, in words, why the answer to it may be wrong; empty where there are none.
    """

    image: np.ndarray
    doubts: tuple[str, ...]


def prepare_image(content: bytes, form: ImageForm, angle: float = 0.0, label: str = "the picture") -> Prepared:
    """A picture made into what a network was trained on.

    As a centred digit it is cut out of its background, turned to white on black, scaled and centred, unless it is such
    an image already; all other pictures are converted to grey or colour and stretched to the size.

    Args:
        content: the bytes of an image file.
        form: of the images that the network was trained on.
        angle: degrees by which a digit is turned first, counter-clockwise.
        label: what an error calls the picture.

    Raises:
        DataError: for bytes that are not an image, a picture that is too large, and, as a digit, one that is blank.

    >>> import io
    >>> from PIL import Image
    >>> buffer = io.BytesIO()
    >>> Image.new("RGB", (300, 200), "orange").save(buffer, "png")
    >>> prepared = prepare_image(buffer.getvalue(), ImageForm(image_shape=(32, 32, 3)))
    >>> prepared.image.shape, prepared.doubts
    ((32, 32, 3), ('it shows nothing: all its pixels are nearly equal',))
    """
    height, width, channels = form.image_shape
    if form.digit_box is None:
        if angle:
            raise DataError(f"only centred digits can be turned; received angle={angle:g} for other images")
        return _stretched(content, form, label)
    if not angle and picture_size(content) == (width, height):
        picture, has_more = decode_first(content, label)
        image = np.asarray(picture.convert("L"))
        if _is_centred(image, form.digit_box):
            return Prepared(np.repeat(image[..., np.newaxis], channels, axis=2), (MORE_FRAMES,) if has_more else ())
    digit, doubts = centred_digit(content, round(SIDE * form.digit_box), angle, label)
    return Prepared(np.repeat(_sized(digit, height, width)[..., np.newaxis], channels, axis=2), doubts)


def _stretched(content: bytes, form: ImageForm, label: str) -> Prepared:
    height, width, channels = form.image_shape
    picture, has_more = decode_first(content, label)
    image = to_array(resize(picture.convert("L" if channels == 1 else "RGB"), (height, width)))
    doubts = [MORE_FRAMES] if has_more else []
    if np.ptp(image.reshape(-1, channels), axis=0).max() < FLAT:
        doubts.append("it shows nothing: all its pixels are nearly equal")
    elif form.border is not None:
        low, high = form.border
        grey = _border_means(image[np.newaxis])[0]
        if not low - UNLIKE <= grey <= high + UNLIKE:
            doubts.append(
                f"its border has a mean grey value of {grey:.0f}, but the borders of the training images have "
                f"{low:.0f} to {high:.0f}: prepare it as they were prepared, or as a digit if they are centred digits"
            )
    return Prepared(image, tuple(doubts))


def _is_centred(image: np.ndarray, digit_box: float) -> bool:
    """Whether an image `[H, W]` is as training images of centred digits are: to a pixel in size and place."""
    rows, columns = np.nonzero(image)
    if not len(rows) or np.median(_border(image[np.newaxis])) > DARK:
        return False
    longer_side = max(np.ptp(rows), np.ptp(columns)) + 1
    centre = [np.average(places, weights=image) + 0.5 for places in np.indices(image.shape)]
    off_centre = np.abs(np.subtract(centre, np.divide(image.shape, 2)))
    return bool(abs(longer_side - digit_box * max(image.shape)) < 1.5 and off_centre.max() <= 1)


def _sized(digit: np.ndarray, height: int, width: int) -> np.ndarray:
    from PIL import Image

    return digit if digit.shape == (height, width) else np.asarray(Image.fromarray(digit).resize((width, height)))


def _border_means(images: np.ndarray) -> np.ndarray:
    """The mean grey value of the outermost pixels of images `[N, H, W, C]`, float64 `[N]`."""
    return _border(images).mean(axis=1)


def _border(images: np.ndarray) -> np.ndarray:
    """The outermost pixels of images `[N, H, W, ...]`, `[N, pixels]`; those of the corners twice."""
    sides = (images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1])
    return np.concatenate([side.reshape(len(images), -1) for side in sides], axis=1)
