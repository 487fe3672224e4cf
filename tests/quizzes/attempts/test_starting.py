"""Starting: one open attempt at a time, and a reason with what to do about it whenever there is none."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lms.core.ports import Deny, Missing, conditions, gate
from quizzes.assembly.commands import freeze_assessment
from quizzes.attempts.commands import start_attempt, void_attempt
from quizzes.attempts.exceptions import Cooldown, Locked, NoAttemptsLeft, NotOpen
from quizzes.attempts.models import Attempt, AttemptEvent
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def post(student: Any, api: Any, clock: Any) -> Any:
    client = api(student)
    return lambda quiz: client.post(f"/api/v1/quizzes/{quiz.code}/attempts/")


def test_a_start_gives_an_attempt_and_a_second_one_gives_it_back(quiz_of: Any, post: Any, clock: Any) -> None:
    quiz = quiz_of(time_limit=HOUR)
    first = post(quiz)
    assert first.status_code == 201
    body = first.json()
    assert (body["quiz"], body["state"], body["paused"]) == (quiz.code, "in_progress", False)
    assert body["started_at"] == body["server_time"] == "2026-11-02T10:00:00Z"
    assert body["deadline"] == "2026-11-02T11:00:00Z"
    assert [item["slot"] for item in body["items"]] == [1, 2, 3, 4, 5, 6]
    assert all(item["response"] is None for item in body["items"])
    clock.forward(minutes=5)
    again = post(quiz)
    assert again.status_code == 200
    assert again.json() == {**body, "server_time": "2026-11-02T10:05:00Z"}
    assert Attempt.objects.get(assessment=quiz).events.get().type == "started"


def test_an_untimed_attempt_has_no_deadline(quiz_of: Any, post: Any) -> None:
    assert post(quiz_of(["numeric"])).json()["deadline"] is None


def test_an_overdue_attempt_is_sealed_before_the_next_begins(quiz_of: Any, post: Any, clock: Any, api: Any) -> None:
    quiz = quiz_of(["numeric"], time_limit=HOUR)
    first = post(quiz).json()
    clock.forward(hours=1, seconds=5)
    assert post(quiz).json()["id"] == first["id"], "within the grace it still runs"
    clock.forward(microseconds=1)
    second = post(quiz)
    assert second.status_code == 201
    assert second.json()["id"] != first["id"]
    old = Attempt.objects.get(uuid=first["id"])
    assert (old.submitted_how, old.finished_at) == ("deadline", old.deadline_at)
    assert Attempt.objects.get(uuid=second.json()["id"]).ordinal == 2


def test_an_overdue_attempt_is_sealed_even_when_none_may_follow(quiz_of: Any, post: Any, clock: Any) -> None:
    quiz = quiz_of(["numeric"], time_limit=HOUR, max_attempts=1)
    post(quiz)
    clock.forward(hours=2)
    refused = post(quiz)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_attempts_left")
    assert Attempt.objects.get(assessment=quiz).submitted_how == "deadline"


def test_a_quiz_never_offers_an_attempt_that_is_overdue(
    quiz_of: Any, post: Any, clock: Any, api: Any, student: Any
) -> None:
    quiz = quiz_of(["numeric"], time_limit=HOUR, max_attempts=1)
    post(quiz)
    clock.forward(hours=2)
    shown = api(student).get(f"/api/v1/quizzes/{quiz.code}/").json()
    assert (shown["can_start"], shown["reason"]) == (False, "no_attempts_left")
    assert [(row["state"], row["percent"]) for row in shown["attempts"]] == [("graded", 0.0)]


@pytest.mark.parametrize(
    ("rules", "ago", "code", "extra"),
    [
        ({"max_attempts": 1}, DAY, "no_attempts_left", None),
        ({"max_attempts": 1, "attempts_window": 2 * DAY}, DAY, "no_attempts_left", "2026-11-03T10:00:00"),
        ({"cooldown": 2 * DAY}, DAY, "cooldown", "2026-11-03T10:01:00"),
    ],
)
def test_refusals_name_their_reason_and_when_it_ends(
    quiz_of: Any, post: Any, begin: Any, hand_in: Any, now: Any, rules: Any, ago: Any, code: str, extra: str | None,
    api: Any, student: Any,
) -> None:  # fmt: skip
    quiz = quiz_of(["numeric"], **rules)
    hand_in(begin(quiz, at=now - ago), at=now - ago + MINUTE)
    refused = post(quiz)
    body = refused.json()
    assert (refused.status_code, body["code"], body["status"]) == (409, code, 409)
    assert refused["Content-Type"] == "application/problem+json"
    assert body.get("retry_at", "").removesuffix("+00:00").removesuffix("Z") == (extra or "")
    shown = api(student).get(f"/api/v1/quizzes/{quiz.code}/").json()
    assert (shown["can_start"], shown["reason"]) == (False, code)
    assert (shown["retry_at"] or "").removesuffix("Z") == (extra or "")


@pytest.mark.parametrize(("opens", "closes"), [(HOUR, None), (-2 * HOUR, -HOUR), (None, timedelta(0))])
def test_outside_its_window_a_quiz_is_not_open(quiz_of: Any, post: Any, now: Any, opens: Any, closes: Any) -> None:
    quiz = quiz_of(
        ["numeric"],
        opens_at=None if opens is None else now + opens,
        closes_at=None if closes is None else now + closes,
    )
    assert (post(quiz).status_code, post(quiz).json()["code"]) == (409, "not_open")


def test_the_cooldown_ends_to_the_second(quiz_of: Any, begin: Any, hand_in: Any, now: Any) -> None:
    quiz = quiz_of(["numeric"], cooldown=DAY)
    hand_in(begin(quiz), at=now + MINUTE)
    with pytest.raises(Cooldown):
        begin(quiz, at=now + DAY + MINUTE - timedelta(microseconds=1))
    assert begin(quiz, at=now + DAY + MINUTE).ordinal == 2


def test_an_attempt_closed_by_its_deadline_cools_down_from_the_deadline(quiz_of: Any, begin: Any, now: Any) -> None:
    quiz = quiz_of(["numeric"], cooldown=DAY, time_limit=HOUR)
    begin(quiz)
    # Nobody looked at it for a day and an hour; it ended when its time did.
    assert begin(quiz, at=now + HOUR + DAY).ordinal == 2


def test_what_comes_first_is_told_with_a_way_there(quiz_of: Any, post: Any, student: Any, api: Any) -> None:
    quiz = quiz_of(["numeric"])

    def shut(user: Any, subjects: Any) -> Any:
        missing = (Missing("HIS-1", "Before 1930", "/courses/his-1/"),)
        return {subject.pk: Deny("locked", "Read the lesson first.", missing) for subject in subjects}

    gate.register(shut)
    try:
        refused = post(quiz).json()
        shown = api(student).get(f"/api/v1/quizzes/{quiz.code}/").json()
    finally:
        gate.answers.remove(shut)
    assert (refused["code"], refused["detail"]) == ("locked", "Read the lesson first.")
    assert refused["missing"] == [{"code": "HIS-1", "title": "Before 1930", "url": "/courses/his-1/"}]
    assert (shown["can_start"], shown["reason"], shown["missing"]) == (False, "locked", refused["missing"])
    assert not Attempt.objects.exists()


def test_an_attempt_that_runs_goes_on_although_the_gate_shut(quiz_of: Any, begin: Any, now: Any) -> None:
    quiz = quiz_of(["numeric"])
    attempt = begin(quiz)

    def shut(user: Any, subjects: Any) -> Any:
        return {subject.pk: Deny("locked", "Not now.") for subject in subjects}

    gate.register(shut)
    try:
        assert begin(quiz) == attempt
    finally:
        gate.answers.remove(shut)


def test_a_real_quiz_is_locked_until_its_module_opens(enrolled: Any, api: Any) -> None:
    refused = api(enrolled).post("/api/v1/quizzes/his-quiz/attempts/")
    assert (refused.status_code, refused.json()["code"]) == (409, "locked")
    assert refused.json()["missing"]


def test_a_quiz_of_nobody_is_not_found(student: Any, api: Any) -> None:
    quiz = make_assessment(questions=[make_question()])
    for response in (
        api(student).get(f"/api/v1/quizzes/{quiz.code}/"),
        api(student).post(f"/api/v1/quizzes/{quiz.code}/attempts/"),
        api(student).post("/api/v1/quizzes/no-such-quiz/attempts/"),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
        assert response["Content-Type"] == "application/problem+json"


def test_nobody_starts_without_signing_in(quiz_of: Any, api: Any) -> None:
    response = api().post(f"/api/v1/quizzes/{quiz_of(['numeric']).code}/attempts/")
    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("field", ["is_retired", "live"])
def test_a_withdrawn_quiz_cannot_be_started(quiz_of: Any, begin: Any, field: str) -> None:
    quiz = quiz_of(["numeric"])
    setattr(quiz, field, field == "is_retired")
    with pytest.raises(NotOpen):
        begin(quiz)


def test_a_void_attempt_uses_up_nothing(quiz_of: Any, begin: Any, hand_in: Any, now: Any, others: Any) -> None:
    quiz = quiz_of(["numeric"], max_attempts=1, cooldown=DAY)
    first = begin(quiz)
    hand_in(first, at=now + MINUTE)
    with pytest.raises(NoAttemptsLeft):
        begin(quiz, at=now + HOUR)
    void_attempt(attempt=first, reason="The fire alarm rang", by=others["examiner"], at=now + HOUR)
    second = begin(quiz, at=now + HOUR)
    assert second.ordinal == 2, "ordinals are never given twice"


def test_an_open_attempt_that_is_voided_makes_room(quiz_of: Any, begin: Any, now: Any, others: Any) -> None:
    quiz = quiz_of(["numeric"])
    first = begin(quiz)
    void_attempt(attempt=first, reason="Wrong form", by=others["examiner"], at=now)
    assert begin(quiz) != first
    assert (first.void_reason, first.voided_by) == ("Wrong form", others["examiner"])
    void_attempt(attempt=first, reason="Another reason", by=others["admin"], at=now)
    assert first.void_reason == "Wrong form", "written once"
    assert AttemptEvent.objects.filter(attempt=first, type="voided").count() == 1


def test_the_rules_of_the_start_hold_to_the_end(quiz_of: Any, begin: Any, now: Any) -> None:
    quiz = quiz_of(["numeric"], time_limit=HOUR, cut_percent=Decimal(80))
    attempt = begin(quiz)
    quiz.time_limit, quiz.cut_percent = MINUTE, Decimal(10)
    quiz.save()
    freeze_assessment(assessment=quiz, by=None, at=now)
    again = begin(quiz, at=now + 2 * MINUTE)
    assert again == attempt
    assert (again.deadline_at, again.policy["cut_percent"]) == (now + HOUR, "80")


def test_an_accommodation_lengthens_the_time_and_is_kept_with_the_attempt(
    quiz_of: Any, begin: Any, now: Any, student: Any, others: Any
) -> None:
    from lms.accounts.models import AccommodationProfile

    AccommodationProfile.objects.create(
        user=student, time_factor=Decimal("1.25"), extra_minutes=10, break_minutes=5, valid_from=now - DAY,
        approved_by=others["registrar"], approved_at=now - DAY,
    )  # fmt: skip
    attempt = begin(quiz_of(["numeric"], time_limit=HOUR))
    assert attempt.deadline_at == now + timedelta(minutes=75 + 15)
    assert (attempt.conditions["time_factor"], attempt.conditions["extra_minutes"]) == ("1.25", 10)
    closing = begin(quiz_of(["numeric"], time_limit=HOUR, closes_at=now + timedelta(minutes=70)))
    assert closing.deadline_at == now + timedelta(minutes=70)


def test_a_cohort_may_have_conditions_of_its_own(quiz_of: Any, begin: Any, now: Any, student: Any) -> None:
    quiz = quiz_of(["numeric"], closes_at=now - HOUR)

    def later(user: Any, assessment: Any) -> Any:
        return [{"closes_at": now + HOUR}] if user == student else []

    with pytest.raises(NotOpen):
        begin(quiz)
    conditions.register(later)
    try:
        attempt = begin(quiz)
    finally:
        conditions.answers.remove(later)
    assert attempt.deadline_at == now + HOUR


def test_equal_seeds_lay_out_equal_attempts(quiz_of: Any, begin: Any, others: Any) -> None:
    quiz = quiz_of(shuffle_items=True)
    other = begin(quiz, by=others["other"], seed="one")
    mine = begin(quiz, seed="one")
    rows = [[(item.slot, item.version_id, item.arrangement) for item in row.items.all()] for row in (mine, other)]
    assert rows[0] == rows[1]
    orders = {tuple(begin(quiz, by=person, seed=role).items.values_list("version_id", flat=True))
              for role, person in others.items() if role != "other"}  # fmt: skip
    assert len(orders) > 1


def test_the_next_draw_prefers_questions_not_met_yet(
    show_to: Any, student: Any, begin: Any, hand_in: Any, now: Any
) -> None:
    bank = make_bank("pool")
    for _ in range(6):
        make_question(bank=bank)
    quiz = make_assessment(draws=[{"bank": bank, "rules": [{"count": 3}]}])
    met = []
    for number in range(2):
        attempt = begin(quiz, at=now + number * HOUR, seed=f"draw {number}")
        met.append(set(attempt.items.values_list("version__question", flat=True)))
        hand_in(attempt, at=now + number * HOUR + MINUTE)
    assert not met[0] & met[1]


def test_a_locked_start_raises_before_anything_is_drawn(quiz_of: Any, student: Any, now: Any) -> None:
    quiz = quiz_of(["numeric"])

    def shut(user: Any, subjects: Any) -> Any:
        return {subject.pk: Deny("locked", "Not now.") for subject in subjects}

    gate.register(shut)
    try:
        with pytest.raises(Locked) as caught:
            start_attempt(assessment=quiz, by=student, at=now)
    finally:
        gate.answers.remove(shut)
    assert caught.value.extra == {"missing": []}
