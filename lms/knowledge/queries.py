"""Reads of the knowledge register."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Claim, Domain, GlossaryTerm, Muscle, Objective


def claims_with_sources() -> QuerySet[Claim]:
    """Claims in use with their sources: two queries however many."""
    return Claim.objects.filter(is_retired=False).prefetch_related("sources")


def glossary() -> QuerySet[GlossaryTerm]:
    """Terms in use, alphabetically."""
    return GlossaryTerm.objects.filter(is_retired=False)


def muscles() -> QuerySet[Muscle]:
    """Muscles of the atlas with referral zones and sources."""
    return Muscle.objects.filter(is_retired=False).prefetch_related("referral_zones", "sources")


def domain_titles() -> dict[str, str]:
    """Titles by code."""
    return dict(Domain.objects.values_list("code", "title"))


def objectives_by_code(codes: list[str]) -> dict[str, Objective]:
    """Objectives by code (one query)."""
    return {row.code: row for row in Objective.objects.filter(code__in=codes)}
