"""Pictures as they come in: raster only, of a bearable size, written anew so that nothing rides along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .exceptions import PictureRefused

MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
LEAST_SIDE, MOST_SIDE = 200, 6_000
KEPT_SIDE = 2_400  # The longer side of what is stored: enough for a large screen, and quick on a slow line.
QUALITY = 88
#: Formats with what they are called on the wire. No SVG: it can carry scripts and keys in its source.
CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
UNKNOWN = "application/octet-stream"
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", UNKNOWN: ""}


def safe_copy(file: BinaryIO, size: int) -> ContentFile[bytes]:
    """An upload as it may be stored: upright, without metadata, not larger than a screen needs.

    Position, camera, author's name, comments, colour profiles and whatever else lies in a file stay behind, because
    only pixels are copied. Raises `PictureRefused`.
    """
    with _opened(file, size) as image:
        kind = str(image.format)
        pixels = _plain(ImageOps.exif_transpose(image) or image)
    pixels.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    return ContentFile(_encoded(pixels, kind), name="picture")


def size_of(file: BinaryIO, size: int) -> tuple[int, int]:
    """Width and height of a picture that can be used as it is; `size` is its length in bytes.

    Raises `PictureRefused`.
    """
    with _opened(file, size) as image:
        image.load()
        return image.size


def content_type_of(file: BinaryIO) -> str:
    """What a stored picture is, by its content: names tell nothing. Leaves the file at its beginning."""
    try:
        with Image.open(file, formats=tuple(CONTENT_TYPES)) as image:
            return CONTENT_TYPES[str(image.format)]
    except (UnidentifiedImageError, OSError):
        return UNKNOWN
    finally:
        file.seek(0)


@contextmanager
def _opened(file: BinaryIO, size: int) -> Iterator[Image.Image]:
    """A picture within the bounds; whatever is wrong with it becomes `PictureRefused`, while it is read as well."""
    if size > MOST_BYTES:
        raise PictureRefused(_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    try:
        file.seek(0)
        with Image.open(file, formats=tuple(CONTENT_TYPES)) as image:
            _check(image)
            yield image
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(_("Only PNG, JPEG and WebP pictures can be used.")) from None
    except (OSError, SyntaxError, ValueError):
        raise PictureRefused(_("The file is damaged.")) from None


def _check(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise PictureRefused(_("No side of the picture may be longer than %(most)s pixels.") % {"most": MOST_SIDE})
    if min(width, height) < LEAST_SIDE:
        raise PictureRefused(_("No side of the picture may be shorter than %(least)s pixels.") % {"least": LEAST_SIDE})
    if getattr(image, "n_frames", 1) > 1:
        raise PictureRefused(_("Moving pictures cannot be used."))


def _plain(image: Image.Image) -> Image.Image:
    """A new image with the same pixels, in colour with or without transparency."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    copy = Image.new(mode, image.size)
    copy.paste(image.convert(mode))
    return copy


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        image.save(out, "PNG", optimize=True)
    elif kind == "WEBP":
        image.save(out, "WEBP", quality=QUALITY)
    else:
        image.convert("RGB").save(out, "JPEG", quality=QUALITY, progressive=True)
    return out.getvalue()
