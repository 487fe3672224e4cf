"""Releasing held results: first whether the keys hold, then the release."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import start_attempt
from quizzes.grading.models import Result
from quizzes.grading.regrades import propose_regrade
from quizzes.statistics.models import AnalysisSnapshot
from tests.quizzes.delivery.test_statements import at_most, statements
from tests.quizzes.examining.sat_exam import make_exam, send, signed_in, sit
from tests.quizzes.grading.regrading import in_force
from tests.quizzes.making import right

pytestmark = pytest.mark.django_db
__all__ = ["signed_in"]
HOUR = timedelta(hours=1)


def url(exam: Any) -> str:
    return f"/examine/assessments/{exam.code}/results/"


@pytest.fixture
def exam() -> Any:
    return make_exam(2, results="held")


@pytest.fixture
def held(exam: Any, make_user: Any, now: datetime) -> list[Any]:
    return [
        sit(exam, make_user(name), now - 3 * HOUR, right_slots=slots) for name, slots in (("ann", (1, 2)), ("ben", ()))
    ]


def text_of(client: Any, exam: Any) -> str:
    return " ".join(client.get(url(exam)).content.decode().split())


def test_what_is_open_stands_before_the_release(
    exam: Any, held: list[Any], signed_in: Any, others: Any, make_user: Any, now: datetime
) -> None:
    client = signed_in("examiner")
    page = text_of(client, exam)
    assert page.index("Do the keys hold?") < page.index("Release 2 results")
    for words in ("none was kept yet", "Something is open", "Not everything is settled", "1 of them passed"):
        assert words in page, words
    assert f"/examine/assessments/{exam.code}/analysis/" in page
    late, _new = start_attempt(assessment=exam, by=make_user("cas"), at=now - 2 * HOUR)
    send(late, 1, right(late, 1), now - HOUR + timedelta(seconds=30))
    propose_regrade(
        assessment=exam, question=held[0].items.get(slot=1).version.question, method="full_credit", reason="x",
        by=others["admin"], at=now,
    )  # fmt: skip
    page = text_of(client, exam)
    assert "in 1 attempt" in page
    assert "1 waits for marking" in page


def test_when_nothing_is_open_it_says_so(exam: Any, held: list[Any], signed_in: Any, now: datetime) -> None:
    AnalysisSnapshot.objects.create(
        assessment=exam, includes_retakes=False, attempt_count=2, figures={}, input_digest="0" * 64, at=now
    )
    page = text_of(signed_in("examiner"), exam)
    assert "Settled" in page
    assert "Not everything is settled" not in page


def test_one_is_released_and_then_the_rest(
    exam: Any, held: list[Any], signed_in: Any, others: Any, clock: Any, now: datetime
) -> None:
    client = signed_in("examiner")
    client.post(url(exam), {"attempt": str(held[1].uuid)})
    assert [in_force(attempt).released_at for attempt in held] == [None, now]
    client.post(url(exam), {"attempt": "nonsense"})
    assert in_force(held[0]).released_at is None
    client.post(url(exam))
    assert (in_force(held[0]).released_at, in_force(held[0]).released_by) == (now, others["examiner"])
    page = text_of(client, exam)
    assert "No result waits for its release" in page
    assert "Release" not in page.split("Who waits")[1].replace("its release", "")
    assert client.post(url(exam)).status_code == 302


def test_ones_own_result_is_left_for_somebody_else(exam: Any, make_user: Any, signed_in: Any, now: datetime) -> None:
    both = make_user("both", "student", "examiner")
    own = sit(exam, both, now)
    client = signed_in(both)
    assert "your own" in text_of(client, exam)
    client.post(url(exam), {"attempt": str(own.uuid)})
    client.post(url(exam))
    assert in_force(own).released_at is None


def test_the_page_costs_the_same_with_few_and_with_many(
    exam: Any, held: list[Any], make_user: Any, signed_in: Any, now: datetime
) -> None:
    client = signed_in("examiner")
    client.get(url(exam))
    few = statements(lambda: client.get(url(exam)))
    for number in range(30):
        sit(exam, make_user(f"more-{number}"), now)
    many = statements(lambda: client.get(url(exam)))
    assert len(few) == len(many)
    at_most(16, many)
    assert Result.objects.count() == 32


def test_who_may_release(exam: Any, held: list[Any], signed_in: Any) -> None:
    statuses = {who: signed_in(who).post(url(exam)).status_code for who in ("instructor", "registrar", "other")}
    assert statuses == {"instructor": 404, "registrar": 403, "other": 403}
    assert in_force(held[0]).released_at is None
