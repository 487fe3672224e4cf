"""Reads of the knowledge register."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from .models import Claim, Contradiction, Domain, GlossaryTerm, Muscle, Objective, SafetyNote
from .terms import Term, Vocabulary


def claims_with_sources() -> QuerySet[Claim]:
    """Claims in use with their sources: two queries however many."""
    return Claim.objects.filter(is_retired=False).prefetch_related("sources")


def glossary(words: str = "") -> QuerySet[GlossaryTerm]:
    """Terms in use, alphabetically; those with these words in term or definition, if any are given."""
    terms = GlossaryTerm.objects.filter(is_retired=False).order_by(Lower("term"), "code")
    return terms.filter(Q(term__icontains=words) | Q(definition__icontains=words)) if words else terms


def vocabulary() -> Vocabulary:
    """The glossary, ready to be found in prose (one query)."""
    return Vocabulary(tuple(Term(row.code, row.term, row.definition, row.get_absolute_url()) for row in glossary()))


def _place(contradiction: Contradiction) -> tuple[int, str]:
    """X2 before X10."""
    digits = "".join(sign for sign in contradiction.code if sign.isdigit())
    return int(digits or 0), contradiction.code


def contradictions(claim: str = "") -> list[Contradiction]:
    """Contradictions in use, in order of their numbers, with sides and claims; of one claim when its code is given."""
    rows = Contradiction.objects.filter(is_retired=False).prefetch_related("sides", "claims")
    return sorted(rows.filter(claims__code=claim) if claim else rows, key=_place)


def atlas_muscles() -> list[Muscle]:
    """Muscles in use in the order of their codes, with their maps (one query)."""
    return list(Muscle.objects.filter(is_retired=False).order_by("code"))


def safety_notes(codes: Sequence[str]) -> list[SafetyNote]:
    """The notes of these codes that are in use, in this order (one query)."""
    known = {note.code: note for note in SafetyNote.objects.filter(code__in=codes, is_retired=False)}
    return [known[code] for code in codes if code in known]


def domain_titles() -> dict[str, str]:
    """Titles by code."""
    return dict(Domain.objects.values_list("code", "title"))


def objectives_by_code(codes: list[str]) -> dict[str, Objective]:
    """Objectives by code (one query)."""
    return {row.code: row for row in Objective.objects.filter(code__in=codes)}
