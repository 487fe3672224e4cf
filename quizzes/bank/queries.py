"""Reads of the bank, by what a person's role allows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from .enums import BankPurpose
from .models import Bank, Question

#: Who may read and write which pools. Teaching staff never read an exam bank.
PURPOSES_BY_ROLE: dict[str, frozenset[str]] = {
    "instructor": frozenset({BankPurpose.TEACHING}),
    "examiner": frozenset({BankPurpose.EXAM, BankPurpose.MOCK}),
    "admin": frozenset(BankPurpose.values),
}


def purposes_for(user: Any) -> frozenset[str]:
    """Purposes of the banks that this person may open."""
    return frozenset().union(*(PURPOSES_BY_ROLE.get(role, frozenset()) for role in user.role_codes))


def banks_for(user: Any) -> QuerySet[Bank]:
    """Banks that this person may open."""
    return Bank.objects.filter(purpose__in=purposes_for(user))


def questions_for(user: Any) -> QuerySet[Question]:
    """Questions that this person may read and write."""
    return Question.objects.filter(bank__purpose__in=purposes_for(user)).select_related("bank", "domain", "objective")


def live_but_not_frozen() -> list[str]:
    """Codes of questions that are published without a version: none may be drawn, and a person must look."""
    return list(Question.objects.filter(live=True, current_version=None).values_list("code", flat=True))
