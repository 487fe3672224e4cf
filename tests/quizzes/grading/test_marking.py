"""Marking: who may judge what, what two markers come to, and that the record supports every grade."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from lms.core.exceptions import InvalidInput
from quizzes.attempts.commands import record_response, start_attempt, void_attempt
from quizzes.attempts.models import Response
from quizzes.grading.audit import audit_scores
from quizzes.grading.commands import release_result
from quizzes.grading.models import Grade, Marking, Result
from quizzes.grading.queries import current_grades, current_result
from quizzes.grading.refusals import (
    AlreadyMarked,
    CannotMark,
    OwnAttempt,
    OwnMarking,
    ResponseChanged,
    ResultReleased,
)
from tests.quizzes.grading.test_audit import tamper, unguarded
from tests.quizzes.written import (
    FULL,
    HALF,
    NO_STOP,
    NOTHING,
    essay_of,
    exam,
    mark,
    markers,
    moderate,
    revision_of,
    written,
)

pytestmark = pytest.mark.django_db
__all__ = ["markers"]


@pytest.fixture
def attempt(student: Any, now: datetime) -> Any:
    return written(exam(), student, now)


@pytest.fixture
def doubled(student: Any, now: datetime) -> Any:
    """An attempt whose essay two people mark."""
    return written(exam(needs_second_marker=True), student, now)


def grade_of(attempt: Any) -> Grade:
    return current_grades(attempt)[essay_of(attempt).pk]


def is_clean() -> bool:
    return list(audit_scores()) == []


# One marker -----------------------------------------------------------------------------------------------------------


def test_an_essay_waits_for_a_person_and_the_result_with_it(attempt: Any) -> None:
    assert (grade_of(attempt).fraction, grade_of(attempt).source) == (None, "auto")
    assert current_result(attempt) is None
    assert is_clean()


def test_one_marker_completes_the_attempt_and_the_result_stays_held(attempt: Any, markers: Any, now: Any) -> None:
    done = mark(attempt, markers[0], now, HALF, comment=" Say where. ")
    assert done.state == "graded"
    assert (done.marking.points, done.marking.comment) == ({"c1": "1", "c2": "1"}, "Say where.")
    grade = grade_of(attempt)
    assert (grade.fraction, grade.source, grade.by, grade.marking) == (
        Decimal("0.5"),
        "marker",
        markers[0],
        done.marking,
    )
    result = current_result(attempt)
    assert result is not None
    assert (result.percent, result.passed, result.released_at) == (75, True, None)
    assert is_clean()


def test_without_the_required_criterion_the_cap_holds(attempt: Any, markers: Any, now: Any) -> None:
    mark(attempt, markers[0], now, NO_STOP)
    assert grade_of(attempt).fraction == Decimal("0.4")
    assert is_clean()


def test_a_blank_essay_is_worth_nothing_and_waits_for_nobody(student: Any, markers: Any, now: Any) -> None:
    for text in (None, " – ! \n"):
        attempt = written(exam(max_attempts=None), student, now, text)
        assert grade_of(attempt).fraction == 0
        assert current_result(attempt).percent == 50  # type: ignore[union-attr]
        with pytest.raises(CannotMark):
            mark(attempt, markers[0], now)


@pytest.mark.parametrize(
    ("points", "field"),
    [
        ({}, "points.c1"),
        ({"c1": 1}, "points.c2"),
        ({"c1": 3, "c2": 1}, "points.c1"),
        ({"c1": 1, "c2": "two"}, "points.c2"),
        ({**FULL, "c3": 1}, "points"),
    ],
)
def test_points_that_do_not_fit_the_rubric_are_refused(
    attempt: Any, markers: Any, now: Any, points: Any, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        mark(attempt, markers[0], now, points)
    assert list(caught.value.extra["errors"]) == [field]
    assert not Marking.objects.exists()


def test_nobody_marks_themselves(make_user: Any, now: Any) -> None:
    person = make_user("both", "student", "examiner", "admin")
    attempt = written(exam(), person, now)
    with pytest.raises(OwnAttempt):
        mark(attempt, person, now)


def test_only_what_is_handed_in_and_counts_is_marked(attempt: Any, markers: Any, make_user: Any, now: Any) -> None:
    other = make_user("other", "student")
    running, _new = start_attempt(assessment=exam(), by=other, at=now)
    record_response(attempt_uuid=running.uuid, slot=1, answer={"text": "not yet"}, by=other, at=now)
    with pytest.raises(CannotMark):
        mark(running, markers[0], now)
    with pytest.raises(CannotMark):
        mark(attempt, markers[0], now, slot=2)
    void_attempt(attempt=attempt, reason="disturbed", by=markers[1], at=now)
    with pytest.raises(CannotMark):
        mark(attempt, markers[0], now)


def test_the_answer_that_was_read_is_the_one_that_counts(attempt: Any, markers: Any, now: Any) -> None:
    item = essay_of(attempt)
    seen = revision_of(attempt)
    Response.objects.create(
        item=item, sequence=seen + 1, data={"text": "let count later"}, received_at=now, input_mode="late"
    )
    with pytest.raises(ResponseChanged) as caught:
        mark(attempt, markers[0], now, revision=seen)
    assert caught.value.extra["revision"] == seen + 1


def test_a_second_marking_needs_a_reason_and_keeps_the_first(attempt: Any, markers: Any, now: Any) -> None:
    mark(attempt, markers[0], now, HALF)
    for reason in ("", "  "):
        with pytest.raises(AlreadyMarked):
            mark(attempt, markers[1], now, FULL, reason=reason)
    mark(attempt, markers[0], now + timedelta(hours=1), FULL, reason="The second page was overlooked.")
    assert grade_of(attempt).fraction == 1
    assert grade_of(attempt).reason == "The second page was overlooked."
    results = list(Result.objects.filter(attempt=attempt).order_by("id"))
    assert [result.percent for result in results] == [75, 100]
    assert (results[1].source, results[1].reason, results[1].released_at) == (
        "marker",
        "The second page was overlooked.",
        None,
    )
    assert Grade.objects.filter(item=essay_of(attempt)).count() == 3
    assert is_clean()


def test_a_released_result_changes_only_by_a_regrade(attempt: Any, markers: Any, now: Any) -> None:
    mark(attempt, markers[0], now, HALF)
    release_result(result=current_result(attempt), by=markers[0], at=now)  # type: ignore[arg-type]
    with pytest.raises(ResultReleased) as caught:
        mark(attempt, markers[0], now, FULL, reason="too strict")
    assert caught.value.code == "result_released"
    assert "regrade" in caught.value.message


# Two markers ----------------------------------------------------------------------------------------------------------


def test_two_markers_who_agree_make_the_grade(doubled: Any, markers: Any, now: Any) -> None:
    assert mark(doubled, markers[0], now, HALF).state == "needs_second"
    assert grade_of(doubled).fraction is None
    assert current_result(doubled) is None
    # Other points, the same share.
    assert mark(doubled, markers[1], now, {"c1": "1.5", "c2": "0.5"}).state == "graded"
    assert (grade_of(doubled).fraction, grade_of(doubled).source) == (Decimal("0.5"), "marker")
    assert current_result(doubled).percent == 75  # type: ignore[union-attr]
    assert is_clean()


def test_one_person_is_not_two_markers(doubled: Any, markers: Any, now: Any) -> None:
    mark(doubled, markers[0], now, HALF)
    assert mark(doubled, markers[0], now, FULL).state == "needs_second"
    assert grade_of(doubled).fraction is None
    # The last word of each marker counts.
    assert mark(doubled, markers[1], now, FULL).state == "graded"
    assert grade_of(doubled).fraction == 1
    assert is_clean()


def test_where_two_markers_differ_a_third_decides(doubled: Any, markers: Any, now: Any) -> None:
    mark(doubled, markers[0], now, HALF)
    assert mark(doubled, markers[1], now, FULL).state == "needs_moderation"
    assert current_result(doubled) is None
    for marker in markers:
        with pytest.raises(AlreadyMarked):
            mark(doubled, marker, now, HALF)
    with pytest.raises(OwnMarking):
        moderate(doubled, markers[1], now, HALF)
    done = moderate(doubled, markers[2], now, {"c1": 2, "c2": 1})
    assert done.marking.is_moderation
    assert (grade_of(doubled).fraction, grade_of(doubled).source) == (Decimal("0.75"), "moderation")
    assert current_result(doubled) is not None
    assert is_clean()


def test_an_administrator_may_decide_although_one_of_the_markers(
    doubled: Any, markers: Any, make_user: Any, now: Any
) -> None:
    admin = make_user("boss", "admin")
    mark(doubled, admin, now, HALF)
    mark(doubled, markers[0], now, FULL)
    moderate(doubled, admin, now, HALF)
    assert grade_of(doubled).fraction == Decimal("0.5")
    assert is_clean()


def test_there_is_nothing_to_moderate_before_two_have_marked(
    attempt: Any, doubled: Any, markers: Any, now: Any
) -> None:
    mark(doubled, markers[0], now, HALF)
    for one in (attempt, doubled):
        with pytest.raises(CannotMark):
            moderate(one, markers[2], now)


def test_what_two_decided_is_corrected_by_a_moderator_with_a_reason(doubled: Any, markers: Any, now: Any) -> None:
    for marker in markers[:2]:
        mark(doubled, marker, now, HALF)
    with pytest.raises(AlreadyMarked):
        mark(doubled, markers[0], now, FULL, reason="I was wrong")
    with pytest.raises(AlreadyMarked):
        moderate(doubled, markers[2], now, NOTHING)
    moderate(doubled, markers[2], now, NOTHING, reason="Copied from the book.")
    assert [result.percent for result in Result.objects.filter(attempt=doubled).order_by("id")] == [75, 50]
    assert is_clean()
    release_result(result=current_result(doubled), by=markers[2], at=now)  # type: ignore[arg-type]
    with pytest.raises(ResultReleased):
        moderate(doubled, markers[2], now, FULL, reason="after all")


# The audit ------------------------------------------------------------------------------------------------------------


def findings() -> list[str]:
    return [row.what for row in audit_scores()]


def test_the_audit_finds_a_grade_that_the_marking_does_not_support(attempt: Any, markers: Any, now: Any) -> None:
    mark(attempt, markers[0], now, HALF)
    tamper(grade_of(attempt), fraction="1", mark="1")
    assert "slot 1" in findings()


@pytest.mark.parametrize(
    "columns",
    [{"points": '{"c1": "2", "c2": "2"}'}, {"points": "{}"}, {"fraction": "1"}, {"is_moderation": True}],
    ids=["better points", "no points", "another share", "another kind"],
)
def test_the_audit_finds_a_changed_marking(attempt: Any, markers: Any, now: Any, columns: Any) -> None:
    done = mark(attempt, markers[0], now, HALF)
    tamper(done.marking, **columns)
    assert findings() == ["slot 1"]


def test_the_audit_finds_a_marking_by_the_candidate(attempt: Any, markers: Any, now: Any) -> None:
    done = mark(attempt, markers[0], now, HALF)
    tamper(done.marking, by_id=attempt.candidate_id)
    assert findings() == ["slot 1"]


def test_the_audit_finds_a_missing_second_marker(doubled: Any, markers: Any, now: Any) -> None:
    first = mark(doubled, markers[0], now, HALF)
    mark(doubled, markers[1], now, HALF)
    assert findings() == []
    tamper(first.marking, by_id=markers[1].pk)
    assert findings() == ["slot 1"]


def test_the_audit_finds_an_essay_that_was_graded_by_nobody(attempt: Any, markers: Any, now: Any) -> None:
    grade = grade_of(attempt)
    with unguarded(Grade), connection.cursor() as cursor:
        cursor.execute('UPDATE "quizzes_grade" SET fraction = 1, mark = 1 WHERE id = %s', [grade.pk])
    assert "slot 1" in findings()
