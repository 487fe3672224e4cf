"""Continuing education, and renewing a certificate with it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core.record import Record, digest_field, immutable_uuid
from lms.core.storage import private_storage

from .enums import CourseType, DecisionOutcome

User = settings.AUTH_USER_MODEL


def claim_path(claim: CeClaim, filename: str) -> str:
    """Named by content, below the person's own folder."""
    return f"continuing-education/{claim.user.uuid}/{claim.digest}"


class CeClaim(Record):
    """Continuing education that a holder says they did, with the evidence."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ce_claims")
    title = models.CharField(_("what you attended"), max_length=200)
    provider = models.CharField(_("provider"), max_length=200)
    category = models.SlugField(_("category"), max_length=40)
    course_type = models.CharField(_("course type"), max_length=12, choices=CourseType.choices)
    hours = models.DecimalField(
        _("CE hours"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0.25)],
    )  # fmt: skip
    completed_on = models.DateField(_("completed on"))
    file = models.FileField(_("evidence"), storage=private_storage, upload_to=claim_path, max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    digest = digest_field()
    submitted_at = models.DateTimeField()

    erasable_fields = ("file", "file_name")

    class Meta:
        ordering = ["-completed_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="a_ce_claim_has_hours")]
        indexes = [models.Index(fields=["user", "completed_on"], name="ce_claims_of_a_person")]

    def __str__(self) -> str:
        return self.title


class CeReview(Record):
    """Somebody of the school looked at the evidence and allows so many hours, or none with the reason."""

    claim = models.OneToOneField(CeClaim, on_delete=models.PROTECT, related_name="review")
    accepted_hours = models.DecimalField(max_digits=5, decimal_places=2, validators=[MinValueValidator(0)])
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_hours__gt=0) | ~Q(reason=""), name="a_refused_ce_claim_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.accepted_hours}"


class CeWithdrawal(Record):
    """The holder took a claim back before it was used."""

    claim = models.OneToOneField(CeClaim, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Withdrawn: {self.claim_id}"


class Renewal(Record):
    """A holder asks to renew. `ledger` is the renewal as it was worked out then, `statements` what was signed anew."""

    uuid = immutable_uuid()
    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="applied")
    policy = models.JSONField()
    ledger = models.JSONField()
    statements = models.JSONField()
    is_late = models.BooleanField()
    is_audited = models.BooleanField(help_text=_("Drawn at random: all evidence is looked at again."))
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    write_once_fields = ("closed_at",)

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(closed_at=None), name="one_open_renewal_per_certificate"
            ),
        ]

    def __str__(self) -> str:
        return f"Renewal {self.uuid}"


class RenewalDecision(Record):
    """The registrar's decision on a renewal."""

    uuid = immutable_uuid()
    renewal = models.OneToOneField(Renewal, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=DecisionOutcome.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome="award") | ~Q(reason=""), name="a_refused_renewal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d}"


class CeUse(Record):
    """A claim went into a renewal, for so many hours. Nothing is used twice."""

    claim = models.OneToOneField(CeClaim, on_delete=models.PROTECT, related_name="use")
    certificate = models.ForeignKey("certification.Certificate", on_delete=models.PROTECT, related_name="ce_used")
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(hours__gte=0), name="ce_hours_used_are_not_negative")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.hours}"


class ChangeAcknowledgement(Record):
    """A person has seen what changed in a lesson or claim since they studied it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="changes_seen")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    digest = digest_field()
    at = models.DateTimeField()

    class Meta:
        ordering = ["user", "kind", "code", "id"]
        constraints = [
            models.UniqueConstraint(F("user"), F("kind"), F("code"), F("digest"), name="a_change_is_seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.kind} {self.code}"
