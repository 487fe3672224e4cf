"""The door of the knowledge package."""

from .enums import AiAssistance, SafetyDecision, Standing
from .history import standings_before
from .models import (
    INLINE_FEATURES,
    BodyMap,
    Claim,
    Contradiction,
    ContradictionSide,
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
from .queries import domain_titles, objectives_by_code, vocabulary
from .terms import Marking, Vocabulary, terms_in

__all__ = [
    "INLINE_FEATURES",
    "AiAssistance",
    "BodyMap",
    "Claim",
    "Contradiction",
    "ContradictionSide",
    "Domain",
    "Figure",
    "GlossaryTerm",
    "Marking",
    "Muscle",
    "Objective",
    "Provenance",
    "ReferralZone",
    "Retirable",
    "SafetyDecision",
    "SafetyNote",
    "Source",
    "Standing",
    "Vocabulary",
    "code_field",
    "domain_titles",
    "objectives_by_code",
    "standings_before",
    "terms_in",
    "vocabulary",
]
