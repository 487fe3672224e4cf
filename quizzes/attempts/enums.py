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


class InputMode(TextChoices):
    API = "api", _("Script")
    SCRIPTED = "scripted", _("Page with JavaScript")
    FORM = "form", _("Page without JavaScript")
