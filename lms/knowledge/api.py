"""The door of the knowledge package."""

from .enums import AiAssistance, SafetyDecision, Standing
from .models import (
    INLINE_FEATURES,
    Claim,
    Domain,
    Figure,
    GlossaryTerm,
    Muscle,
    Objective,
    Provenance,
    ReferralZone,
    Retirable,
    SafetyNote,
    Source,
    code_field,
)
from .queries import domain_titles, objectives_by_code

__all__ = [
    "INLINE_FEATURES",
    "AiAssistance",
    "Claim",
    "Domain",
    "Figure",
    "GlossaryTerm",
    "Muscle",
    "Objective",
    "Provenance",
    "ReferralZone",
    "Retirable",
    "SafetyDecision",
    "SafetyNote",
    "Source",
    "Standing",
    "code_field",
    "domain_titles",
    "objectives_by_code",
]
