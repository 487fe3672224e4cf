"""The door of the accounts package."""

from .commands import (
    accept_agreement,
    ensure_roles,
    grant_accommodation,
    grant_role,
    issue_api_token,
    pseudonymise,
    publish_agreement,
    revoke_api_token,
)
from .enums import STAFF_ROLES, AgreementKind, Role
from .mail import forgive, owe
from .models import Acceptance, Agreement, User
from .permissions import IsSignedIn, has_role, role_required
from .queries import acceptances_of, accommodation_for, accommodations_for, current_agreements
from .signals import accommodation_granted

__all__ = [
    "STAFF_ROLES",
    "Acceptance",
    "Agreement",
    "AgreementKind",
    "IsSignedIn",
    "Role",
    "User",
    "accept_agreement",
    "acceptances_of",
    "accommodation_for",
    "accommodation_granted",
    "accommodations_for",
    "current_agreements",
    "ensure_roles",
    "forgive",
    "grant_accommodation",
    "grant_role",
    "has_role",
    "issue_api_token",
    "owe",
    "pseudonymise",
    "publish_agreement",
    "revoke_api_token",
    "role_required",
]
