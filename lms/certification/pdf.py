"""The certificate as a document to keep: one landscape A4 page, archival (PDF/A-3a) and accessible (PDF/UA-1).

Equal certificates give equal bytes: the fonts are shipped, the machine's own are ignored, and the time in the file is
the time of issue. Everything that people typed reaches the template as data in one JSON string; nothing is ever
pasted into template source.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils import dateformat, translation

from .enums import CredentialKind
from .lettering import FONTS, missing, printable
from .models import Certificate

TEMPLATE = Path(__file__).parent / "typst" / "certificate.typ"
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
#: A certificate is worded in the language it was awarded in, whatever language its reader prefers.
LANGUAGE = "en-gb"


def certificate_pdf(certificate: Certificate, *, verify_url: str) -> bytes:
    """The certificate as printed, with `verify_url` in words and as a QR code for whoever wants to check it."""
    compiler = typst.Compiler(
        input=str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"certificate": json.dumps(_printed(certificate, verify_url), sort_keys=True)},
    )
    document = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=int(certificate.issued_at.timestamp()))
    if not isinstance(document, bytes):
        raise TypeError("a certificate is one document")
    return document


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _printed(certificate: Certificate, verify_url: str) -> dict[str, Any]:
    """Everything the template prints, with text that the typefaces can show."""
    facts = certificate.facts
    lines = [line for line in map(printable, facts.get("school_address", "").splitlines()) if line]
    text = {
        "number": certificate.number,
        "name": certificate.holder_name,
        "title": certificate.title,
        "school": facts.get("school", ""),
        "email": facts.get("school_email", ""),
        "signatory": facts.get("signatory", ""),
        "signatory_title": facts.get("signatory_title", ""),
        "instructor": facts.get("instructor", ""),
        "scope_note": facts.get("scope_note", ""),
        "verify_url": verify_url,
    }
    printed = {key: printable(value) for key, value in text.items()}
    return {
        **printed,
        "address": lines,
        "kind": certificate.credential_kind,
        "kind_label": _kind(certificate),
        "details": _details(certificate),
        "is_demonstration": certificate.is_demonstration,
        "has_boxes": any(map(missing, text.values())),
        "qr": _qr_drawing(verify_url),
        "record": json.dumps(_record(certificate, verify_url), ensure_ascii=False, indent=1, sort_keys=True),
    }


def _details(certificate: Certificate) -> list[dict[str, str]]:
    """The row of dates and terms; what a certificate does not have takes no room."""
    facts = certificate.facts
    programme = facts.get("path", "")
    rows = [
        ("Awarded", _written_out(certificate.awarded_on)),
        ("Valid until", _written_out(certificate.expires_on) if certificate.expires_on else ""),
        ("Hours", facts.get("hours_label", "")),
        ("Course type", facts.get("course_type", "")),
        ("Approved provider number", facts.get("provider_number", "")),
        ("Programme", programme if programme.casefold() not in certificate.title.casefold() else ""),
    ]
    return [{"label": label, "value": printable(value)} for label, value in rows if value]


def _record(certificate: Certificate, verify_url: str) -> dict[str, Any]:
    """The same facts for machines, unaltered; attached to the document."""
    return {
        "number": certificate.number,
        "name": certificate.holder_name,
        "title": certificate.title,
        "credential_kind": certificate.credential_kind,
        "awarded_on": certificate.awarded_on.isoformat(),
        "expires_on": certificate.expires_on.isoformat() if certificate.expires_on else None,
        "facts": certificate.facts,
        "is_demonstration": certificate.is_demonstration,
        "content_digest": certificate.content_digest,
        "issued_at": certificate.issued_at.isoformat(),
        "verify_url": verify_url,
    }


def _qr_drawing(address: str) -> str:
    """A QR code as SVG: modules side by side make one bar and all bars one shape, so that no seams show in print."""
    matrix = segno.make_qr(address, error="m").matrix
    rows = ("".join(map(str, row)) for row in matrix)
    bars = (
        f"M{bar.start()} {down}h{len(bar.group())}v1h-{len(bar.group())}z"
        for down, row in enumerate(rows)
        for bar in re.finditer("1+", row)
    )
    side = len(matrix)
    size = f'viewBox="0 0 {side} {side}" width="{side}" height="{side}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><path fill="#1E2A2D" d="{"".join(bars)}"/></svg>'


def _kind(certificate: Certificate) -> str:
    with translation.override(LANGUAGE):
        return str(CredentialKind(certificate.credential_kind).label)


def _written_out(day: date) -> str:
    with translation.override(LANGUAGE):
        return dateformat.format(day, "j F Y")
