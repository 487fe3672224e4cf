"""A little practical examination, and sign-offs as tests need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from courses.api import outline
from lms.learning.api import Cohort, enrol
from lms.practicals.api import Practical, PracticalAttempt, SignOff, open_attempt, sign_off
from tests.lms.practicals.little_practical import CRITERIA, FAILS, STATIONS

__all__ = ["CRITERIA", "FAILS", "RIGHT", "STATIONS", "WRONG", "judge", "opened", "published", "teach"]

RIGHT = (2, 2, 2)
WRONG = (0, 1, 1)


def published(
    code: str = "little-practical",
    *,
    stations: Sequence[str] = STATIONS,
    examiners_needed: int = 1,
    fails: Sequence[str] = FAILS,
    criteria: Sequence[str] = CRITERIA,
) -> Practical:
    """A practical examination that is offered; a second time its changes are published."""
    practical = Practical.objects.filter(code=code).first() or Practical(code=code, live=False)
    practical.title = f"Practical {code}"
    practical.instructions = "Judge what you see."
    practical.examiners_needed = examiners_needed
    practical.stations = [
        {
            "type": "station",
            "value": {
                "code": name,
                "title": f"Station {name}",
                "minutes": 10,
                "briefing": f"The secret of {name}.",
                "criteria": list(criteria),
            },
        }
        for name in stations
    ]
    practical.critical_fails = [{"type": "critical_fail", "value": text} for text in fails]
    practical.save()
    practical.save_revision().publish()
    practical.refresh_from_db()
    return practical


def opened(candidate: Any, practical: Practical, by: Any, at: datetime) -> PracticalAttempt:
    """An attempt that runs."""
    attempt, _is_new = open_attempt(candidate=candidate, practical=practical, by=by, at=at)
    return attempt


def judge(
    attempt: PracticalAttempt,
    station: str,
    by: Any,
    at: datetime,
    points: Sequence[int] = RIGHT,
    critical_fails: Mapping[str, str] | None = None,
    **more: Any,
) -> SignOff:
    """A sign-off; each 0 says what was missing."""
    comments = more.pop("comments", ["Not shown" if given == 0 else "" for given in points])
    row, _is_new = sign_off(
        attempt=attempt, station=station, points=points, comments=comments, critical_fails=critical_fails or {},
        by=by, at=at, **more,
    )  # fmt: skip
    return row


def teach(teacher: Any, student: Any, at: datetime) -> None:
    """A class of this teacher in which the student learns."""
    course = outline().course("C1")
    assert course is not None
    cohort = Cohort.objects.create(code=f"class-{teacher.pk}", title="A class")
    cohort.instructors.add(teacher)
    enrol(user=student, course=course, cohort=cohort, by=student, at=at)
