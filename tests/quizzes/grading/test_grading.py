"""Grading a sealed attempt: once, from the last counted answers, under the key that was shown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lms.core.exceptions import RecordIsFixed
from quizzes.attempts.commands import submit_attempt, void_attempt
from quizzes.attempts.models import Attempt
from quizzes.bank.commands import freeze_question
from quizzes.grading.commands import grade_attempt, release_result
from quizzes.grading.models import Grade, Result
from quizzes.grading.queries import results_of
from quizzes.grading.signals import result_recorded
from quizzes.types import registry
from quizzes.types.base import Outcome
from tests.quizzes.making import SIX_TYPES, choices, make_assessment, make_question, rewrite, right, wrong

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def by_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question type whose answers a person judges, in the place of the numeric one."""
    known = dict(registry.types_by_slug())

    class Read(type(known["numeric"])):  # type: ignore[misc]
        def grade(self, key: Any, answer: Any) -> Outcome:
            return Outcome(None)

    monkeypatch.setattr(registry, "types_by_slug", lambda: {**known, "numeric": Read()})


def fractions(attempt: Attempt) -> list[Decimal | None]:
    return list(Grade.objects.filter(item__attempt=attempt).order_by("item__slot").values_list("fraction", flat=True))


def test_right_answers_earn_everything(quiz_of: Any, begin: Any, answer: Any, hand_in: Any) -> None:
    attempt = begin(quiz_of())
    for slot in range(1, 7):
        answer(attempt, slot, answer=right(attempt, slot))
    result = hand_in(attempt)
    assert (result.raw, result.maximum, result.percent, result.passed) == (6, 6, 100, True)
    assert fractions(attempt) == [1] * 6
    assert {grade.answer_key.version_id for grade in Grade.objects.all()} == {
        item.version_id for item in attempt.items.all()
    }


def test_blanks_and_cleared_answers_are_worth_nothing(quiz_of: Any, begin: Any, answer: Any, hand_in: Any) -> None:
    attempt = begin(quiz_of())
    answer(attempt, 1, answer=right(attempt))
    answer(attempt, 1, answer=None)
    answer(attempt, 2, flagged=True)
    result = hand_in(attempt)
    assert (result.raw, result.percent, result.passed) == (0, 0, False)
    assert fractions(attempt) == [0] * 6, "a blank is worth 0, which is not the same as not known"


def test_the_last_answer_counts(quiz_of: Any, begin: Any, answer: Any, hand_in: Any) -> None:
    attempt = begin(quiz_of(["single_choice", "true_false"]))
    answer(attempt, 1, answer=right(attempt))
    answer(attempt, 1, answer=wrong(attempt))
    answer(attempt, 2, answer=wrong(attempt, 2))
    last = answer(attempt, 2, answer=right(attempt, 2)).response
    assert hand_in(attempt).raw == 1
    assert Grade.objects.get(item__attempt=attempt, item__slot=2).response == last


def test_a_share_of_an_answer_earns_a_share_of_the_marks(
    begin: Any, answer: Any, hand_in: Any, show_to: Any, student: Any
) -> None:
    quiz = make_assessment(questions=[make_question(slug="matching")], marks="3")
    attempt = begin(quiz)
    pairs = right(attempt)["pairs"]
    answer(attempt, answer={"pairs": dict(list(pairs.items())[:2])})
    result = hand_in(attempt)
    grade = Grade.objects.get(item__attempt=attempt)
    assert grade.fraction == Decimal("0.66666667")
    assert grade.mark == Decimal("2.00000001")
    assert (round(result.raw, 6), result.maximum) == (2, 3)


def test_grading_again_changes_nothing(quiz_of: Any, begin: Any, hand_in: Any, now: Any) -> None:
    attempt = begin(quiz_of())
    result = hand_in(attempt)
    for later in range(3):
        assert grade_attempt(attempt=attempt, at=now + later * HOUR) == result
    assert (Grade.objects.count(), Result.objects.count()) == (6, 1)


def test_an_open_or_void_attempt_is_not_graded(quiz_of: Any, begin: Any, others: Any, now: Any, student: Any) -> None:
    attempt = begin(quiz_of())
    assert grade_attempt(attempt=attempt, at=now) is None
    submit_attempt(attempt=attempt, by=student, at=now)
    void_attempt(attempt=attempt, reason="Disturbed", by=others["examiner"], at=now)
    assert grade_attempt(attempt=attempt, at=now) is None
    assert not Grade.objects.exists()


def test_an_attempt_is_graded_by_the_key_that_was_shown(
    quiz_of: Any, begin: Any, answer: Any, hand_in: Any, now: Any
) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    answer(attempt, answer=right(attempt))
    question = attempt.items.get().version.question
    rewrite(question, "single_choice", {"choices": choices([3])})
    freeze_question(question=question, by=None, at=now)
    assert hand_in(attempt).raw == 1


def test_pilot_items_are_graded_and_do_not_count(begin: Any, answer: Any, hand_in: Any) -> None:
    quiz = make_assessment(questions=[make_question(), make_question(life_cycle="pilot")])
    attempt = begin(quiz)
    answer(attempt, 2, answer=right(attempt, 2))
    result = hand_in(attempt)
    assert (result.raw, result.maximum) == (0, 1)
    assert fractions(attempt) == [0, 1]


def test_nothing_is_known_while_a_person_is_needed(
    quiz_of: Any, begin: Any, answer: Any, hand_in: Any, by_a_person: None, api: Any, student: Any, now: Any
) -> None:
    attempt = begin(quiz_of(["single_choice", "numeric"]))
    answer(attempt, 1, answer=right(attempt))
    answer(attempt, 2, answer={"value": 20})
    assert hand_in(attempt) is None
    assert fractions(attempt) == [1, None]
    body = api(student).post(f"/api/v1/attempts/{attempt.uuid}/submit/").json()
    assert body == {"state": "submitted", "score": None, "max_score": None, "percent": None, "passed": None,
                    "hurdles": [], "domains": []}  # fmt: skip
    assert grade_attempt(attempt=attempt, at=now) is None
    assert Grade.objects.count() == 2, "looking again grades nothing twice"


def test_what_the_person_gave_completes_the_result(
    quiz_of: Any, begin: Any, answer: Any, hand_in: Any, by_a_person: None, others: Any, now: Any
) -> None:
    attempt = begin(quiz_of(["single_choice", "numeric"]))
    answer(attempt, 2, answer={"value": 20})
    hand_in(attempt)
    Grade.objects.create(
        item=attempt.items.get(slot=2), source="marker", fraction=Decimal("0.5"), mark=Decimal("0.5"),
        by=others["examiner"], at=now,
    )  # fmt: skip
    result = grade_attempt(attempt=attempt, at=now + HOUR)
    assert result is not None
    assert (result.raw, result.maximum) == (Decimal("0.5"), 2)
    assert Grade.objects.count() == 3


def test_a_blank_needs_nobody(quiz_of: Any, begin: Any, hand_in: Any, by_a_person: None) -> None:
    assert hand_in(begin(quiz_of(["numeric"]))).raw == 0


def test_a_held_result_is_told_to_nobody_until_it_is_released(
    quiz_of: Any, begin: Any, answer: Any, api: Any, student: Any, others: Any, client: Any, clock: Any, now: Any
) -> None:
    quiz = quiz_of(SIX_TYPES, results="held", said="zqsaidqz")
    attempt = begin(quiz)
    for slot in range(1, 7):
        answer(attempt, slot, answer=right(attempt, slot))
    reader, url = api(student), f"/api/v1/attempts/{attempt.uuid}"
    unknown = {"state": "submitted", "score": None, "max_score": None, "percent": None, "passed": None,
               "hurdles": [], "domains": []}  # fmt: skip
    assert reader.post(f"{url}/submit/").json() == unknown
    result = Result.objects.get(attempt=attempt)
    assert result.released_at is None
    review = reader.get(f"{url}/review/").json()
    assert {name: review[name] for name in unknown} == unknown
    assert not any({"score", "correct_answer", "rationale_html"} & set(item) for item in review["items"])
    assert "zqsaidqz" not in str(review)
    shown = reader.get(f"/api/v1/quizzes/{quiz.code}/").json()["attempts"][0]
    assert (shown["state"], shown["percent"], shown["passed"]) == ("submitted", None, None)
    client.force_login(student)
    for page in ("result", "review"):
        text = client.get(f"/attempts/{attempt.uuid}/{page}/").content.decode()
        assert "You passed" not in text
        assert "zqsaidqz" not in text
    assert not results_of(student)

    assert release_result(result=result, by=others["examiner"], at=now + HOUR)
    assert not release_result(result=result, by=others["admin"], at=now + 2 * HOUR), "released once"
    result.refresh_from_db()
    assert (result.released_by, result.released_at) == (others["examiner"], now + HOUR)
    told = reader.post(f"{url}/submit/").json()
    assert (told["state"], told["score"], told["percent"], told["passed"]) == ("graded", 6.0, 100.0, True)
    assert "zqsaidqz" in str(reader.get(f"{url}/review/").json())
    assert results_of(student) == [result]
    assert "You passed, 100" in client.get(f"/attempts/{attempt.uuid}/result/").content.decode()


def test_news_of_a_result_is_sent_once_and_again_at_its_release(
    quiz_of: Any, begin: Any, hand_in: Any, others: Any, now: Any
) -> None:
    heard: list[Any] = []

    def listen(sender: Any, result: Any, **kwargs: Any) -> None:
        heard.append((result.pk, result.released_at is not None))

    result_recorded.connect(listen)
    try:
        attempt = begin(quiz_of(["numeric"], results="held"))
        result = hand_in(attempt)
        hand_in(attempt)
        assert heard == [(result.pk, False)]
        release_result(result=result, by=others["examiner"], at=now)
        release_result(result=result, by=others["examiner"], at=now)
        assert heard == [(result.pk, False), (result.pk, True)]
    finally:
        result_recorded.disconnect(listen)


def test_a_hurdle_fails_whoever_passes_on_the_whole(
    begin: Any, answer: Any, api: Any, student: Any, show_to: Any
) -> None:
    questions = [make_question(objective=f"D{n}-x", domain=f"D{n}") for n in (1, 1, 1, 1, 3)]
    quiz = make_assessment(questions=questions, cut_percent=75, hurdles=[{"domain": "D3", "percent": 50}])
    show_to(student, quiz)
    attempt = begin(quiz)
    for slot in range(1, 5):
        answer(attempt, slot, answer=right(attempt, slot))
    told = api(student).post(f"/api/v1/attempts/{attempt.uuid}/submit/").json()
    assert (told["percent"], told["passed"]) == (80.0, False)
    assert told["hurdles"] == [{"code": "D3", "need": 50.0, "have": 0.0, "met": False}]
    assert [(row["code"], row["score"], row["max_score"]) for row in told["domains"]] == [
        ("D1", 4.0, 4.0),
        ("D3", 0.0, 1.0),
    ]


def test_a_result_cannot_be_rewritten(quiz_of: Any, begin: Any, hand_in: Any) -> None:
    result = hand_in(begin(quiz_of(["numeric"])))
    result.passed = True
    with pytest.raises(RecordIsFixed):
        result.save()
    with pytest.raises(RecordIsFixed):
        Result.objects.filter(pk=result.pk).update(raw=1)
    with pytest.raises(RecordIsFixed):
        Grade.objects.filter(item__attempt=result.attempt).delete()


def test_a_void_attempt_loses_its_result_for_everybody(
    quiz_of: Any, begin: Any, hand_in: Any, others: Any, student: Any, now: Any, api: Any
) -> None:
    quiz = quiz_of(["numeric"])
    attempt = begin(quiz)
    hand_in(attempt)
    void_attempt(attempt=attempt, reason="Disturbed", by=others["examiner"], at=now)
    assert not results_of(student)
    line = api(student).get(f"/api/v1/quizzes/{quiz.code}/").json()["attempts"][0]
    assert (line["state"], line["percent"], line["passed"]) == ("void", None, None)
