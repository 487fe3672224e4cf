"""Fixed words of the knowledge package."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """How well a claim is supported; shown as a badge wherever the claim stands."""

    ESTABLISHED = "established", _("Established")
    SUPPORTED = "supported", _("Supported")
    LIMITED = "limited", _("Limited evidence")
    CONTESTED = "contested", _("Contested")
    HISTORICAL = "historical", _("Historical")
    OUTDATED = "outdated", _("Outdated")
    UNSUPPORTED = "unsupported", _("Unsupported")


STANDING_MEANINGS = {
    Standing.ESTABLISHED: _("Agreed anatomy or physiology, or a documented fact."),
    Standing.SUPPORTED: _("Several consistent sources or trials; some uncertainty remains."),
    Standing.LIMITED: _("Few, small or low-certainty studies, or expert opinion only."),
    Standing.CONTESTED: _("Credible experts or studies disagree."),
    Standing.HISTORICAL: _("True of what people believed, did or counted at a time."),
    Standing.OUTDATED: _("Once taught, now contradicted."),
    Standing.UNSUPPORTED: _("No adequate evidence, an error, or an overclaim."),
}


class ClaimTopic(TextChoices):
    HISTORY = "history", _("History")
    PAIN = "pain", _("Pain")
    SOURCES = "sources", _("Sources of pain")
    MODEL = "model", _("Three-domain model")
    TECHNIQUE = "technique", _("Technique")
    EFFECTIVENESS = "effectiveness", _("Effectiveness")
    RISK = "risk", _("Risk")
    REGULATION = "regulation", _("Regulation and other")


class SourceMark(TextChoices):
    """How the school has used a source so far."""

    READ = "read", _("Read, at least as an abstract or excerpt")
    BIBLIOGRAPHIC = "bibliographic", _("Bibliographic, still to be read")
    WEAK = "weak", _("Weak: never stands alone")


class SafetySection(TextChoices):
    CONTRAINDICATION = "contraindication", _("Contraindication")
    ENDANGERMENT = "endangerment", _("Endangerment site")
    RED_FLAG = "red_flag", _("Red flag")
    SPECIAL = "special", _("Special population, medicine or response")


class SafetyDecision(TextChoices):
    """One word that says what to do."""

    EMERGENCY = "emergency", _("Emergency")
    SAME_DAY = "same_day", _("Same day")
    REFER = "refer", _("Refer")
    DEFER = "defer", _("Defer")
    LOCAL = "local", _("Avoid locally")
    ADAPT = "adapt", _("Adapt")
    CLEAR = "clear", _("Medical clearance first")
    AVOID = "avoid", _("Do not touch")
    LIGHT = "light", _("Light touch only")
    TRAINED = "trained", _("Only when trained for it")


class AiAssistance(TextChoices):
    """What part a language model had in writing; declared, never guessed."""

    NONE = "none", _("None")
    EDITED = "edited", _("Language only")
    DRAFTED = "drafted", _("Drafted, then edited by people")
