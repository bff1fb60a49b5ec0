import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.data import read_image
from netgain.data.images import decode_first
from netgain.errors import DataError


def png(image: Image.Image, kind: str = "png", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_mode(mode: str, channels: int) -> None:
    image = read_image(png(Image.new("L", (30, 20), 255).convert(mode)), (28, 14, channels))
    assert image.shape == (28, 14, channels)
    assert image.dtype == np.uint8
    assert image.min() == 255


def test_a_file_of_the_right_size_is_kept_bit_by_bit(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    path = tmp_path / "a.png"
    path.write_bytes(png(Image.fromarray(pixels)))
    np.testing.assert_array_equal(read_image(path, (5, 7, 3)), pixels)
    np.testing.assert_array_equal(read_image(str(path), (5, 7, 3)), pixels)


def test_other_kinds_of_files() -> None:
    image = Image.new("CMYK", (8, 8), (0, 0, 0, 255))
    assert read_image(png(image, "jpeg"), (8, 8, 1)).max() < 10
    assert read_image(png(Image.new("RGB", (8, 8), "red"), "gif"), (8, 8, 3))[0, 0].tolist() == [255, 0, 0]


def test_transparent_is_white_however_it_is_told() -> None:
    drawing = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    drawing.putpixel((1, 2), (0, 0, 0, 255))
    pixels = read_image(png(drawing), (4, 4, 1))[..., 0]
    assert pixels[2, 1] == 0
    assert pixels.sum() == 15 * 255
    palette = Image.new("P", (2, 2), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    assert read_image(png(palette, transparency=0), (2, 2, 1)).min() == 255
    assert read_image(png(palette, transparency=b"\x00\xff"), (2, 2, 3)).min() == 255
    assert read_image(png(Image.new("L", (2, 2), 9), transparency=9), (2, 2, 1)).min() == 255


@pytest.mark.parametrize(("mode", "kind"), [("LA", "png"), ("LA", "tga"), ("RGBA", "webp")])
def test_transparent_is_white_in_every_mode(mode: str, kind: str) -> None:
    content = png(Image.new("LA", (4, 4), (0, 0)).convert(mode), kind, **({"lossless": True} if kind == "webp" else {}))
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.mode == mode
    assert read_image(content, (4, 4, 3)).min() == 255


def test_transparent_is_white_in_a_palette_of_colours() -> None:
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    image = palette.convert("PA")
    image.putalpha(0)
    content = png(image, "im")
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.mode == "PA"
    assert read_image(content, (4, 4, 3)).min() == 255


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_what_is_decoded_is_grey_or_rgb(mode: str) -> None:
    image, has_more = decode_first(png(Image.new("L", (3, 2), 255).convert(mode)), "it")
    assert image.mode == ("L" if mode in ("1", "L") else "RGB")
    assert not has_more


def test_a_large_picture_becomes_the_mean_of_its_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8)
    image, _ = decode_first(png(Image.fromarray(pixels)), "it", largest_side=30)
    means = pixels.reshape(20, 2, 30, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(np.asarray(image), means, atol=1)
    assert decode_first(png(Image.fromarray(pixels)), "it")[0].size == (60, 40)


def test_a_photo_is_turned_as_its_camera_says() -> None:
    photo = Image.new("L", (4, 2))
    photo.putpixel((0, 0), 255)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by 90 degrees
    pixels = read_image(png(photo, exif=exif), (4, 2, 1))[..., 0]
    assert np.argwhere(pixels == 255).tolist() == [[0, 1]]


def test_what_is_no_image(tmp_path: Path) -> None:
    whole = png(Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)))
    text, cut = tmp_path / "note.txt", tmp_path / "cut.png"
    text.write_text("no image")
    cut.write_bytes(whole[: len(whole) // 2])
    for path, reason in ((text, "unknown kind of image"), (cut, "image file is truncated")):
        with pytest.raises(DataError) as caught:
            read_image(path, (8, 8, 1))
        assert f"{str(path)!r} cannot be read as an image ({reason}" in str(caught.value)
    with pytest.raises(DataError, match="the bytes given cannot be read"):
        read_image(b"", (8, 8, 1))
    with pytest.raises(DataError, match=r"cannot read '.*absent\.png' \(No such file"):
        read_image(tmp_path / "absent.png", (8, 8, 1))


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_more_than_eight_bits(dtype: type) -> None:
    with pytest.raises(DataError, match=r"more than 8 bits .* // 256"):
        read_image(png(Image.fromarray(np.ones((4, 4), dtype)), "tiff"), (4, 4, 1))


def test_pictures_too_large_to_be_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(
        DataError,
        match=r"has 0\.01 million pixels, more than the 0\.0002 million .*larger file could fill .* scale it down",
    ):
        read_image(png(Image.new("L", (100, 100))), (8, 8, 1))
