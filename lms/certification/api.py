"""The door of the certification package."""

from .commands import admit, apply, decide, freeze_path, reinstate, revoke, suspend, waive_requirement
from .eligibility import required_courses
from .models import Admission, Application, Certificate, Path
from .queries import (
    held_certificates,
    ledger_for,
    open_applications,
    published_paths,
    running_admission,
    standing_of_certificate,
)
from .renewal_terms import RenewalPolicy
from .requirements.base import RequirementTerms
from .requirements.kinds import KINDS as REQUIREMENT_KINDS

__all__ = [
    "REQUIREMENT_KINDS",
    "Admission",
    "Application",
    "Certificate",
    "Path",
    "RenewalPolicy",
    "RequirementTerms",
    "admit",
    "apply",
    "decide",
    "freeze_path",
    "held_certificates",
    "ledger_for",
    "open_applications",
    "published_paths",
    "reinstate",
    "required_courses",
    "revoke",
    "running_admission",
    "standing_of_certificate",
    "suspend",
    "waive_requirement",
]
