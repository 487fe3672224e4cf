"""The way to a certificate and its life: paths, admissions, applications, decisions, certificates and their events."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, RevisionMixin

from lms.core.fields import LeanStreamField
from lms.core.record import Record, digest_field, immutable_uuid
from lms.knowledge.api import code_field

from .blocks import RenewalBlock, RequirementsBlock
from .case_models import Case, CaseEvent
from .credential_models import (
    AwardBatch,
    AwardBatchItem,
    CertificateFile,
    RegisterListing,
    SignedCredential,
    SigningKey,
    StatusPosition,
)
from .dossier_models import CandidateDocument, DocumentReview, Payment, PaymentReversal
from .enums import CertificateEventKind, CourseType, CredentialKind, DecisionOutcome, PublicReason
from .renewal_models import CeClaim, CeReview, CeUse, CeWithdrawal, ChangeAcknowledgement, Renewal, RenewalDecision

__all__ = [
    "Admission",
    "Application",
    "AwardBatch",
    "AwardBatchItem",
    "CandidateDocument",
    "Case",
    "CaseEvent",
    "CeClaim",
    "CeReview",
    "CeUse",
    "CeWithdrawal",
    "Certificate",
    "CertificateEvent",
    "CertificateFile",
    "ChangeAcknowledgement",
    "Decision",
    "DocumentReview",
    "Evidence",
    "Path",
    "PathVersion",
    "Payment",
    "PaymentReversal",
    "RegisterListing",
    "Renewal",
    "RenewalDecision",
    "SignedCredential",
    "SigningKey",
    "StatusPosition",
    "Waiver",
]

User = settings.AUTH_USER_MODEL


class Path(DraftStateMixin, RevisionMixin, ClusterableModel):
    """A programme that ends in a credential, as the school plans it. Publishing freezes a `PathVersion`."""

    code = code_field()
    title = models.CharField(_("title"), max_length=200)
    credential_title = models.CharField(_("title on the certificate"), max_length=200)
    credential_kind = models.CharField(_("kind of credential"), max_length=20, choices=CredentialKind.choices)
    summary = RichTextField(_("summary"), features=["bold", "italic", "ul", "ol"])
    scope_note = models.TextField(
        _("what it does not say"), blank=True, help_text=_("Printed on the certificate, so that nobody overrates it.")
    )
    hours_label = models.CharField(_("hours as approved"), max_length=80, blank=True)
    ce_hours = models.DecimalField(
        _("CE hours as approved"), max_digits=5, decimal_places=2, null=True, blank=True,
        help_text=_("For a certificate of continuing education: it is printed with all that such a one must show."),
    )  # fmt: skip
    course_type = models.CharField(_("course type"), max_length=12, choices=CourseType.choices, blank=True)
    instructor_name = models.CharField(_("instructor, as signed"), max_length=120, blank=True)
    requirements = LeanStreamField(RequirementsBlock(), verbose_name=_("requirements"))
    admits_on_enrolment = models.BooleanField(
        _("enrolling admits"),
        default=True,
        help_text=_("Whoever takes one of its courses follows it. Otherwise people join it on its own page."),
    )
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), null=True, blank=True)
    renewal = LeanStreamField(RenewalBlock(), verbose_name=_("renewal"), blank=True)
    is_retired = models.BooleanField(_("retired"), default=False)
    current_version = models.ForeignKey(
        "certification.PathVersion", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="path",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("path")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def revisions(self) -> Any:
        """Wagtail asks for the relation under this name."""
        return self._revisions

    def with_content_json(self, content: dict[str, Any]) -> Path:
        """An older revision must not bring an older version pointer back."""
        path = super().with_content_json(content)
        path.current_version_id = self.current_version_id
        return path


class PathVersion(Record):
    """The requirements as they stood when a person was admitted; they are judged by these."""

    uuid = immutable_uuid()
    path = models.ForeignKey(Path, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    requirements = models.JSONField()
    renewal = models.JSONField(default=dict, help_text=_("The renewal policy; empty where nothing is renewed."))
    facts = models.JSONField(help_text=_("Titles and terms as they go on the certificate."))
    content_digest = digest_field()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["path", "-number"]
        constraints = [models.UniqueConstraint(fields=["path", "number"], name="one_version_per_path_and_number")]

    def __str__(self) -> str:
        return f"{self.path_id} v{self.number}"


class Admission(Record):
    """A person follows a path, in the version that held when they were admitted."""

    uuid = immutable_uuid()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="admissions")
    path = models.ForeignKey(Path, on_delete=models.PROTECT, related_name="admissions")
    path_version = models.ForeignKey(PathVersion, on_delete=models.PROTECT, related_name="admissions")
    admitted_at = models.DateTimeField()
    admitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, null=True, blank=True)  # noqa: DJ001

    write_once_fields = ("ended_at", "end_reason")

    class Meta:
        ordering = ["-admitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "path"], condition=Q(ended_at=None), name="one_running_admission_per_path"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.path_id}"


class Waiver(Record):
    """A requirement is waived, or met by something equivalent, for one person: by whom and why."""

    uuid = immutable_uuid()
    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="waivers")
    requirement = models.CharField(max_length=80)
    is_equivalence = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(max_length=300, null=True, blank=True)  # noqa: DJ001

    write_once_fields = ("withdrawn_at", "withdrawn_by", "withdrawal_reason")
    erasable_fields = ("reason",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["admission", "requirement"], condition=Q(withdrawn_at=None), name="one_waiver_per_requirement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} for {self.admission_id}"


class Application(Record):
    """A candidate asks for the certificate, with the legal name that it shall bear."""

    uuid = immutable_uuid()
    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="applications")
    legal_name = models.CharField(max_length=200)
    eligibility = models.JSONField(help_text=_("The ledger as it stood when the candidate applied."))
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    write_once_fields = ("closed_at",)
    erasable_fields = ("legal_name",)

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["admission"], condition=Q(closed_at=None), name="one_open_application_per_admission"
            ),
        ]

    def __str__(self) -> str:
        return f"Application {self.uuid}"


class Decision(Record):
    """The registrar's decision on an application, with the ledger that it rests on."""

    uuid = immutable_uuid()
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=DecisionOutcome.choices)
    reason = models.TextField(blank=True)
    ledger = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("reason",)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome="award") | ~Q(reason=""), name="a_refusal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d}"


class Certificate(Record):
    """A credential as printed. It belongs to the person, not to an enrolment, and its number never dies."""

    uuid = immutable_uuid()
    number = models.CharField(max_length=40, unique=True)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="certificates")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates")
    path_version = models.ForeignKey(PathVersion, on_delete=models.PROTECT, related_name="certificates")
    credential_kind = models.CharField(max_length=20, choices=CredentialKind.choices)
    holder_name = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    facts = models.JSONField(help_text=_("Everything else as printed: hours, scope, signatory, school."))
    awarded_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    renews = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewed_by")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    is_demonstration = models.BooleanField(default=False)
    content_digest = digest_field()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-awarded_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=models.F("awarded_on")),
                name="a_certificate_expires_after_it_was_awarded",
            ),
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(renews=None, corrects=None),
                name="one_first_certificate_per_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Evidence(Record):
    """A fact that a certificate rests on, frozen as it was."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    facts = models.JSONField()
    digest = digest_field()

    class Meta:
        ordering = ["certificate", "id"]

    def __str__(self) -> str:
        return self.title


class CertificateEvent(Record):
    """Something that happened to a certificate. Status is worked out from these and the dates; never stored."""

    uuid = immutable_uuid()
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=CertificateEventKind.choices)
    public_reason = models.CharField(max_length=30, choices=PublicReason.choices, blank=True)
    internal_reason = models.TextField(blank=True)
    successor = models.ForeignKey(Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    erasable_fields = ("internal_reason",)

    class Meta:
        ordering = ["certificate", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["revoked", "suspended"]) | ~Q(public_reason=""),
                name="revoking_and_suspending_say_why",
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(kind="revoked"), name="a_certificate_is_revoked_once"
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(kind="issued"), name="a_certificate_is_issued_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
