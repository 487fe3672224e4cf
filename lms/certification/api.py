"""The door of the certification package."""

from .case_commands import open_case
from .case_queries import desk_cases, own_cases, waiting_cases
from .changes import has_changes
from .commands import admit, apply, decide, freeze_path, waive_requirement
from .eligibility import required_courses
from .issuing import issue_renewed, reinstate, reissue, revoke, suspend
from .models import Admission, Application, Certificate, Path, Renewal
from .papers import hand_in_document, review_document
from .queries import (
    attestations_of,
    held_certificates,
    ledger_for,
    open_applications,
    published_paths,
    running_admission,
    standing_of_certificate,
)
from .renewal_commands import review_ce_claim, submit_ce_claim
from .renewal_queries import renewal_dues
from .renewal_terms import RenewalPolicy, policy_of
from .requirements.base import RequirementTerms
from .requirements.kinds import KINDS as REQUIREMENT_KINDS

__all__ = [
    "REQUIREMENT_KINDS",
    "Admission",
    "Application",
    "Certificate",
    "Path",
    "Renewal",
    "RenewalPolicy",
    "RequirementTerms",
    "admit",
    "apply",
    "attestations_of",
    "decide",
    "desk_cases",
    "freeze_path",
    "hand_in_document",
    "has_changes",
    "held_certificates",
    "issue_renewed",
    "ledger_for",
    "open_applications",
    "open_case",
    "own_cases",
    "policy_of",
    "published_paths",
    "reinstate",
    "reissue",
    "renewal_dues",
    "required_courses",
    "review_ce_claim",
    "review_document",
    "revoke",
    "running_admission",
    "standing_of_certificate",
    "submit_ce_claim",
    "suspend",
    "waiting_cases",
    "waive_requirement",
]
