"""Makes of any picture of a line of writing what a reader takes: the same for all ways to ask it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from netgain.data.centring import MORE_FRAMES, small_grey
from netgain.data.preparing import DARK, Prepared
from netgain.data.strings.dataset import StringDataset
from netgain.data.strings.drawing import INK
from netgain.errors import DataError

WORKING_SIDE = 900
"""A photo is brought to this size at most before anything is looked for in it."""

MEASURED = 200
"""Training images that a form is measured on."""

MAGNIFIED = 4
"""Strokes of few pixels are measured at so many times their size."""


@final
@dataclass(frozen=True, kw_only=True)
class LineForm:
    """How the images were made that a reader was trained on: a picture must be made the same way. All in pixels.

    The defaults are those of "digit-strings", without filling up.

    Attributes:
        height: of the images.
        width: of the training images, to which shorter ones are filled up; a longer one stays longer.
        top, bottom: the first row with ink and the one after the last, as in the typical training image.
        margin: columns before the first ink and after the last.
        stroke: the typical width of a stroke.
        takes_longer: whether the reader takes images wider than `width`; else a longer line is squeezed.
    """

    height: int = 32
    width: int = 1
    top: int = 4
    bottom: int = 27
    margin: int = 4
    stroke: float = 2.7
    takes_longer: bool = True

    @classmethod
    def of(cls, dataset: StringDataset, *, takes_longer: bool = True) -> Self:
        """The form of a dataset's images: medians over its first training images.

        >>> from netgain.data import load_strings
        >>> form = LineForm.of(load_strings("digit-strings"))
        >>> form.height, form.top, form.bottom, form.margin
        (32, 4, 27, 4)
        """
        from netgain.data.strings.placing import stroke_width

        height, width, _ = dataset.image_shape
        images = [
            image[:, :columns, 0]
            for image, columns in zip(dataset.x_train[:MEASURED], dataset.widths_train, strict=False)
        ]
        inked = [image for image in images if image.max() >= INK]
        if not inked:
            return cls(height=height, width=width, takes_longer=takes_longer)
        boxes = np.array([_box(image >= INK) for image in inked])
        top, bottom, left = (round(float(edge)) for edge in np.median(boxes[:, :3], axis=0))
        stroke = float(np.median([stroke_width(image / 255, MAGNIFIED) for image in inked]))
        return cls(
            height=height, width=width, top=top, bottom=bottom, margin=left, stroke=round(stroke, 2),
            takes_longer=takes_longer,
        )  # fmt: skip


def prepare_line(content: bytes, form: LineForm, label: str = "the picture") -> Prepared:
    """A picture of a line of writing made into what a reader was trained on, uint8 `[H, W, 1]`, white on black.

    The line is cut out of its background, drawn or photographed, dark on a pale background or light on a dark one;
    rules of the paper are taken out, writing that climbs is made level, and thin strokes are made as wide as those of
    the training images. An image that is like them already stays as it is.

    Args:
        content: the bytes of an image file.
        form: of the images that the reader was trained on.
        label: what an error calls the picture.

    Raises:
        DataError: for bytes that are not an image, more than 80 megapixels, or a picture with nothing written on it.

    >>> import io
    >>> from PIL import Image
    >>> buffer = io.BytesIO()
    >>> picture = Image.new("L", (300, 100), 255)
    >>> picture.paste(0, (60, 20, 70, 80))
    >>> picture.paste(0, (160, 20, 170, 80))
    >>> picture.save(buffer, "png")
    >>> prepared = prepare_line(buffer.getvalue(), LineForm(width=100))
    >>> prepared.image.shape, prepared.doubts
    ((32, 100, 1), ())
    """
    grey, has_more = small_grey(content, label, WORKING_SIDE)
    more = (MORE_FRAMES,) if has_more else ()
    if _is_prepared(np.rint(255 * grey), form):
        return _filled_up(np.rint(255 * grey).astype(np.uint8), form, more)
    # They need SciPy, which takes its time to start.
    from netgain.data.ink import raw_ink, without_paper
    from netgain.data.strings.placing import scaled_line
    from netgain.data.strings.rules import without_rules
    from netgain.data.strings.writing import cut_line

    amount, contrast = raw_ink(grey)
    line, doubts = cut_line(without_paper(without_rules(amount)), contrast)
    if not line.size:
        raise DataError(
            f"nothing on {label} differs from its background: write on it first, with strokes that are narrower than "
            "a third of the picture"
        )
    image = scaled_line(line, form.bottom - form.top, form.stroke)
    below = form.height - form.bottom
    return _filled_up(np.pad(image, ((form.top, below), (form.margin, form.margin))), form, doubts + more)


def _is_prepared(grey: np.ndarray, form: LineForm) -> bool:
    """Whether a picture `[h, w]` is as the training images are: as high, white on black, and not written larger."""
    if grey.shape[0] != form.height or grey.shape[1] < 2 or grey.max() < INK:
        return False
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    top, bottom, *_ = _box(grey >= INK)
    return bool(np.median(border) <= DARK) and bottom - top <= 1.35 * (form.bottom - form.top)


def _filled_up(image: np.ndarray, form: LineForm, doubts: tuple[str, ...]) -> Prepared:
    from PIL import Image

    width = image.shape[1]
    if width > form.width and not form.takes_longer:
        image = np.asarray(Image.fromarray(image).resize((form.width, form.height), Image.Resampling.BOX))
        doubts += (
            f"the line is {width} pixels long at the size of the training images, which have {form.width}, and this "
            "network takes no longer ones: it was squeezed",
        )
    return Prepared(np.pad(image, ((0, 0), (0, max(0, form.width - width))))[..., np.newaxis], doubts)


def _box(is_ink: np.ndarray) -> tuple[int, int, int, int]:
    """The first row, the one after the last, the first column and the one after the last of bool `[h, w]`."""
    rows, columns = np.flatnonzero(is_ink.any(axis=1)), np.flatnonzero(is_ink.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
