"""Attempts as people and programs see them. Everything a candidate may not know yet never enters these values."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import BigAutoField, QuerySet, UUIDField

from lms.core.ports import gate, visible_assessments
from lms.core.prepared import Param, Prepared
from quizzes.assembly.models import Assessment
from quizzes.assembly.policy import Policy
from quizzes.attempts import policy as rules
from quizzes.attempts.commands import effective_policy, seal_if_overdue, shown, submit_attempt
from quizzes.attempts.entry import Entry, entries_for, grants_for
from quizzes.attempts.enums import AttemptKind, AttemptState
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.bank.held import versions_by_id
from quizzes.bank.models import AnswerKey, Picture
from quizzes.grading.commands import current_responses, grade_attempt
from quizzes.grading.engine import display_percent
from quizzes.grading.models import Result
from quizzes.grading.queries import current_result
from quizzes.types import registry
from quizzes.types.base import feedback_by_alias
from quizzes.types.shapes import DrawsRegions

from .pictures import add_picture

NUMBER = Decimal("0.0001")


def number(value: Decimal | None) -> float | None:
    """A score as a JSON number; None stays None."""
    return None if value is None else float(value.quantize(NUMBER, ROUND_HALF_UP))


def percent_number(value: Decimal | None) -> float | None:
    """A percentage as a JSON number with two places, half up."""
    return None if value is None else float(display_percent(value))


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return value.isoformat().replace("+00:00", "Z") if value else None


# Assessments --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuizView:
    """An assessment with this person's attempts and whether they can start now."""

    assessment: Assessment
    policy: Policy
    item_count: int
    attempts: Sequence[Attempt]
    results: Mapping[int, Result]
    start: rules.Start
    missing: tuple[dict[str, str], ...]
    attempts_left: int | None
    entry: Entry

    @property
    def open_attempt(self) -> Attempt | None:
        """The attempt to go on with."""
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

    @property
    def can_start(self) -> bool:
        """True when a start would give an attempt: a new one or the open one."""
        return self.open_attempt is not None or self.start.allowed

    @property
    def best_result(self) -> Result | None:
        """The best released result of a counted attempt."""
        released = [
            result
            for attempt in self.attempts
            if attempt.voided_at is None and (result := self.results.get(attempt.pk)) and result.released_at
        ]
        return max(released, key=lambda result: (result.passed, result.percent), default=None)


def item_count_of(blueprint: Sequence[Mapping[str, Any]]) -> int:
    """How many items an attempt has."""
    return sum(
        len(section.get("items", ()))
        + section.get("sets", 0) * section.get("items_per_set", 0)
        + sum(cell["count"] for cell in section.get("cells", ()))
        for section in blueprint
    )


def quiz_views(user: Any, at: datetime, codes: Sequence[str] | None = None) -> list[QuizView]:
    """The assessments of what the person is enrolled in, or those of `codes` among them."""
    visible = set(visible_assessments(user))
    if codes is not None:
        visible &= set(codes)
    assessments = list(
        Assessment.objects.filter(code__in=visible, live=True, is_retired=False)
        .exclude(current_version=None)
        .select_related("current_version")
        .order_by("code")
    )
    by_assessment: dict[int, list[Attempt]] = {}
    attempts = Attempt.objects.filter(
        candidate=user, assessment__in=[row.pk for row in assessments], kind=AttemptKind.CANDIDATE
    ).order_by("ordinal")
    for attempt in attempts:
        # What a list says must be true now: time that is over is over, although nobody has looked at the attempt.
        if seal_if_overdue(attempt=attempt, at=at):
            grade_attempt(attempt=attempt, at=at)
        by_assessment.setdefault(attempt.assessment_id, []).append(attempt)
    results = {
        result.attempt_id: result
        for result in Result.objects.filter(
            attempt__in=[attempt.pk for rows in by_assessment.values() for attempt in rows]
        ).order_by("attempt_id", "id")
    }
    verdicts = gate.many(user, assessments) if assessments else {}
    policies = {row.pk: effective_policy(row.current_version, user, row) for row in assessments}
    # Only a limit or a wait can have been waived.
    limited = [
        row for row in assessments if policies[row.pk].max_attempts is not None or policies[row.pk].cooldown_seconds
    ]
    tried = [row for row in limited if by_assessment.get(row.pk)]
    grants = grants_for(user, tried) if tried else {}
    wanted = [(row, policies[row.pk], row.pk in by_assessment) for row in assessments]
    entries = entries_for(user, wanted, at)
    views = []
    for assessment in assessments:
        policy = policies[assessment.pk]
        mine = by_assessment.get(assessment.pk, [])
        past = [rules.Past(row.started_at, row.finished_at) for row in mine if row.voided_at is None]
        granted = grants.get(assessment.pk, ())
        entry = entries[assessment.pk]
        missing = (*getattr(verdicts[assessment.pk], "missing", ()), *entry.missing)
        start = rules.may_start(policy, past, at, granted)
        if not verdicts[assessment.pk].allowed or (start.allowed and entry.missing):
            start = rules.Start(False, "locked")
        views.append(
            QuizView(
                assessment=assessment,
                policy=policy,
                item_count=item_count_of(assessment.current_version.blueprint),
                attempts=mine,
                results=results,
                start=start,
                missing=tuple(row.as_dict() for row in missing),
                attempts_left=rules.attempts_left(policy, past, at, granted),
                entry=entry,
            )
        )
    return views


def startable(user: Any, slug: str) -> Assessment | None:
    """The assessment that a start names, if it belongs to what the person takes; the start itself asks the rest."""
    if not visible_assessments.holds(slug, user):
        return None
    return (
        Assessment.objects.filter(code=slug, live=True, is_retired=False)
        .exclude(current_version=None)
        .select_related("current_version")
        .first()
    )


def attempt_state(attempt: Attempt, result: Result | None) -> AttemptState:
    """The state seen from outside."""
    return rules.state_of(
        is_void=attempt.voided_at is not None,
        is_submitted=attempt.submitted_at is not None,
        is_released=result is not None and result.released_at is not None,
    )


def quiz_data(view: QuizView) -> dict[str, Any]:
    """A quiz for the API."""
    policy = view.policy
    return {
        "slug": view.assessment.code,
        "title": view.assessment.title,
        "kind": policy.kind,
        "time_limit_seconds": policy.time_limit_seconds,
        "opens_at": moment(policy.opens_at),
        "starts_until": moment(policy.starts_until),
        "closes_at": moment(policy.closes_at),
        "max_attempts": policy.max_attempts,
        "attempts_window_seconds": policy.attempts_window_seconds,
        "cooldown_seconds": policy.cooldown_seconds,
        "pass_percent": float(policy.cut_percent),
        "pass_percent_basis": policy.cut_basis,
        "hurdles": [{"code": hurdle.domain, "percent": float(hurdle.percent)} for hurdle in policy.hurdles],
        "item_count": view.item_count,
        "feedback": policy.feedback,
        "results": policy.results,
        "asks_certainty": policy.asks_certainty,
        "needs_authorisation": policy.needs_authorisation,
        "needs_sitting": policy.needs_sitting,
        "asks_start_code": view.entry.asks_code,
        "attempts": [attempt_line(attempt, view.results.get(attempt.pk)) for attempt in view.attempts],
        "can_start": view.can_start,
        "reason": None if view.can_start else view.start.code,
        "retry_at": None if view.can_start else moment(view.start.retry_at),
        "missing": [] if view.can_start else list(view.missing),
    }


def attempt_line(attempt: Attempt, result: Result | None) -> dict[str, Any]:
    """An attempt in a list."""
    released = result if result and result.released_at and attempt.voided_at is None else None
    return {
        "id": str(attempt.uuid),
        "ordinal": attempt.ordinal,
        "state": attempt_state(attempt, result).value,
        "started_at": moment(attempt.started_at),
        "finished_at": moment(attempt.finished_at),
        "percent": percent_number(released.percent) if released else None,
        "passed": released.passed if released else None,
    }


# Attempts -----------------------------------------------------------------------------------------------------------


def settle(attempt: Attempt, at: datetime) -> Result | None:
    """What any read does first: seal what is overdue, grade what is sealed. Returns the result, released or not."""
    seal_if_overdue(attempt=attempt, at=at)
    if attempt.submitted_at is None or attempt.voided_at is not None:
        return None
    return current_result(attempt) or grade_attempt(attempt=attempt, at=at)


def hand_in(attempt: Attempt, *, by: Any, at: datetime) -> Result | None:
    """Seal and grade at the candidate's wish; a second call only looks. Returns the result, released or not."""
    if submit_attempt(attempt=attempt, by=by, at=at):
        return grade_attempt(attempt=attempt, at=at)
    return settle(attempt, at)


def _of_candidate() -> QuerySet[Attempt]:
    rows = Attempt.objects.select_related("assessment").order_by()
    return rows.filter(uuid=Param(0, UUIDField()), candidate=Param(1, BigAutoField()))


def _items() -> QuerySet[AttemptItem]:
    return AttemptItem.objects.filter(attempt=Param(0, BigAutoField())).order_by("slot")


OF_CANDIDATE = Prepared(_of_candidate)
ITEMS = Prepared(_items)


def attempt_of(user: Any, attempt_id: UUID) -> Attempt | None:
    """The attempt, if it is this person's."""
    found: Attempt | None = OF_CANDIDATE.one(attempt_id, user.pk)
    return found


def items_of(attempt: Attempt, *, with_keys: bool = False) -> list[AttemptItem]:
    """The items in order with their versions: one query, and one more where there are pictures."""
    if with_keys:
        rows = AttemptItem.objects.filter(attempt=attempt).select_related("version__answer_key", "version__picture")
        return list(rows.order_by("slot"))
    items: list[AttemptItem] = ITEMS(attempt.pk)
    versions = versions_by_id({item.version_id for item in items})
    wanted = {version.picture_id for version in versions.values() if version.picture_id}
    pictures = Picture.objects.in_bulk(wanted) if wanted else {}
    for item in items:
        version = versions[item.version_id]
        if version.picture_id:
            # What is held by the process stays as it is: how a picture is described may be mended later.
            version = copy.copy(version)
            version.picture = pictures[version.picture_id]
        item.attempt, item.version = attempt, version
    return items


def item_data(attempt: Attempt, item: AttemptItem, response: Response | None) -> dict[str, Any]:
    """An item as a student gets it: CONTRACT of the API, key-free by construction."""
    version = item.version
    kind = registry.get(version.type)
    data: dict[str, Any] = {
        "slot": item.slot,
        "type": version.type,
        "stem_html": version.stem_html,
        "max_score": float(item.marks),
        "interaction": kind.interaction(kind.Presentation.model_validate(version.presentation), item.arrangement),
        "response": shown(item, response),
    }
    if version.stimulus_html:
        data["stimulus_html"] = version.stimulus_html
    add_picture(data, attempt, version, kind)
    return data


def attempt_data(attempt: Attempt, result: Result | None, at: datetime) -> dict[str, Any]:
    """An attempt for the API."""
    # While the clock stands still nobody reads on.
    items = [] if attempt.is_open and attempt.paused_at else items_of(attempt)
    responses = current_responses(attempt.pk) if items else {}
    return {
        "id": str(attempt.uuid),
        "quiz": attempt.assessment.code,
        "state": attempt_state(attempt, result).value,
        "paused": attempt.paused_at is not None,
        "started_at": moment(attempt.started_at),
        "deadline": moment(attempt.deadline_at),
        "server_time": moment(at),
        "items": [item_data(attempt, item, responses.get(item.pk)) for item in items],
    }


def heartbeat_data(attempt: Attempt, result: Result | None, at: datetime) -> dict[str, Any]:
    """What a page that shows an attempt must hear."""
    return {
        "server_time": moment(at),
        "deadline": moment(attempt.deadline_at),
        "paused": attempt.paused_at is not None,
        "state": attempt_state(attempt, result).value,
    }


# Keys ---------------------------------------------------------------------------------------------------------------


def feedback_data(
    item: AttemptItem, response: Response | None, fraction: Decimal | None, answer_key: AnswerKey | None = None
) -> dict[str, Any]:
    """Everything about the key of one item: the one shown, or that of the grade in force (`answer_key`).

    Only for callers that have asked `visibility` first.
    """
    kind = registry.get(item.version.type)
    held = answer_key or item.version.answer_key
    key = kind.Key.model_validate(held.key)
    answer = kind.Answer.model_validate(response.data) if response and response.data is not None else None
    data = {
        "score": number(None if fraction is None else fraction * item.marks),
        "correct_answer": kind.serialise(item.arrangement, kind.correct_answer(key)),
        "rationale_html": held.rationale_html,
        "choice_feedback": feedback_by_alias(item.arrangement, kind.choice_feedback(key, answer)),
    }
    if isinstance(kind, DrawsRegions):
        data["drawing"] = kind.drawing(item.arrangement, key, answer)
    return data


def answer_feedback(item: AttemptItem, response: Response) -> dict[str, Any]:
    """Feedback given with an answer, for an item whose answer is now final."""
    kind = registry.get(item.version.type)
    key = kind.Key.model_validate(item.version.answer_key.key)
    fraction = kind.grade(key, kind.Answer.model_validate(response.data)).fraction
    return feedback_data(item, response, fraction)
