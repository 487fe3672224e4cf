"""Reads about people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import BigAutoField, DateTimeField, F, Q, QuerySet

from lms.core.digest import digest_of_text
from lms.core.prepared import Param, Prepared

from .enums import AgreementKind
from .models import Acceptance, AccommodationProfile, Agreement, ApiToken, User

#: Kinds of agreement that a person accepts with the account.
SIGN_UP_KINDS = (AgreementKind.TERMS, AgreementKind.PRIVACY)


def user_of_token(key: str, at: datetime) -> User | None:
    """The person whose live key this is, else None (one query)."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of_text(key), revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=at))
        .first()
    )
    return token.user if token and token.user.is_active else None


def _accommodation() -> QuerySet[AccommodationProfile]:
    at = Param(1, DateTimeField())
    return (
        AccommodationProfile.objects.filter(user=Param(0, BigAutoField()), valid_from__lte=at)
        .filter(Q(valid_until=None) | Q(valid_until__gt=at))
        .order_by("-valid_from", "-id")[:1]
    )


ACCOMMODATION = Prepared(_accommodation)


def accommodation_for(user: User, at: datetime) -> AccommodationProfile | None:
    """The profile in force for a person."""
    found: AccommodationProfile | None = ACCOMMODATION.one(user.pk, at)
    return found


def accommodations_for(people: Iterable[int], at: datetime) -> dict[int, AccommodationProfile]:
    """The profile in force of each of these people (primary keys) who has one (one query)."""
    rows = (
        AccommodationProfile.objects.filter(user__in=list(people), valid_from__lte=at)
        .filter(Q(valid_until=None) | Q(valid_until__gt=at))
        .order_by("valid_from", "id")
    )
    return {row.user_id: row for row in rows}


def current_agreements(codes: list[str]) -> dict[str, Agreement]:
    """The version in force of each of these agreements, by code."""
    found: dict[str, Agreement] = {}
    for agreement in Agreement.objects.filter(code__in=codes).order_by("code", "version"):
        found[agreement.code] = agreement
    return found


def agreements_at_sign_up() -> list[Agreement]:
    """The terms and the privacy notice in force, if the school has published any."""
    found: dict[str, Agreement] = {}
    for agreement in Agreement.objects.filter(kind__in=SIGN_UP_KINDS).order_by("code", "version"):
        found[agreement.code] = agreement
    return list(found.values())


def acceptances_of(user: User, codes: list[str]) -> dict[str, Acceptance]:
    """The person's acceptance of the version in force of each code, where there is one."""
    current = {agreement.pk for agreement in current_agreements(codes).values()}
    rows = Acceptance.objects.filter(user=user, agreement_id__in=current).annotate(code=F("agreement__code"))
    return {row.code: row for row in rows.select_related("agreement")}


def has_second_factor(user: User) -> bool:
    """True when the person set up an authenticator app."""
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(user))
