"""The door of an exam: authorisation, seat, identity, start code, another form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lms.core.ports import Deny, Missing, gate, remediation
from quizzes.attempts.commands import (
    authorise,
    book_seat,
    cancel_seat,
    check_identity,
    end_authorisation,
    grant_start,
    open_sitting,
    renew_start_code,
    start_attempt,
)
from quizzes.attempts.exceptions import Locked, NotEligible, NotOpen, SeatRefused
from quizzes.attempts.models import Attempt
from tests.quizzes.making import make_assessment, make_bank, make_question, make_quiz

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def examiner(others: Any) -> Any:
    return others["examiner"]


def lacks(quiz: Any, user: Any, at: Any, **more: Any) -> list[str]:
    """Codes of what stands before a start."""
    with pytest.raises(Locked) as caught:
        start_attempt(assessment=quiz, by=user, at=at, **more)
    return [row["code"] for row in caught.value.extra["missing"]]


def test_an_exam_that_asks_for_an_authorisation_opens_with_it(student: Any, examiner: Any, now: Any) -> None:
    quiz = make_quiz(["numeric"], needs_authorisation=True)
    assert lacks(quiz, student, now) == ["authorisation"]
    row = authorise(
        candidate=student, assessment=quiz, valid_from=now + HOUR, valid_until=now + DAY, by=examiner, at=now
    )
    assert row.eligibility["gate"] == "open"
    assert lacks(quiz, student, now) == ["authorisation"], "the window has not begun"
    assert lacks(quiz, student, now + DAY) == ["authorisation"], "the window is over"
    attempt, _new = start_attempt(assessment=quiz, by=student, at=now + 2 * HOUR)
    assert attempt.authorisation == row


def test_an_authorisation_that_was_ended_opens_nothing(student: Any, examiner: Any, now: Any) -> None:
    quiz = make_quiz(["numeric"], needs_authorisation=True)
    row = authorise(candidate=student, assessment=quiz, valid_from=now, valid_until=now + DAY, by=examiner, at=now)
    assert end_authorisation(authorisation=row, reason="Booked in error", by=examiner, at=now)
    assert not end_authorisation(authorisation=row, reason="Again", by=examiner, at=now)
    assert lacks(quiz, student, now) == ["authorisation"]


def test_nobody_is_authorised_past_a_shut_gate(student: Any, examiner: Any, now: Any) -> None:
    quiz = make_quiz(["numeric"], needs_authorisation=True)

    def shut(user: Any, subjects: Any) -> dict[Any, Any]:
        return {row.pk: Deny("locked", "Practicals first.", (Missing("practicals", "Practicals"),)) for row in subjects}

    gate.register(shut)
    try:
        with pytest.raises(NotEligible) as caught:
            authorise(candidate=student, assessment=quiz, valid_from=now, valid_until=now + DAY, by=examiner, at=now)
    finally:
        gate.answers.remove(shut)
    assert caught.value.extra["missing"][0]["code"] == "practicals"
    with pytest.raises(NotEligible):
        authorise(candidate=student, assessment=quiz, valid_from=now, valid_until=now, by=examiner, at=now)


def test_the_way_into_a_sitting(student: Any, examiner: Any, now: Any) -> None:
    quiz = make_quiz(["numeric"], needs_sitting=True, time_limit=HOUR)
    sitting, code = open_sitting(
        assessment=quiz, place="Room 2", opens_at=now, closes_at=now + 30 * MINUTE, hard_stop_at=now + 45 * MINUTE,
        invigilators=[examiner], by=examiner, at=now - DAY,
    )  # fmt: skip
    assert lacks(quiz, student, now) == ["sitting"]
    seat = book_seat(sitting=sitting, candidate=student, label="A4", by=examiner, at=now - DAY)
    assert lacks(quiz, student, now - MINUTE) == ["sitting_not_open"]
    assert lacks(quiz, student, now) == ["identity"]
    check_identity(seat=seat, method="passport", by=examiner, at=now)
    assert lacks(quiz, student, now, start_code="NOTTHIS") == ["start_code"]
    assert lacks(quiz, student, now + 30 * MINUTE, start_code=code) == ["sitting_over"]
    attempt, _new = start_attempt(assessment=quiz, start_code=f" {code.lower()} ", by=student, at=now)
    assert attempt.sitting == sitting
    assert attempt.deadline_at == now + 45 * MINUTE, "the hard stop of the room"
    with pytest.raises(SeatRefused):
        cancel_seat(seat=seat, by=examiner, at=now)


def test_a_new_start_code_ends_the_old_one(student: Any, examiner: Any, now: Any) -> None:
    quiz = make_quiz(["numeric"], needs_sitting=True)
    sitting, old = open_sitting(
        assessment=quiz, place="Room 2", opens_at=now, closes_at=now + HOUR, by=examiner, at=now
    )
    check_identity(
        seat=book_seat(sitting=sitting, candidate=student, by=examiner, at=now), method="known", by=examiner, at=now
    )
    code = renew_start_code(sitting=sitting)
    assert old not in sitting.start_code_digest
    assert lacks(quiz, student, now, start_code=old) == ["start_code"]
    assert start_attempt(assessment=quiz, start_code=code, by=student, at=now)[1]


def test_seats_are_given_once_and_never_to_invigilators(student: Any, examiner: Any, others: Any, now: Any) -> None:
    quiz = make_quiz(["numeric"], needs_sitting=True)
    sitting, _code = open_sitting(
        assessment=quiz,
        place="Room 2",
        opens_at=now,
        closes_at=now + HOUR,
        invigilators=[examiner],
        by=examiner,
        at=now,
    )
    seat = book_seat(sitting=sitting, candidate=student, by=examiner, at=now)
    for candidate in (student, examiner):
        with pytest.raises(SeatRefused):
            book_seat(sitting=sitting, candidate=candidate, by=examiner, at=now)
    with pytest.raises(SeatRefused):
        check_identity(seat=seat, method="known", by=student, at=now)
    assert cancel_seat(seat=seat, by=examiner, at=now)
    assert book_seat(sitting=sitting, candidate=student, by=examiner, at=now) != seat
    with pytest.raises(SeatRefused):
        book_seat(sitting=sitting, candidate=others["other"], by=examiner, at=now + HOUR)


def test_a_retake_waits_for_remediation_unless_it_is_waived(
    student: Any, examiner: Any, begin: Any, hand_in: Any, now: Any
) -> None:
    quiz = make_quiz(["numeric"], retake_needs_remediation=True)

    def practise(user: Any, assessment: Any) -> list[Missing]:
        return [Missing("practice", "Practise TST-1.1")]

    remediation.register(practise)
    try:
        hand_in(begin(quiz))
        assert "practice" in lacks(quiz, student, now + HOUR)
        grant_start(
            candidate=student, assessment=quiz, kind="no_remediation", reason="Appeal", by=examiner, at=now + HOUR
        )
        assert start_attempt(assessment=quiz, by=student, at=now + HOUR)[1]
    finally:
        remediation.answers.remove(practise)


def _exam(**fields: Any) -> Any:
    bank = make_bank("entry-exam", "exam")
    for _number in range(6):
        make_question(slug="single_choice", bank=bank)
    return make_assessment(
        draws=[{"bank": bank, "rules": [{"count": 2}]}],
        kind="exam",
        **{"form_policy": "fixed", "form_count": 3, **fields},
    )


def test_an_exam_is_given_on_reviewed_forms_only(student: Any, begin: Any, now: Any) -> None:
    exam = _exam()
    forms = list(exam.current_version.forms.all())
    assert len({form.items_digest for form in forms}) == 3
    fresh = make_assessment(
        draws=[{"bank": make_bank("entry-exam", "exam"), "rules": [{"count": 1}]}], kind="exam", form_policy="fixed",
        frozen=False,
    )  # fmt: skip
    from quizzes.assembly.commands import approve_form, freeze_assessment

    version = freeze_assessment(assessment=fresh, by=None, at=now)
    with pytest.raises(NotOpen):
        start_attempt(assessment=fresh, by=student, at=now)
    assert approve_form(form=version.forms.get(), by=None, at=now)
    assert start_attempt(assessment=fresh, by=student, at=now)[1]


def test_a_retake_gets_another_form_until_all_were_sat(begin: Any, hand_in: Any, now: Any) -> None:
    exam = _exam()
    sat = []
    for day in range(4):
        attempt = begin(exam, at=now + day * DAY, seed=f"day {day}")
        hand_in(attempt, at=now + day * DAY)
        sat.append(attempt.form.label)
    assert sorted(sat[:3]) == ["A", "B", "C"]
    assert sat[3] == sat[0], "the one sat longest ago"


def test_a_drawn_exam_repeats_no_item(begin: Any, hand_in: Any, student: Any, now: Any) -> None:
    exam = _exam(form_policy="drawn")
    for day in range(3):
        hand_in(begin(exam, at=now + day * DAY, seed=f"day {day}"), at=now + day * DAY)
    shown = [item.version_id for attempt in Attempt.objects.filter(assessment=exam) for item in attempt.items.all()]
    assert len(set(shown)) == len(shown) == 6
    from quizzes.assembly.exceptions import CannotAssemble

    with pytest.raises(CannotAssemble):
        begin(exam, at=now + 9 * DAY)


def test_the_last_start_is_not_the_hard_stop(student: Any, now: Any, begin: Any) -> None:
    quiz = make_quiz(["numeric"], time_limit=HOUR, starts_until=now + 30 * MINUTE)
    attempt = begin(quiz, at=now + 30 * MINUTE)
    assert attempt.deadline_at == now + 90 * MINUTE, "the full time, however late the start"
    with pytest.raises(NotOpen):
        begin(make_quiz(["numeric"], time_limit=HOUR, starts_until=now), at=now + MINUTE)
