"""Fixed words of attempts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttemptKind(TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    PREVIEW = "preview", _("Preview by staff")
    PILOT = "pilot", _("Pilot")


class AttemptState(TextChoices):
    """As seen from outside."""

    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted")
    GRADED = "graded", _("Graded")
    VOID = "void", _("Void")


class SubmittedHow(TextChoices):
    CANDIDATE = "candidate", _("By the candidate")
    DEADLINE = "deadline", _("At the deadline")
    STAFF = "staff", _("By staff")


class EventType(TextChoices):
    STARTED = "started", _("Started")
    RESUMED = "resumed", _("Resumed")
    SUBMITTED = "submitted", _("Submitted")
    LATE_ANSWER = "late_answer", _("Answer arrived too late")
    STALE_ANSWER = "stale_answer", _("Answer from an outdated page refused")
    ADJUSTED = "adjusted", _("Time adjusted")
    VOIDED = "voided", _("Voided")
    FEEDBACK_SHOWN = "feedback_shown", _("Feedback shown")
    PAUSED = "paused", _("Paused")
    INTERRUPTED = "interrupted", _("Interrupted: no longer enrolled")
    LATE_DECIDED = "late_decided", _("Decided on a late answer")
    CONTINUED = "continued", _("Continued in a further attempt")


class InputMode(TextChoices):
    API = "api", _("Script")
    SCRIPTED = "scripted", _("Page with JavaScript")
    FORM = "form", _("Page without JavaScript")
    CARRIED = "carried", _("Carried over from the attempt that it continues")
    LATE = "late", _("Late answer that was let count")


class AdjustmentKind(TextChoices):
    """Where time came from."""

    GIVEN = "given", _("Time given or taken")
    PAUSE = "pause", _("Length of a pause")
    ACCOMMODATION = "accommodation", _("Accommodation granted meanwhile")


class GrantKind(TextChoices):
    """What a rule of starting is waived for."""

    EXTRA_ATTEMPT = "extra_attempt", _("One more attempt")
    NO_COOLDOWN = "no_cooldown", _("No wait before the next attempt")
    NO_REMEDIATION = "no_remediation", _("No remediation before the next attempt")


class IdentityMethod(TextChoices):
    PASSPORT = "passport", _("Passport")
    NATIONAL_ID = "national_id", _("National identity card")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")
    STUDENT_CARD = "student_card", _("Student card with photograph")
    KNOWN = "known", _("Known personally")
