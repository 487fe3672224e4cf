"""What a candidate sees afterwards: as much of the key as the rule allows at this moment, and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from quizzes.attempts.commands import void_attempt
from quizzes.attempts.models import Attempt
from tests.quizzes.making import SIX_TYPES, make_assessment, make_question, right, wrong

pytestmark = pytest.mark.django_db
KEY_FIELDS = {"score", "correct_answer", "rationale_html", "choice_feedback", "objectives", "lessons"}
SAID = "zqsaidqz"


@pytest.fixture
def look(api: Any, client: Any, student: Any, clock: Any) -> Any:
    """The review of an attempt over the API and on the page."""
    reader = api(student)
    client.force_login(student)

    def read(attempt: Attempt) -> tuple[list[dict[str, Any]], str]:
        body = reader.get(f"/api/v1/attempts/{attempt.uuid}/review/").json()
        return body["items"], client.get(f"/attempts/{attempt.uuid}/review/").content.decode()

    return read


@pytest.fixture
def sit(quiz_of: Any, begin: Any, answer: Any, hand_in: Any) -> Any:
    """Sit a quiz of six types: the even slots right, the odd ones wrong."""

    def run(**rules: Any) -> Attempt:
        attempt = begin(quiz_of(SIX_TYPES, said=SAID, **rules))
        for slot in range(1, 7):
            answer(attempt, slot, answer=(wrong if slot % 2 else right)(attempt, slot))
        hand_in(attempt)
        return attempt

    return run


def test_after_submission_everything_is_explained(sit: Any, look: Any) -> None:
    attempt = sit(feedback="after_submit")
    items, page = look(attempt)
    for slot, item in enumerate(items, start=1):
        assert set(item) >= KEY_FIELDS
        assert item["correct_answer"] == right(attempt, slot)
        assert SAID in item["rationale_html"]
        assert item["objectives"] == [{"code": "TST-1.1", "text": "name it"}]
        if slot % 2 == 0:
            assert item["score"] == item["max_score"] == 1.0
            assert item["response"]["answer"] == item["correct_answer"]
        else:
            assert item["score"] < 1.0
    assert SAID in page
    for words in ("Right answer", "In its place", "Goes with:", "Your answer, not right", "Chosen, right"):
        assert words in page, words


def test_lessons_that_teach_the_objective_are_named(enrolled: Any, api: Any) -> None:
    client = api(enrolled)
    started = client.post("/api/v1/quizzes/ori-quiz/attempts/").json()
    assert len(started["items"]) == 8
    assert client.post(f"/api/v1/attempts/{started['id']}/submit/").json()["percent"] == 0.0
    items = client.get(f"/api/v1/attempts/{started['id']}/review/").json()["items"]
    for item in items:
        (objective,) = item["objectives"]
        assert item["lessons"], objective
        assert all(lesson["url"].startswith("/courses/") for lesson in item["lessons"])


def test_never_means_own_answers_alone(sit: Any, look: Any) -> None:
    attempt = sit(feedback="never")
    items, page = look(attempt)
    assert not any(KEY_FIELDS & set(item) for item in items)
    assert all(item["response"]["answer"] for item in items)
    assert SAID not in page
    assert "Right answers are not shown here" in page
    for words in ("Right answer<", "Not right", "Belongs in place", "Goes with:", "verdict--"):
        assert words not in page, words


def test_after_close_waits_for_the_close(sit: Any, look: Any, clock: Any, now: Any) -> None:
    attempt = sit(feedback="after_close", closes_at=now + timedelta(hours=1))
    for minutes in (0, 59):
        items, page = look(attempt)
        assert not any(KEY_FIELDS & set(item) for item in items)
        assert SAID not in page
        clock.forward(minutes=minutes)
    clock.at = now + timedelta(hours=1)
    items, page = look(attempt)
    assert all(set(item) >= KEY_FIELDS for item in items)
    assert SAID in page


def test_a_void_attempt_explains_nothing(sit: Any, look: Any, others: Any, now: Any) -> None:
    attempt = sit(feedback="after_submit")
    void_attempt(attempt=attempt, reason="zqreasonqz", by=others["examiner"], at=now)
    items, page = look(attempt)
    assert not any(KEY_FIELDS & set(item) for item in items)
    assert SAID not in page
    assert "This attempt does not count" in page
    assert "zqreasonqz" not in page, "the reason is the school's"


def test_an_open_attempt_has_no_review(quiz_of: Any, begin: Any, look: Any, client: Any) -> None:
    attempt = begin(quiz_of(SIX_TYPES, said=SAID))
    items, _page = look(attempt)
    assert not any(KEY_FIELDS & set(item) for item in items)
    moved = client.get(f"/attempts/{attempt.uuid}/review/")
    assert (moved.status_code, moved["Location"]) == (302, f"/attempts/{attempt.uuid}/")


def test_a_key_stays_hidden_while_the_question_is_open_elsewhere(
    begin: Any, hand_in: Any, look: Any, show_to: Any, student: Any, others: Any, now: Any
) -> None:
    shared, own = make_question(said=SAID), make_question(said="zqotherqz")
    first, second = make_assessment(questions=[shared, own]), make_assessment(questions=[shared])
    show_to(student, first, second)
    done = begin(first)
    hand_in(done)
    # Somebody else who is being asked the same changes nothing for the student.
    begin(second, by=others["other"])
    assert set(look(done)[0][0]) >= KEY_FIELDS
    running = begin(second)
    items, page = look(done)
    assert not KEY_FIELDS & set(items[0])
    assert set(items[1]) >= KEY_FIELDS
    assert SAID not in page
    assert "zqotherqz" in page
    assert "1 answer is not shown now" in page
    hand_in(running)
    assert set(look(done)[0][0]) >= KEY_FIELDS


def test_a_later_version_of_an_open_question_counts_as_the_same_question(
    begin: Any, hand_in: Any, look: Any, now: Any
) -> None:
    from quizzes.bank.commands import freeze_question

    question = make_question(said=SAID)
    done = begin(make_assessment(questions=[question]))
    hand_in(done)
    question.stem = "<p>Reworded</p>"
    question.save()
    freeze_question(question=question, by=None, at=now)
    begin(make_assessment(questions=[question]))
    assert not KEY_FIELDS & set(look(done)[0][0])


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("scores", [("D1", {"score": 4.0, "max_score": 5.0}), ("D3", {"score": 0.0, "max_score": 1.0})]),
        ("bands", [("D1", {"band": "at"}), ("D3", {"band": "below"})]),
        ("none", []),
    ],
)
def test_domains_are_reported_as_the_quiz_says(
    begin: Any, answer: Any, api: Any, client: Any, student: Any, show_to: Any, report: str, expected: Any
) -> None:
    questions = [make_question(objective=f"D{n}-x", domain=f"D{n}") for n in (1, 1, 1, 1, 1, 3)]
    quiz = make_assessment(questions=questions, cut_percent=75, domain_report=report)
    show_to(student, quiz)
    attempt = begin(quiz)
    for slot in range(1, 5):
        answer(attempt, slot, answer=right(attempt, slot))
    told = api(student).post(f"/api/v1/attempts/{attempt.uuid}/submit/").json()["domains"]
    assert [(row.pop("code"), {name: row[name] for name in row if name != "title"}) for row in told] == expected
    client.force_login(student)
    page = client.get(f"/attempts/{attempt.uuid}/result/").content.decode()
    assert ("Below the pass mark" in page) is (report == "bands")
    assert ("By domain" in page) is (report != "none")
    assert ("4 of 5" in page) is (report == "scores")


def test_the_exam_reports_bands_and_keeps_its_key(student: Any, api: Any, begin: Any, clock: Any) -> None:
    from quizzes.assembly.models import Assessment

    attempt = begin(Assessment.objects.get(code="foundations-exam"))
    client, url = api(student), f"/api/v1/attempts/{attempt.uuid}"
    told = client.post(f"{url}/submit/").json()
    assert (told["state"], told["percent"], told["passed"]) == ("graded", 0.0, False)
    assert [(row["code"], row["band"]) for row in told["domains"]] == [("D1", "below"), ("D3", "below")]
    assert not any(KEY_FIELDS & set(item) for item in client.get(f"{url}/review/").json()["items"])
