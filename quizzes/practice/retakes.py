"""Where a person stands between a failed result and the next attempt. Derived from the record, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.ports import Missing, remediation
from quizzes.assembly.enums import AssessmentKind
from quizzes.assembly.models import Assessment
from quizzes.attempts import policy as rules
from quizzes.attempts.commands import effective_policy
from quizzes.attempts.entry import entries_for, grants_for
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.grading.models import Result
from quizzes.grading.queries import current_grades, results_of

from .models import PracticeCard, PracticeReview
from .queries import askable, teaching_questions
from .remediation import AnsweredItem, DomainOutcome, Plan, needs_by_domain, plan
from .schedule import ALMOST, last_review

#: Code of what is missing while remediation is not done.
OWED = "remediation"


@dataclass(frozen=True)
class RemediationState:
    """The plan after a failed result, and since when practice counts towards it."""

    plan: Plan
    since: datetime
    domains: tuple[DomainOutcome, ...]


@dataclass(frozen=True)
class Focus:
    """Objectives to practise first, in this order; what was last answered before `since` counts as due."""

    objectives: tuple[str, ...]
    since: datetime


def failed_result(user: Any, attempt_uuid: Any) -> Result | None:
    """The released result in force of a person's own attempt, if it is a fail. None of a void attempt or a check."""
    rows = Result.objects.filter(
        attempt__uuid=attempt_uuid,
        attempt__candidate=user,
        attempt__kind=AttemptKind.CANDIDATE,
        attempt__voided_at=None,
        released_at__isnull=False,
    ).exclude(attempt__assessment__kind=AssessmentKind.CHECK)
    result = rows.select_related("attempt__assessment__current_version").order_by("-id").first()
    return result if result and not result.passed else None


def remediation_state(user: Any, assessment: Assessment, result: Result) -> RemediationState:
    """What a failed result asks for and how much of it is done: five queries, however long the exam."""
    domains = _domains_of(result)
    grades = current_grades(result.attempt)
    items = [
        AnsweredItem(item.version.objective_code, item.version.domain_code, grade.fraction)
        for item in AttemptItem.objects.filter(attempt=result.attempt, counts=True).select_related("version")
        if (grade := grades.get(item.pk)) and grade.fraction is not None and not grade.excluded
    ]
    objectives = {item.objective for item in items}
    since = _told_at(result)
    return RemediationState(
        plan=plan(
            items,
            domains,
            with_questions=frozenset(teaching_questions(objectives).values_list("objective__code", flat=True)),
            answered_right=_answered_right(user, objectives, since),
        ),
        since=since,
        domains=domains,
    )


def focus_after(user: Any, attempt_uuid: Any) -> Focus | None:
    """What to practise after a failed attempt; None when the person has no such result."""
    result = failed_result(user, attempt_uuid)
    if result is None:
        return None
    state = remediation_state(user, result.attempt.assessment, result)
    return Focus(state.plan.open, state.since)


def focused_question(focus: Focus, user: Any, at: datetime) -> int | None:
    """A question of the first objective that has one ready. A card answered since then waits until it is due."""
    rows = askable(user, focus.objectives)
    cards = {card.question_id: card for card in PracticeCard.objects.filter(user=user, question__in=rows)}
    place = {code: number for number, code in enumerate(focus.objectives)}
    ready = []
    for question, objective, code in rows.values_list("pk", "objective__code", "code"):
        card = cards.get(question)
        last = last_review(card.memory) if card else None
        was_asked = last is not None and last >= focus.since
        if card and was_asked and card.due_at > at:
            continue
        is_open = card is not None and card.shown_version_id is not None
        ready.append((not is_open, place[objective], was_asked, code, question))
    return min(ready)[-1] if ready else None


@remediation.register
def practice_before_retake(user: Any, assessment: Assessment) -> Iterable[Missing]:
    """What must still be practised after the last fail that was told. Whoever has passed once owes nothing."""
    results = results_of(user, [assessment.code])
    if not results or any(result.passed for result in results):
        return []
    last = results[-1]
    needed = remediation_state(user, assessment, last).plan
    if needed.is_done:
        return []
    words = _("Practise what was weak: %(open)d of %(all)d to go") % {
        "open": len(needed.open),
        "all": len(needed.required),
    }
    return [Missing(OWED, words, reverse("practice:after", args=[last.attempt.uuid]))]


@dataclass(frozen=True)
class Retake:
    """What time and tries say of a further attempt, and the practice that it still waits for, if any."""

    start: rules.Start
    owed: Missing | None = None


def retake_of(user: Any, assessment: Assessment, at: datetime) -> Retake:
    """The next attempt as the start rules see it; what else may stand in the way is told on the start page."""
    version = assessment.current_version
    if version is None or assessment.is_retired or not assessment.live:
        return Retake(rules.Start(False, "not_open"))
    policy = effective_policy(version, user, assessment)
    past = [
        rules.Past(row.started_at, row.finished_at)
        for row in Attempt.objects.counted().filter(candidate=user, assessment=assessment)
    ]
    grants = grants_for(user, [assessment]).get(assessment.pk, ())
    missing = entries_for(user, [(assessment, policy, bool(past))], at)[assessment.pk].missing
    return Retake(
        start=rules.may_start(policy, past, at, grants),
        owed=next((row for row in missing if row.code == OWED), None),
    )


def _domains_of(result: Result) -> tuple[DomainOutcome, ...]:
    hurdles = {hurdle["code"]: Decimal(hurdle["need"]) for hurdle in result.hurdles}
    needs = needs_by_domain(result.cut_percent, hurdles, [domain["code"] for domain in result.domains])
    return tuple(
        DomainOutcome(domain["code"], Decimal(domain["score"]), Decimal(domain["max_score"]), needs[domain["code"]])
        for domain in result.domains
    )


def _told_at(result: Result) -> datetime:
    """When the person first heard of this attempt's outcome: a later correction does not undo what was practised."""
    first = Result.objects.filter(attempt=result.attempt_id).aggregate(first=Min("released_at"))["first"]
    return first or result.at


def _answered_right(user: Any, objectives: Iterable[str], since: datetime) -> frozenset[str]:
    rows = PracticeReview.objects.filter(
        card__user=user, at__gte=since, fraction__gte=1 - ALMOST, version__objective_code__in=list(objectives)
    )
    return frozenset(rows.values_list("version__objective_code", flat=True))
