"""Files that people hand in: what is taken, under which name, and how it is handed out again."""

from __future__ import annotations

import io
import zlib
from collections.abc import Collection
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lms.core.record import TOMBSTONE
from lms.core.uploads import ACCEPT, EVIDENCE, JPEG, MOST_BYTES, PDF, PNG, clean_name, download, read_upload

PAPER = b"%PDF-1.7\n%%EOF\n"


def upload(content: bytes, name: str = "paper.pdf", media_type: str = "text/html") -> SimpleUploadedFile:
    """What the browser says it is never counts."""
    return SimpleUploadedFile(name, content, media_type)


def picture(kind: str, size: tuple[int, int] = (2, 2)) -> bytes:
    out = io.BytesIO()
    Image.new("1", size).save(out, kind)
    return out.getvalue()


def unfolding() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 pixels wide and high."""
    plain = picture("PNG")
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + plain[24:29]
    return plain[:12] + header + zlib.crc32(header).to_bytes(4, "big") + plain[33:]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PAPER, PDF), (picture("PNG"), PNG), (picture("JPEG"), JPEG)],
    ids=["pdf", "png", "jpeg"],
)
def test_the_content_says_what_a_file_is(content: bytes, kind: str) -> None:
    taken, problem = read_upload(upload(content, "x.exe"))
    assert problem == ""
    assert taken is not None
    assert (taken.content, taken.name, taken.media_type, len(taken.digest)) == (content, "x.exe", kind, 64)


@pytest.mark.parametrize(
    ("content", "kinds", "words"),
    [
        (b"", EVIDENCE, "Hand in a PDF, a JPEG or a PNG."),
        (b" " + PAPER, EVIDENCE, "Hand in a PDF, a JPEG or a PNG."),
        (b"<html>%PDF-1.7", EVIDENCE, "Hand in a PDF, a JPEG or a PNG."),
        (b"MZ\x90\0", EVIDENCE, "Hand in a PDF, a JPEG or a PNG."),
        (picture("GIF"), EVIDENCE, "Hand in a PDF, a JPEG or a PNG."),
        (picture("PNG"), [PDF], "Hand in a PDF."),
        (picture("PNG")[:40], EVIDENCE, "The picture is damaged."),
        (b"\xff\xd8\xff" + b"no picture" * 9, EVIDENCE, "The picture is damaged."),
        (b"\x89PNG\r\n\x1a\n" + picture("JPEG"), EVIDENCE, "The picture is damaged."),
        (unfolding(), EVIDENCE, "The picture is damaged."),
        (b"%PDF-" + b"\0" * MOST_BYTES, EVIDENCE, "The file is larger than 10 MB."),
    ],
    ids=[
        "empty", "mark not first", "html", "program", "gif", "not asked for", "cut off", "no jpeg", "jpeg in png",
        "unfolds", "large",
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_in_words(content: bytes, kinds: Collection[str], words: str) -> None:
    assert read_upload(upload(content, "paper.pdf", "application/pdf"), kinds) == (None, words)


def test_a_file_of_the_very_most_is_taken() -> None:
    taken, _problem = read_upload(upload(PAPER.ljust(MOST_BYTES, b"\0")))
    assert taken is not None


def test_a_form_offers_what_is_taken() -> None:
    assert ACCEPT.split(",") == list(EVIDENCE)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("First aid (2025).pdf", "First aid (2025).pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\ana\scan.pdf", "scan.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("annex\u202efdp.exe", "annex fdp.exe"),
        ("null\0byte\ud800.pdf", "null byte .pdf"),
        ("..", "file"),
        ("  ", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("é" * 300 + ".pdf", "é" * 196 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_name_can_be_kept_and_shown(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= 200
    assert clean.isprintable()
    assert not set(clean) & {"/", "\\"}
    assert clean_name(clean) == clean


# Handing out ----------------------------------------------------------------------------------------------------------


def kept(name: str | None) -> FieldFile:
    """A file of a row, in a storage that holds `paper`."""
    storage = InMemoryStorage()
    storage.save("paper", ContentFile(PAPER))
    return FieldFile(models.Model.__new__(models.Model), models.FileField(storage=storage), name)  # type: ignore[arg-type]


def test_a_file_is_only_ever_downloaded() -> None:
    response: Any = download(kept("paper"), 'a "quoted" näme.pdf', PDF)
    assert b"".join(response.streaming_content) == PAPER
    assert response["Content-Type"] == PDF
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", [None, "", TOMBSTONE, "lost"])
def test_what_was_erased_or_lost_is_not_found(name: str | None) -> None:
    with pytest.raises(Http404):
        download(kept(name), "paper.pdf", PDF)
