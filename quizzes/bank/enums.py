"""Fixed words of the bank."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BankPurpose(TextChoices):
    """What a bank's questions may be used for. Pools never overlap."""

    TEACHING = "teaching", _("Teaching: checks, quizzes, practice")
    MOCK = "mock", _("Mock exam")
    EXAM = "exam", _("Examination")


class CognitiveLevel(TextChoices):
    RECALL = "recall", _("Recall")
    APPLICATION = "application", _("Application")
    ANALYSIS = "analysis", _("Analysis")


class LifeCycle(TextChoices):
    DRAFT = "draft", _("Draft")
    PILOT = "pilot", _("Pilot: shown, not counted")
    LIVE = "live", _("Live")
    RETIRED = "retired", _("Retired")


#: States in which a question may be drawn.
DRAWABLE = frozenset({LifeCycle.LIVE, LifeCycle.PILOT})
#: Purposes whose items are confidential.
CONFIDENTIAL = frozenset({BankPurpose.MOCK, BankPurpose.EXAM})


class Scoring(TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", _("All or nothing")
    PARTIAL = "partial", _("Partial credit by the rule of the type")


class BankAction(TextChoices):
    VIEWED = "viewed", _("Viewed")
    EXPORTED = "exported", _("Exported")
    PREVIEWED = "previewed", _("Previewed")
