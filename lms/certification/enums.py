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
    RETURN = "return", _("Return")
    REFUSE = "refuse", _("Refuse")


class CourseType(TextChoices):
    """How a course was taken, as certificates of continuing education name it."""

    LIVE = "live", _("Live")
    HOME_STUDY = "home_study", _("Home Study")
    WEBINAR = "webinar", _("Webinar")


class StatusForm(TextChoices):
    """Which status lists a credential names: the JSON schema of Open Badges 3.0 allows one entry, VC 2.0 several."""

    BADGE = "badge", _("Revocation")
    FULL = "full", _("Revocation and suspension")


class CaseKind(TextChoices):
    APPEAL = "appeal", _("Appeal")
    COMPLAINT = "complaint", _("Complaint")
    ACCOMMODATION = "accommodation", _("Request for accommodations")


class CaseSubject(TextChoices):
    """What a case is about."""

    DECISION = "decision", _("A decision on an application")
    RENEWAL = "renewal", _("A decision on a renewal")
    RESULT = "result", _("The result of an examination")
    PRACTICAL = "practical", _("A practical examination")
    CERTIFICATE = "certificate", _("A certificate")
    CONDUCT = "conduct", _("Somebody's conduct")
    OTHER = "other", _("Something else")


class CaseEventKind(TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    NOTED = "noted", _("Noted")
    DEFERRED = "deferred", _("Deadline moved")
    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CaseState(TextChoices):
    """Where a case stands, worked out from its events."""

    OPEN = "open", _("Open")
    ASSIGNED = "assigned", _("Being looked at")
    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


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


class RenewalStage(TextChoices):
    """Where a certificate stands on the way to its renewal, by its dates."""

    NOT_OPEN = "not_open", _("Not open yet")
    OPEN = "open", _("Open")
    GRACE = "grace", _("Days of grace")
    LAPSED = "lapsed", _("Lapsed")
    REFRESHER = "refresher", _("Lapsed, with a practical refresher")
    RECERTIFY = "recertify", _("To be certified anew")


class ClaimState(TextChoices):
    """Where a claim of continuing education stands, worked out from what followed it."""

    WAITING = "waiting", _("With the school")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Taken back")
    USED = "used", _("Used for a renewal")
