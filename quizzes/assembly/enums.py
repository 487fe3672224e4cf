"""Fixed words of assessments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssessmentKind(TextChoices):
    CHECK = "check", _("Knowledge check of a lesson")
    PRACTICE = "practice", _("Practice")
    QUIZ = "quiz", _("Module quiz")
    MOCK = "mock", _("Mock exam")
    EXAM = "exam", _("Examination")


#: Kinds whose items must come from a confidential bank.
HIGH_STAKES = frozenset({AssessmentKind.MOCK, AssessmentKind.EXAM})


class FormPolicy(TextChoices):
    FIXED = "fixed", _("Fixed: reviewed parallel forms")
    DRAWN = "drawn", _("Drawn: a fresh draw for each attempt")


class FeedbackRule(TextChoices):
    IMMEDIATE = "immediate", _("After each answer")
    AFTER_SUBMIT = "after_submit", _("After submission")
    AFTER_CLOSE = "after_close", _("After the quiz closes")
    NEVER = "never", _("Never")


class ResultRelease(TextChoices):
    AT_ONCE = "at_once", _("At once")
    HELD = "held", _("Held until somebody releases them")


class Navigation(TextChoices):
    FREE = "free", _("Free")
    ONE_WAY = "one_way", _("One way")


class DomainReport(TextChoices):
    SCORES = "scores", _("Score by domain")
    BANDS = "bands", _("Bands by domain")
    NONE = "none", _("No domains")


class CutBasis(TextChoices):
    STUDY = "study", _("Standard-setting study")
    INTERIM = "interim", _("Interim, until a study")
