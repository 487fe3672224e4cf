"""Fixed words of certification."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CredentialKind(TextChoices):
    ATTENDANCE = "attendance", _("Certificate of attendance")
    ASSESSMENT_BASED = "assessment_based", _("Assessment-based certificate")
    CERTIFICATION = "certification", _("Certification")


class RequirementState(TextChoices):
    MET = "met", _("Met")
    IN_PROGRESS = "in_progress", _("In progress")
    NOT_STARTED = "not_started", _("Not started")
    WAIVED = "waived", _("Waived")


#: States that satisfy a requirement.
SATISFIED = frozenset({RequirementState.MET, RequirementState.WAIVED})


class DecisionOutcome(TextChoices):
    AWARD = "award", _("Award")
    REFUSE = "refuse", _("Refuse")


class CertificateEventKind(TextChoices):
    ISSUED = "issued", _("Issued")
    SUSPENDED = "suspended", _("Suspended")
    REINSTATED = "reinstated", _("Reinstated")
    REVOKED = "revoked", _("Revoked")
    SUPERSEDED = "superseded", _("Superseded")


class CertificateStatus(TextChoices):
    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")


class PublicReason(TextChoices):
    """All that the public learns of why a certificate no longer holds."""

    HOLDER_REQUEST = "holder_request", _("At the holder's request")
    ISSUED_IN_ERROR = "issued_in_error", _("Issued in error")
    REQUIREMENTS_NOT_MET = "requirements_not_met", _("Requirements not met")
    CONDUCT = "conduct", _("Conduct")
    UNDER_REVIEW = "under_review", _("Under review")
    CORRECTED = "corrected", _("Replaced by a corrected certificate")
    RENEWED = "renewed", _("Replaced on renewal")
