"""Fixed words of grading."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GradeSource(TextChoices):
    AUTO = "auto", _("Scored by rule")
    MARKER = "marker", _("Marked by a person")
    REGRADE = "regrade", _("Regraded")
    MODERATION = "moderation", _("Moderated")


class RegradeMethod(TextChoices):
    """How a fault of a question is made good."""

    NEW_KEY = "new_key", _("Score by the corrected key")
    ACCEPT_ALSO = "accept_also", _("Accept the corrected key as well as the old one")
    FULL_CREDIT = "full_credit", _("Full credit to everybody")
    DROP_ITEM = "drop_item", _("Leave the item out")
