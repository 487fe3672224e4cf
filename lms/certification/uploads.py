"""Files that people hand in as evidence: a PDF or a picture, of a bearable size, and what it claims to be."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

MOST_BYTES = 10_000_000
PDF = "application/pdf"
#: What may be handed in, by the first bytes that such a file has, and how Pillow calls it.
KINDS = {b"%PDF-": (PDF, ""), b"\xff\xd8\xff": ("image/jpeg", "JPEG"), b"\x89PNG\r\n\x1a\n": ("image/png", "PNG")}
ACCEPT = "application/pdf,image/jpeg,image/png"


@dataclass(frozen=True)
class Upload:
    """A file that may be kept."""

    content: bytes
    name: str
    media_type: str
    digest: str


def read_upload(file: IO[bytes] | Any) -> tuple[Upload | None, str]:
    """What was handed in, or why it cannot be taken, in words."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return None, _("The file is larger than 10 MB.")
    kind = next((kind for mark, kind in KINDS.items() if content.startswith(mark)), None)
    if kind is None:
        return None, _("Hand in a PDF, a JPEG or a PNG.")
    media_type, picture = kind
    if picture and not _is_picture(content, picture):
        return None, _("The picture is damaged.")
    name = "".join(letter for letter in str(file.name) if letter.isprintable())[-200:] or "file"
    return Upload(content, name, media_type, hashlib.sha256(content).hexdigest()), ""


def _is_picture(content: bytes, kind: str) -> bool:
    """Whether Pillow can read it; one that would unfold beyond all measure is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=(kind,)) as image:
                image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    except (OSError, SyntaxError, ValueError):
        return False
    return True
