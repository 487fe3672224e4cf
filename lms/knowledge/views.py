"""Public pages of the knowledge register."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from lms.core.ports import lessons_for_claim, lessons_for_terms, lessons_named, questions_for_claim

from . import queries
from .enums import STANDING_MEANINGS, ClaimTopic, Standing
from .models import Claim

#: So many lessons are named beside a term; how many more there are is told.
LESSONS_PER_TERM = 6


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
    """One claim: what is said, how it stands, what we teach, the sources, the lessons and questions that use it."""
    row = get_object_or_404(queries.claims_with_sources(), code=code)
    questions = questions_for_claim(code)
    context = {
        "claim": row,
        "meaning": STANDING_MEANINGS[Standing(row.standing)],
        "contradictions": queries.contradictions(code),
        "lessons": lessons_for_claim(code),
        "questions": _by_lesson(questions),
        "question_count": len(questions),
    }
    return render(request, "lms/knowledge/claim.html", context)


def _by_lesson(questions: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Stems of questions under the lesson that each belongs to; those of no lesson come last."""
    found: dict[str, dict[str, Any]] = {}
    for question in sorted(questions, key=lambda row: not row["title"]):
        group = found.setdefault(question["title"], {"title": question["title"], "url": question["url"], "stems": []})
        group["stems"].append(question["summary"])
    return list(found.values())


def contradictions(request: HttpRequest) -> HttpResponse:
    """Where sources disagree: who says what, and what the school teaches and why, by topic."""
    found = queries.contradictions()
    lessons = {row["code"]: row for row in lessons_named({code for row in found for code in row.lessons})}
    rows = [
        {
            "contradiction": row,
            "claims": sorted((claim for claim in row.claims.all() if not claim.is_retired), key=lambda one: one.code),
            "lessons": [lessons[code] for code in row.lessons if code in lessons],
        }
        for row in found
    ]
    topics = [
        {"code": topic.value, "title": topic.label, "rows": group}
        for topic in ClaimTopic
        if (group := [row for row in rows if row["contradiction"].topic == topic])
    ]
    return render(request, "lms/knowledge/contradictions.html", {"topics": topics, "count": len(rows)})


def glossary(request: HttpRequest) -> HttpResponse:
    """Terms by first letter with the lessons that use them; all of them, or those with the words asked for."""
    words = request.GET.get("q", "").strip()[:100]
    lessons = {row["term"]: row["lessons"] for row in lessons_for_terms()}
    terms = [
        {"term": term, "lessons": used[:LESSONS_PER_TERM], "more": len(used[LESSONS_PER_TERM:])}
        for term in queries.glossary(words)
        for used in [lessons.get(term.code, [])]
    ]
    letters = [
        {"letter": letter, "terms": list(group)}
        for letter, group in groupby(terms, key=lambda row: row["term"].term[:1].upper())
    ]
    context = {"letters": letters, "words": words, "count": len(terms)}
    return render(request, "lms/knowledge/glossary.html", context)


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
