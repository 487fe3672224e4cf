"""The certificate as a file: made once, kept as it was handed out, and recognised by its digest."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from .models import Certificate, CertificateFile
from .pdf import certificate_pdf
from .queries import with_events


def canonical_address(number: str) -> str:
    """The public address of a certificate as its document names it, from whichever host it is asked."""
    return settings.BASE_URL.rstrip("/") + reverse("certification:verify", args=[number])


def certificate_document(certificate: Certificate) -> CertificateFile:
    """The stored document of a certificate; the first time it is made. Two at once keep one."""
    kept = certificate.files.order_by("-id").first()
    if kept is not None and kept.file.storage.exists(kept.file.name):
        return kept
    content = certificate_pdf(certificate, verify_url=canonical_address(certificate.number))
    digest = hashlib.sha256(content).hexdigest()
    same = certificate.files.filter(digest=digest).first()
    if same is not None:
        # The row outlived its file, as after a restore without the files; equal certificates give equal bytes.
        if not same.file.storage.exists(same.file.name):
            same.file.storage.save(same.file.name, ContentFile(content))
        return same
    row = CertificateFile(certificate=certificate, digest=digest, made_at=timezone.now())
    row.file.save(f"{certificate.number}.pdf", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.file.delete(save=False)
        return certificate.files.get(digest=digest)
    return row


def certificate_by_file(digest: str) -> Certificate | None:
    """The certificate whose document has this digest."""
    return with_events().filter(files__digest=digest).order_by("files__id").first()
