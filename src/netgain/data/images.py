"""Turns image files of any kind into uint8 arrays."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgain.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

DEEP_MODES = ("I", "F")  # Pillow's modes of more than 8 bits a pixel begin so
PHOTOS_WITH_PREVIEWS = "MPO"  # Pillow's name for a camera's JPEG that also holds small copies of the photo

ColorMode = Literal["grayscale", "rgb"]


def read_image(source: str | Path | bytes, image_shape: tuple[int, int, int]) -> np.ndarray:
    """One image, converted and stretched to the shape that a network takes: uint8 `[H, W, C]`.

    What is transparent becomes white, and a photo is turned the way its camera says. Of a file with several
    frames or pages (an animated GIF, a TIFF of many pages) the first is read.

    Args:
        source: the image's file, or the bytes of one.
        image_shape: height, width and channels (1 for grey, 3 for colour).

    Raises:
        DataError: for a file that is missing or is not an image.

    >>> from PIL import Image
    >>> buffer = io.BytesIO()
    >>> Image.new("RGB", (280, 280), "white").save(buffer, "png")
    >>> read_image(buffer.getvalue(), (28, 28, 1)).shape
    (28, 28, 1)
    """
    height, width, channels = image_shape
    if isinstance(source, bytes):
        image, _ = decode_first(source, "the bytes given")
    else:
        image, _ = decode_first(read_file(Path(source).expanduser()), repr(str(source)))
    return to_array(resize(image.convert("L" if channels == 1 else "RGB"), (height, width)))


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        DataError: where it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {str(path)!r} ({error.strerror}): give the path of an image file") from error


def decode_first(content: bytes, label: str, largest_side: int | None = None) -> tuple[Image.Image, bool]:
    """An image in Pillow's mode "L" or "RGB", and whether the file has more frames or pages than this first one.

    `label` is what an error calls it. It keeps its own size, or is scaled down until its longer side is
    `largest_side`; a large JPEG is then decoded small, which is much quicker.

    Raises:
        DataError: for bytes that are not an image, or one that is too large or has more than 8 bits per pixel.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as opened:
            has_more = opened.format != PHOTOS_WITH_PREVIEWS and getattr(opened, "is_animated", False)
            if largest_side:
                opened.draft(None, (largest_side, largest_side))
                opened.thumbnail((largest_side, largest_side), Image.Resampling.BOX)
            opened.load()
            image = ImageOps.exif_transpose(opened)
    except Exception as error:  # Pillow's decoders raise anything at all on a broken file
        raise _not_decoded(label, error) from error
    if image.mode.startswith(DEEP_MODES):
        raise DataError(
            f"{label} has more than 8 bits per pixel (Pillow's mode {image.mode!r}), expected 8: choose which "
            "part of the range to keep and save it again, e.g. Image.fromarray((np.asarray(image) // "
            "256).astype('uint8'))"
        )
    return _without_transparency(image), has_more


def _not_decoded(label: str, error: Exception) -> DataError:
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, Image.DecompressionBombError):
        size, limit = (int(number) / 1e6 for number in re.findall(r"\d+", str(error))[:2])
        return DataError(
            f"{label} has {size:.4g} million pixels, more than the {limit:.4g} million that Pillow opens (a larger "
            "file could fill the memory): scale it down with another program, or remove it"
        )
    reason = "unknown kind of image" if isinstance(error, UnidentifiedImageError) else error
    return DataError(
        f"{label} cannot be read as an image ({reason}): it is damaged, incomplete or of a kind that "
        "Pillow does not know; repair it, save it as PNG, or remove it"
    )


def is_grey(image: Image.Image) -> bool:
    """Whether an image of mode "L" or "RGB" shows no colour, however it was saved."""
    if image.mode == "L":
        return True
    pixels = np.asarray(image)
    return bool((pixels == pixels[..., :1]).all())


def resize(image: Image.Image, image_size: tuple[int, int]) -> Image.Image:
    """An image stretched to (height, width), each new pixel an average of the old ones it covers."""
    from PIL import Image

    height, width = image_size
    return image.resize((width, height), Image.Resampling.BILINEAR)


def to_array(image: Image.Image) -> np.ndarray:
    """Uint8 `[H, W, C]` of an image of mode "L" or "RGB"."""
    pixels = np.asarray(image)
    return pixels[..., np.newaxis] if pixels.ndim == 2 else pixels


def _without_transparency(image: Image.Image) -> Image.Image:
    from PIL import Image

    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
