"""What a candidate hands in beside study and examinations: documents, and the fees that were paid."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, digest_field, immutable_uuid
from lms.core.storage import private_storage

User = settings.AUTH_USER_MODEL


def document_path(document: CandidateDocument, filename: str) -> str:
    """Named by content, below the person's own folder."""
    return f"documents/{document.user.uuid}/{document.digest}"


class CandidateDocument(Record):
    """A document that a candidate handed in, such as a first-aid certificate. `code` is that of the requirement."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="documents")
    code = models.SlugField(max_length=60)
    file = models.FileField(_("file"), storage=private_storage, upload_to=document_path, max_length=200)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    digest = digest_field()
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    submitted_at = models.DateTimeField()

    erasable_fields = ("file", "file_name")

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="a_document_expires_after_it_was_issued",
            ),
        ]
        indexes = [models.Index(fields=["user", "code"], name="documents_of_a_person")]

    def __str__(self) -> str:
        return f"{self.code} of {self.user_id}"


class DocumentReview(Record):
    """Somebody of the school looked at a document."""

    document = models.OneToOneField(CandidateDocument, on_delete=models.PROTECT, related_name="review")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(max_length=300, null=True, blank=True)  # noqa: DJ001

    write_once_fields = ("withdrawn_at", "withdrawn_by", "withdrawal_reason")
    erasable_fields = ("reason",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(accepted=True) | ~Q(reason=""), name="a_refused_document_says_why"),
            models.CheckConstraint(
                condition=Q(accepted=True) | Q(withdrawn_at=None), name="only_an_acceptance_is_taken_back"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.accepted}"

    @property
    def counts(self) -> bool:
        """Accepted, and not taken back since."""
        return self.accepted and self.withdrawn_at is None

    @property
    def words(self) -> str:
        """What the candidate reads when it does not count."""
        return self.withdrawal_reason or self.reason


class Payment(Record):
    """The school noted that a fee was paid. The platform itself takes no money."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="payments")
    code = models.SlugField(max_length=60)
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3)
    reference = models.CharField(_("receipt or reference"), max_length=120)
    paid_on = models.DateField(_("paid on"))
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    erasable_fields = ("reference",)

    class Meta:
        ordering = ["-paid_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="a_payment_is_not_negative")]
        indexes = [models.Index(fields=["user", "code"], name="payments_of_a_person")]

    def __str__(self) -> str:
        return f"{self.code} of {self.user_id}: {self.amount} {self.currency}"


class PaymentReversal(Record):
    """A payment was noted by mistake or paid back."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="reversal")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_reversal_says_why")]

    def __str__(self) -> str:
        return f"Reversed: {self.payment_id}"
