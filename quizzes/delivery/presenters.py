"""Attempts as people and programs see them. Everything a candidate may not know yet never enters these values."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from lms.core.ports import gate, lessons_for, visible_assessments
from lms.knowledge.api import domain_titles, objectives_by_code
from quizzes.assembly.enums import DomainReport
from quizzes.assembly.models import Assessment
from quizzes.assembly.policy import Policy
from quizzes.attempts import policy as rules
from quizzes.attempts.commands import effective_policy, seal_if_overdue, shown
from quizzes.attempts.enums import AttemptKind, AttemptState
from quizzes.attempts.models import Attempt, AttemptItem, Response
from quizzes.grading.commands import current_responses, grade_attempt
from quizzes.grading.engine import band, display_percent
from quizzes.grading.models import Result
from quizzes.grading.queries import current_grades, current_result
from quizzes.types import registry
from quizzes.types.base import feedback_by_alias

from .visibility import Visibility, visibility

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
        len(section["items"]) if "items" in section else sum(cell["count"] for cell in section["cells"])
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
    views = []
    for assessment in assessments:
        policy = effective_policy(assessment.current_version, user, assessment)
        mine = by_assessment.get(assessment.pk, [])
        past = [rules.Past(row.started_at, row.finished_at) for row in mine if row.voided_at is None]
        verdict = verdicts[assessment.pk]
        start = rules.may_start(policy, past, at) if verdict.allowed else rules.Start(False, "locked")
        views.append(
            QuizView(
                assessment=assessment,
                policy=policy,
                item_count=item_count_of(assessment.current_version.blueprint),
                attempts=mine,
                results=results,
                start=start,
                missing=tuple(missing.as_dict() for missing in getattr(verdict, "missing", ())),
                attempts_left=rules.attempts_left(policy, past, at),
            )
        )
    return views


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


def items_of(attempt: Attempt, *, with_keys: bool = False) -> list[AttemptItem]:
    """The items in order with their versions (one query)."""
    related = ["version__answer_key", "version__picture"] if with_keys else ["version__picture"]
    return list(AttemptItem.objects.filter(attempt=attempt).select_related(*related).order_by("slot"))


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
    if version.picture:
        data["picture"] = {
            "src": reverse("quizzes:picture", args=[attempt.uuid, picture_token(attempt, version.picture_id)]),
            "width": version.picture.width,
            "height": version.picture.height,
            "alt": version.picture.alt,
        }
    return data


def picture_token(attempt: Attempt, picture_id: int | None) -> str:
    """A name for a picture that holds in one attempt and tells nothing."""
    message = f"{attempt.uuid}/{picture_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]


def attempt_data(attempt: Attempt, result: Result | None, at: datetime) -> dict[str, Any]:
    """An attempt for the API."""
    items = items_of(attempt)
    responses = current_responses(items)
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


def visibility_of(attempt: Attempt, result: Result | None, at: datetime) -> Visibility:
    """What the candidate may see of this attempt now."""
    return visibility(
        Policy(**attempt.policy),
        is_submitted=attempt.submitted_at is not None,
        is_void=attempt.voided_at is not None,
        is_released=result is not None and result.released_at is not None,
        now=at,
    )


def result_data(attempt: Attempt, result: Result | None, at: datetime) -> dict[str, Any]:
    """The outcome for the API; nulls while it is not known to the candidate."""
    sees = visibility_of(attempt, result, at)
    data: dict[str, Any] = {
        "state": attempt_state(attempt, result).value,
        "score": None,
        "max_score": None,
        "percent": None,
        "passed": None,
        "hurdles": [],
        "domains": [],
    }
    if result is None or not sees.score:
        return data
    titles = domain_titles()
    return {
        **data,
        "score": number(result.raw),
        "max_score": number(result.maximum),
        "percent": percent_number(result.percent),
        "passed": result.passed,
        "hurdles": [
            {
                "code": hurdle["code"],
                "need": percent_number(Decimal(hurdle["need"])),
                "have": percent_number(Decimal(hurdle["have"])),
                "met": hurdle["met"],
            }
            for hurdle in result.hurdles
        ],
        "domains": domain_lines(attempt, result, titles),
    }


def domain_lines(attempt: Attempt, result: Result, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Scores or bands by domain, or nothing, as the assessment says."""
    report = attempt.policy["domain_report"]
    if report == DomainReport.NONE:
        return []
    lines = []
    for domain in result.domains:
        line: dict[str, Any] = {"code": domain["code"], "title": titles.get(domain["code"], domain["code"])}
        score, maximum = Decimal(domain["score"]), Decimal(domain["max_score"])
        if report == DomainReport.BANDS:
            line["band"] = band(score, maximum, result.cut_percent)
        else:
            line |= {"score": number(score), "max_score": number(maximum)}
        lines.append(line)
    return lines


# Review -------------------------------------------------------------------------------------------------------------


def hidden_questions(attempt: Attempt) -> set[int]:
    """Questions of this attempt that the candidate is being asked elsewhere right now: their keys stay hidden."""
    return set(
        AttemptItem.objects.filter(
            attempt__candidate=attempt.candidate_id, attempt__submitted_at=None, attempt__voided_at=None
        )
        .exclude(attempt=attempt.pk)
        .values_list("version__question_id", flat=True)
    )


def feedback_data(item: AttemptItem, response: Response | None, fraction: Decimal | None) -> dict[str, Any]:
    """Everything about the key of one item. Only for callers that have asked `visibility` first."""
    kind = registry.get(item.version.type)
    key = kind.Key.model_validate(item.version.answer_key.key)
    answer = kind.Answer.model_validate(response.data) if response and response.data is not None else None
    return {
        "score": number(None if fraction is None else fraction * item.marks),
        "correct_answer": kind.serialise(item.arrangement, kind.correct_answer(key)),
        "rationale_html": item.version.answer_key.rationale_html,
        "choice_feedback": feedback_by_alias(item.arrangement, kind.choice_feedback(key, answer)),
    }


def answer_feedback(item: AttemptItem, response: Response) -> dict[str, Any]:
    """Feedback given with an answer, for an item whose answer is now final."""
    kind = registry.get(item.version.type)
    key = kind.Key.model_validate(item.version.answer_key.key)
    fraction = kind.grade(key, kind.Answer.model_validate(response.data)).fraction
    return feedback_data(item, response, fraction)


def review_items(attempt: Attempt, result: Result | None, at: datetime) -> list[dict[str, Any]]:
    """Each item with the answer and what the rule allows now; a bounded number of queries."""
    sees = visibility_of(attempt, result, at)
    items = items_of(attempt, with_keys=sees.key)
    responses = current_responses(items)
    grades = current_grades(attempt) if sees.score else {}
    hidden = hidden_questions(attempt) if sees.key else set()
    objectives = objectives_by_code([item.version.objective_code for item in items]) if sees.key else {}
    lessons = lessons_for(sorted(objectives)) if sees.key else []
    rows = []
    for item in items:
        response = responses.get(item.pk)
        row = item_data(attempt, item, response)
        grade = grades.get(item.pk)
        shows_key = sees.key and item.version.question_id not in hidden
        if shows_key:
            objective = objectives.get(item.version.objective_code)
            row |= feedback_data(item, response, grade.fraction if grade else None)
            row["objectives"] = [{"code": objective.code, "text": objective.text}] if objective else []
            row["lessons"] = [
                {"code": lesson["code"], "title": lesson["title"], "url": lesson["url"]}
                for lesson in lessons
                if item.version.objective_code in lesson["objectives"]
            ]
        rows.append(row)
    return rows
