"""Fixed words of grading."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GradeSource(TextChoices):
    AUTO = "auto", _("Scored by rule")
    MARKER = "marker", _("Marked by a person")
    REGRADE = "regrade", _("Regraded")
    MODERATION = "moderation", _("Moderated")
