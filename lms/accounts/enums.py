"""Fixed words of the accounts package."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do at the school. Each is a Django group of the same name; codes never change."""

    STUDENT = "student", _("Student")
    INSTRUCTOR = "instructor", _("Instructor")
    EXAMINER = "examiner", _("Examiner")
    REGISTRAR = "registrar", _("Registrar")
    ADMIN = "admin", _("Administrator")


STAFF_ROLES = frozenset({Role.INSTRUCTOR, Role.EXAMINER, Role.REGISTRAR, Role.ADMIN})
CMS_ROLES = frozenset({Role.INSTRUCTOR, Role.EXAMINER, Role.ADMIN})


class AgreementKind(TextChoices):
    """What an agreement is for."""

    TERMS = "terms", _("Terms of use")
    PRIVACY = "privacy", _("Privacy notice")
    HONOUR = "honour", _("Honour statement")
    ATTESTATION = "attestation", _("Attestation")


class Theme(TextChoices):
    AUTO = "auto", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Typeface(TextChoices):
    SERIF = "serif", _("Serif for reading")
    SANS = "sans", _("Sans serif")
    LEGIBLE = "legible", _("Wide and open letters")


class TextSize(TextChoices):
    SMALL = "s", _("Small")
    MEDIUM = "m", _("Medium")
    LARGE = "l", _("Large")
    EXTRA_LARGE = "xl", _("Extra large")


class Spacing(TextChoices):
    NORMAL = "normal", _("Normal")
    WIDE = "wide", _("Wide")


class Tint(TextChoices):
    NONE = "none", _("None")
    CREAM = "cream", _("Cream")
    BLUE = "blue", _("Blue")
    ROSE = "rose", _("Rose")


class Motion(TextChoices):
    AUTO = "auto", _("As my device")
    REDUCE = "reduce", _("Less movement")
