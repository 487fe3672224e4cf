"""What came of an attempt, as far as its candidate may know it now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from lms.knowledge.api import domain_titles
from quizzes.assembly.enums import DomainReport
from quizzes.assembly.policy import Policy
from quizzes.attempts.models import Attempt
from quizzes.grading.certainty import calibration
from quizzes.grading.engine import band
from quizzes.grading.models import Grade, Result

from .presenters import attempt_state, moment, number, percent_number
from .visibility import Visibility, visibility

FEWEST_TO_TELL = 5


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
    if attempt.is_open:
        data["deadline"] = moment(attempt.deadline_at)
    if result is None or not sees.score:
        return data
    titles = domain_titles()
    data |= {
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
    if attempt.policy.get("asks_certainty") and (certainty := certainty_data(attempt, shows_key=sees.key)):
        data["certainty"] = certainty
    return data


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


def certainty_data(attempt: Attempt, *, shows_key: bool) -> dict[str, Any] | None:
    """How sure the candidate was and how often that was right; None without an answer that says so. One query.

    Where keys stay hidden, a level with a handful of answers would tell which of them is right, and so nothing is said
    of any: the others would give it away.
    """
    grades = Grade.objects.filter(item__attempt=attempt).select_related("item", "response").order_by("item_id", "id")
    in_force = {grade.item_id: grade for grade in grades}.values()
    found = calibration(
        (grade.response.confidence, grade.fraction)
        for grade in in_force
        if grade.item.counts and not grade.excluded and grade.fraction is not None
        if grade.response and grade.response.data is not None and grade.response.confidence
    )
    if found is None:
        return None
    tells = shows_key or all(level.answers == 0 or level.answers >= FEWEST_TO_TELL for level in found.levels)
    return {
        "levels": [
            {"certainty": level.certainty, "answers": level.answers, "right": level.right if tells else None}
            for level in found.levels
        ],
        "average": number(found.average) if tells else None,
    }
