"""Files that people hand in: read strictly on the way in, kept with their row, only downloaded on the way out."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from .record import TOMBSTONE

MOST_BYTES = 10_000_000
NAME_LENGTH = 200
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
#: What may show something: a document, or a picture of one.
EVIDENCE = (PDF, JPEG, PNG)
#: The same for the `accept` of a form.
ACCEPT = ",".join(EVIDENCE)
#: The first bytes of each kind; a name proves nothing.
_MARKS = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
#: What Pillow calls the kinds that it can read.
_PICTURES = {JPEG: "JPEG", PNG: "PNG"}


@dataclass(frozen=True)
class Upload:
    """A file that may be kept; `digest` is its SHA-256."""

    content: bytes
    name: str
    media_type: str
    digest: str


def read_upload(file: IO[bytes] | Any, kinds: Collection[str] = EVIDENCE) -> tuple[Upload | None, str]:
    """What was handed in, or why it cannot be taken, in words. `kinds` are the media types that are asked for."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return None, _("The file is larger than 10 MB.")
    media_type = next((kind for kind in kinds if content.startswith(_MARKS[kind])), None)
    if media_type is None:
        return None, _("Hand in a PDF.") if set(kinds) == {PDF} else _("Hand in a PDF, a JPEG or a PNG.")
    if media_type in _PICTURES and not _is_picture(content, _PICTURES[media_type]):
        return None, _("The picture is damaged.")
    return Upload(content, clean_name(str(file.name)), media_type, hashlib.sha256(content).hexdigest()), ""


def clean_name(name: str) -> str:
    """A file name to show and to download by: no folders, nothing unseen, and its end where it is too long."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(letter if letter.isprintable() else " " for letter in last)
    return " ".join(seen.split())[-NAME_LENGTH:].strip(". ") or "file"


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


def save_with_file(row: models.Model, upload: Upload | None) -> None:
    """Save a new row with its `file`, if there is one; where the row is refused, the file goes too."""
    file: FieldFile = row.file  # type: ignore[attr-defined]
    if upload is not None:
        file.save(upload.name, ContentFile(upload.content), save=False)
    try:
        with transaction.atomic():
            row.save()
    except BaseException:
        file.delete(save=False)
        raise


def is_kept(file: FieldFile) -> bool:
    """Whether a file was handed in and not erased since; the storage is not asked."""
    return bool(file) and file.name != TOMBSTONE


def download(file: FieldFile, name: str, media_type: str) -> FileResponse:
    """A kept file to save: no browser shows it by itself, whatever is in it. 404 where it was erased or is lost."""
    if not is_kept(file) or not file.storage.exists(str(file.name)):
        raise Http404
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
