"""Fixed words of the practicals package."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StationState(TextChoices):
    """Where a candidate stands at one station of a practical examination."""

    NOT_STARTED = "not_started", _("Not shown yet")
    WAITING = "waiting", _("Waits for another examiner")
    DISAGREEMENT = "disagreement", _("The examiners disagree")
    FAILED = "failed", _("Not passed")
    PASSED = "passed", _("Passed")


class AttemptState(TextChoices):
    """Where a candidate stands in one attempt at a practical examination."""

    RUNNING = "running", _("Running")
    FAILED = "failed", _("Failed")
    PASSED = "passed", _("Passed")


class SessionCategory(TextChoices):
    """What a supervised session was about. One session may count in several categories."""

    HEAD_NECK = "head_neck", _("Head and neck")
    SHOULDER = "shoulder", _("Shoulder")
    ARM_HAND = "arm_hand", _("Arm and hand")
    CHEST_BACK = "chest_back", _("Chest and upper back")
    LOW_BACK_HIP = "low_back_hip", _("Low back and hip")
    LEG_FOOT = "leg_foot", _("Leg and foot")
    WIDESPREAD_PAIN = "widespread_pain", _("Widespread pain")
    OLDER_ADULT = "older_adult", _("Older adult")


class Technique(TextChoices):
    """What was done in a supervised session."""

    INTAKE = "intake", _("Intake and screening")
    ASSESSMENT = "assessment", _("Assessment")
    PALPATION = "palpation", _("Palpation")
    GLIDING = "gliding", _("Gliding strokes")
    PRESSURE_RELEASE = "pressure_release", _("Pressure release")
    POSITIONAL_RELEASE = "positional_release", _("Positional release")
    STRETCH = "stretch", _("Stretching")
    SELF_CARE = "self_care", _("Self-care and aftercare")


class SessionSetting(TextChoices):
    """Where a supervised session was held."""

    SCHOOL_CLINIC = "school_clinic", _("School clinic")
    PRACTICE = "practice", _("Practice")
    COMMUNITY = "community", _("Community or outreach")
    HOME_VISIT = "home_visit", _("Home visit")


class ReviewOutcome(TextChoices):
    """What a reader decides on a case report."""

    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
