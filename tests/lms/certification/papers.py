"""A path that asks for papers, files to hand in, and many candidates at once, as tests need them."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lms.accounts.api import User
from lms.certification.api import Admission, Application, Path
from lms.certification.models import CandidateDocument, PathVersion
from lms.certification.papers import hand_in_document

PDF = b"%PDF-1.7\nfirst aid\n%%EOF\n"
DOCUMENT = {
    "key": "document:cpr", "kind": "document", "reference": "cpr", "title": "First aid", "hint": "A day's course",
    "expires": True,
}  # fmt: skip
IDENTITY = {**DOCUMENT, "key": "document:identity", "reference": "identity", "title": "Identity", "expires": False}
FEE = {
    "key": "fee:exam", "kind": "fee", "reference": "exam", "title": "Examination fee", "amount": "90.00",
    "currency": "USD",
}  # fmt: skip
GROUP = {"key": "group:1", "kind": "any_of", "title": "Papers", "count": None, "items": [DOCUMENT, IDENTITY]}


def signed_in(user: Any) -> Client:
    """A browser of somebody."""
    client = Client()
    client.force_login(user)
    return client


def paper_path(
    at: datetime, *nodes: dict[str, Any], code: str = "papers", kind: str = "assessment_based", title: str = ""
) -> Path:
    """A published path with these requirements."""
    path = Path.objects.create(
        code=code, title=title or "Papers only", credential_title="Holder of Papers", credential_kind=kind, summary="",
        valid_months=24,
    )  # fmt: skip
    facts = {
        "title": path.title, "credential_title": path.credential_title, "credential_kind": kind, "scope_note": "",
        "hours_label": "", "valid_months": 24,
    }  # fmt: skip
    path.current_version = PathVersion.objects.create(
        path=path, number=1, requirements=list(nodes) or [DOCUMENT], facts=facts, content_digest="0" * 64,
        published_at=at,
    )  # fmt: skip
    path.save()
    return path


def follow(user: Any, path: Path, at: datetime) -> Admission:
    """A running admission."""
    version = path.current_version
    assert version is not None
    return Admission.objects.create(user=user, path=path, path_version=version, admitted_at=at, admitted_by=user)


def upload(content: bytes = PDF, name: str = "first aid.pdf") -> SimpleUploadedFile:
    """A file of a form."""
    return SimpleUploadedFile(name, content)


def picture(kind: str = "PNG") -> bytes:
    """The smallest picture of a format."""
    out = io.BytesIO()
    Image.new("RGB", (2, 2), "white").save(out, kind)
    return out.getvalue()


def handed_in(user: Any, at: datetime, code: str = "cpr", **more: Any) -> CandidateDocument:
    """A document of a year ago that is valid for another."""
    year = timedelta(days=365)
    terms = {"file": upload(), "issued_on": at.date() - year, "expires_on": at.date() + year, **more}
    return hand_in_document(user=user, code=code, at=at, **terms)


def many_applications(path: Path, registrar: Any, count: int, at: datetime, prefix: str = "c") -> list[Application]:
    """So many candidates whose requirements are waived and who applied, written by few statements."""
    from lms.certification.models import Waiver

    version = path.current_version
    assert version is not None
    users = User.objects.bulk_create(
        User(email=f"{prefix}{number}@batch.example", display_name=f"{prefix.title()} {number}", password="!")
        for number in range(count)
    )
    admissions = Admission.objects.bulk_create(
        Admission(user=user, path=path, path_version=version, admitted_at=at, admitted_by=registrar) for user in users
    )
    Waiver.objects.bulk_create(
        Waiver(admission=row, requirement=node["key"], reason="Met elsewhere", by=registrar, at=at)
        for row in admissions
        for node in version.requirements
    )
    return Application.objects.bulk_create(
        Application(admission=row, legal_name=f"Candidate {prefix} {number}", eligibility=[], submitted_at=at)
        for number, row in enumerate(admissions)
    )
