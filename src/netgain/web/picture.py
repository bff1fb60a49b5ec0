"""A picture as the browser sends it."""

from __future__ import annotations

import base64
import binascii

from netgain.errors import DataError

MOST_CHARACTERS = 36_000_000


def bytes_of(content: str) -> bytes:
    """The file in a data URL.

    Raises:
        DataError: if it is too large, or no data URL.
    """
    if len(content) > MOST_CHARACTERS:
        raise DataError(f"the file is larger than {MOST_CHARACTERS * 3 // 4_000_000} megabytes: save the photo smaller")
    _, found, text = content.partition("base64,")
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not found or not decoded:
        raise DataError("this is not an image; choose a photo in a common format, such as PNG or JPEG")
    return decoded
