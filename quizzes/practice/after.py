"""The page between a fail and the next attempt, put together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from lms.core.ports import lessons_for
from lms.knowledge.api import domain_titles, objectives_by_code
from quizzes.assembly.enums import DomainReport
from quizzes.grading.engine import band
from quizzes.grading.models import Result

from .queries import next_due_at
from .remediation import DomainOutcome
from .retakes import Focus, RemediationState, focused_question, remediation_state, retake_of


def after_context(user: Any, result: Result, at: datetime) -> dict[str, Any]:
    """Domain profile in bands, the steps with their lessons, and what the retake waits for."""
    attempt = result.attempt
    state = remediation_state(user, attempt.assessment, result)
    retake = retake_of(user, attempt.assessment, at)
    needed, titles = state.plan, domain_titles()
    focus = Focus(needed.open, state.since)
    here = reverse("practice:after", args=[attempt.uuid])
    return {
        "attempt": attempt,
        "assessment": attempt.assessment,
        "profile": _profile(result, state, titles),
        "groups": _groups(result, state, titles),
        "open_count": len(needed.open),
        "required_count": len(needed.required),
        "done_count": len(needed.required) - len(needed.open),
        "start": retake.start,
        "owed": retake.owed,
        "owed_here": retake.owed is not None and retake.owed.url == here,
        "can_practise": focused_question(focus, user, at) is not None,
        "can_retake": retake.start.allowed and retake.owed is None,
        "next_due_at": next_due_at(user, needed.open, at) if needed.open else None,
    }


def _tells_domains(result: Result) -> bool:
    return result.attempt.policy["domain_report"] != DomainReport.NONE


def _profile(result: Result, state: RemediationState, titles: dict[str, str]) -> list[dict[str, str]]:
    """Each domain as a band around what it needed; nothing where the assessment does not report domains."""
    if not _tells_domains(result):
        return []

    def line(domain: DomainOutcome) -> dict[str, str]:
        return {
            "title": titles.get(domain.code, domain.code),
            "band": band(domain.score, domain.maximum, domain.need),
        }

    return [line(domain) for domain in state.domains]


def _groups(result: Result, state: RemediationState, titles: dict[str, str]) -> list[dict[str, Any]]:
    """The steps in order, under their domains where these are told."""
    codes = [step.objective for step in state.plan.steps]
    objectives = objectives_by_code(codes)
    taught = lessons_for(codes)
    groups: dict[str, dict[str, Any]] = {}
    for step in state.plan.steps:
        name = step.domain if _tells_domains(result) else ""
        group = groups.setdefault(name, {"title": titles.get(name, name), "steps": []})
        objective = objectives.get(step.objective)
        group["steps"].append(
            {
                "code": step.objective,
                "text": objective.text if objective else "",
                "lessons": [lesson for lesson in taught if step.objective in lesson["objectives"]],
                "is_open": step.is_open,
                "is_done": step.is_done,
                "has_questions": step.has_questions,
            }
        )
    return list(groups.values())
