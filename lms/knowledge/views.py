"""Public pages of the knowledge register."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from lms.core.ports import lessons_for_claim

from . import queries
from .enums import STANDING_MEANINGS, ClaimTopic, Standing
from .models import Claim


def evidence(request: HttpRequest) -> HttpResponse:
    """The evidence desk: every claim with its standing, by topic; filtered by standing or words."""
    standing = request.GET.get("standing", "")
    words = request.GET.get("q", "").strip()[:100]
    claims = queries.claims_with_sources()
    if standing in Standing.values:
        claims = claims.filter(standing=standing)
    if words:
        claims = claims.filter(statement__icontains=words) | claims.filter(teaching__icontains=words)
    order = {topic: place for place, topic in enumerate(ClaimTopic.values)}
    rows = sorted(claims.distinct(), key=lambda claim: (order[claim.topic], claim.code))
    topics = [
        {"code": topic, "title": ClaimTopic(topic).label, "claims": list(group)}
        for topic, group in groupby(rows, key=lambda claim: claim.topic)
    ]
    standings = [
        {"code": item.value, "title": item.label, "meaning": STANDING_MEANINGS[item], "is_current": item == standing}
        for item in Standing
    ]
    context = {"topics": topics, "standings": standings, "standing": standing, "words": words, "count": len(rows)}
    return render(request, "lms/knowledge/evidence.html", context)


def claim(request: HttpRequest, code: str) -> HttpResponse:
    """One claim: what is said, how it stands, what we teach, the sources, the lessons that use it."""
    row = get_object_or_404(queries.claims_with_sources(), code=code)
    context = {"claim": row, "meaning": STANDING_MEANINGS[Standing(row.standing)], "lessons": lessons_for_claim(code)}
    return render(request, "lms/knowledge/claim.html", context)


def glossary(request: HttpRequest) -> HttpResponse:
    """All terms by first letter."""
    letters = [
        {"letter": letter, "terms": list(group)}
        for letter, group in groupby(queries.glossary(), key=lambda term: term.term[:1].upper())
    ]
    return render(request, "lms/knowledge/glossary.html", {"letters": letters})


def atlas(request: HttpRequest) -> HttpResponse:
    """Muscles with attachments, action, nerve, commonly described referral and cautions."""
    return render(request, "lms/knowledge/atlas.html", {"muscles": queries.muscles()})


def about(request: HttpRequest) -> HttpResponse:
    """How the content was made and how far it has been reviewed."""
    claims = Claim.objects.filter(is_retired=False)
    context = {
        "claim_count": claims.count(),
        "reviewed_count": claims.exclude(reviewed_on=None).count(),
        "standings": [
            {"title": item.label, "code": item.value, "meaning": STANDING_MEANINGS[item]} for item in Standing
        ],
        "title": _("About the content"),
    }
    return render(request, "lms/knowledge/about.html", context)
