"""Beside a certificate: the files and the signed credential that were made of it, its places in lists, and batches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, digest_field, immutable_uuid
from lms.core.storage import private_storage

from .enums import StatusForm

User = settings.AUTH_USER_MODEL


class SigningKey(Record):
    """The public half of a key with which the school signs. Old ones stay, so that old credentials go on verifying.

    One whose secret became known is revoked: nothing that it signed is believed any more.
    """

    code = models.SlugField(max_length=40, unique=True)
    public_key_multibase = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    write_once_fields = ("revoked_at",)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.code


class StatusPosition(Record):
    """A certificate's place in the published status lists, drawn at random so that it tells nothing."""

    certificate = models.OneToOneField(
        "certification.Certificate", on_delete=models.PROTECT, related_name="status_position"
    )
    list_number = models.PositiveIntegerField(default=1)
    index = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list_number", "index"], name="one_certificate_per_place_in_a_status_list"),
        ]

    def __str__(self) -> str:
        return f"{self.list_number}/{self.index}"


class SignedCredential(Record):
    """The Open Badges credential of a certificate, word for word as it was signed."""

    certificate = models.ForeignKey(
        "certification.Certificate", on_delete=models.PROTECT, related_name="signed_credentials"
    )
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="credentials")
    form = models.CharField(max_length=10, choices=StatusForm.choices, default=StatusForm.BADGE)
    document = models.JSONField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["certificate", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "key", "form"], name="one_credential_per_certificate_key_and_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} signed with {self.key_id}"


def certificate_path(row: CertificateFile, filename: str) -> str:
    """Named by content."""
    return f"certificates/{row.digest[:2]}/{row.digest}.pdf"


class CertificateFile(Record):
    """A document that was made of a certificate, kept as it was handed out, so that it can be recognised."""

    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="files")
    file = models.FileField(storage=private_storage, upload_to=certificate_path)
    digest = digest_field()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["certificate", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "digest"], name="a_certificate_file_is_kept_once"),
        ]
        indexes = [models.Index(fields=["digest"], name="certificate_files_by_digest")]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.digest[:12]}"


class RegisterListing(Record):
    """The holder wants the certificate in the public register, or no longer; the last row holds."""

    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="listings")
    is_listed = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["certificate", "id"]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.is_listed}"


class AwardBatch(Record):
    """Applications that the registrar decided on together; it goes on where it was interrupted."""

    uuid = immutable_uuid()
    title = models.CharField(_("title"), max_length=200)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    write_once_fields = ("finished_at",)

    class Meta:
        ordering = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return self.title


class AwardBatchItem(Record):
    """One application of a batch, with what became of it: a certificate, or a problem in words."""

    batch = models.ForeignKey(AwardBatch, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey("certification.Application", on_delete=models.PROTECT, related_name="batch_items")
    certificate = models.ForeignKey(
        "certification.Certificate", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    problem = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001
    done_at = models.DateTimeField(null=True, blank=True)

    write_once_fields = ("certificate", "problem", "done_at")

    class Meta:
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "application"], name="an_application_is_in_a_batch_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(certificate__isnull=False) | Q(problem__isnull=False),
                name="what_is_done_has_a_certificate_or_a_problem",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.application_id}"
