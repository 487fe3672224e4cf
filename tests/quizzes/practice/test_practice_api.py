"""The API of practice: the contract, no key before the answer, and the cost."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.practice.models import PracticeCard, PracticeReview
from tests.quizzes.making import SIX_TYPES, draft, make_assessment, make_bank, make_question, wrong
from tests.quizzes.practice.conftest import BY_MACHINE, answer_to
from tests.quizzes.test_key_never_leaks import LEFT, RIGHT

pytestmark = pytest.mark.django_db
NEXT = "/api/v1/practice/next/"
CANARY = "zqsaidqz"


@pytest.fixture
def reader(api: Any, student: Any, clock: Any) -> Any:
    return api(student)


def post(reader: Any, card: str, **body: Any) -> Any:
    return reader.post(f"/api/v1/practice/{card}/", body, format="json")


def test_nothing_due_is_204(reader: Any) -> None:
    answer = reader.get(NEXT)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("slug", BY_MACHINE)
def test_the_key_comes_with_the_answer_and_not_before(slug: str, reader: Any, student: Any, learned: Any) -> None:
    learned(student, "TST-1.1")
    make_question(slug=slug, said=CANARY)
    asked = reader.get(NEXT)
    assert CANARY not in asked.content.decode()
    body = asked.json()
    assert set(body) == {"card", "item"}
    assert set(body["item"]) == {"slot", "type", "stem_html", "max_score", "interaction", "response"}
    assert reader.get(NEXT).json() == body
    card = PracticeCard.objects.get(uuid=body["card"])
    told = post(reader, body["card"], answer=answer_to(card, True), rating=4)
    assert told.status_code == 200
    assert (told.json()["score"], told.json()["rating"]) == (1.0, 4)
    assert told.json()["due"] == "2026-11-10T10:00:00Z"
    assert CANARY in told.json()["feedback"]["rationale_html"]
    again = post(reader, body["card"], answer=None)
    assert (again.status_code, again.json()["code"]) == (409, "card_not_shown")
    assert PracticeReview.objects.count() == 1


def test_another_key_makes_no_difference_before_the_answer(
    reader: Any, student: Any, learned: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import transaction

    monkeypatch.setattr("quizzes.practice.commands.secrets.token_hex", lambda size: "the same for both")

    def heard(drafts: Any) -> list[Any]:
        learned(student, "TST-1.1")
        said = []
        for number, (slug, value, scoring) in enumerate(drafts):
            with transaction.atomic():
                make_question(f"Q-TWIN-{number}", slug, value, scoring=scoring, rationale=f"<p>{scoring} {value}</p>")
                body = reader.get(NEXT).json()
                bad = post(reader, body["card"], answer={"nothing": 1})
                said.append((body["item"], bad.status_code, bad.json()))
                transaction.set_rollback(True)
        return said

    assert heard(LEFT) == heard(RIGHT)
    assert heard(LEFT) != heard([(slug, *draft(slug)) for slug in reversed(SIX_TYPES)])


@pytest.mark.parametrize(
    "body",
    [{}, {"answer": {"choice": "zz"}}, {"answer": None, "rating": 5}, {"answer": None, "rating": "x"},
     {"answer": None, "more": 1}, {"answer": {"choice": "\x00"}}],
    ids=str,
)  # fmt: skip
def test_bad_input_is_400_and_stores_nothing(
    body: Any, reader: Any, student: Any, learned: Any, api: Any, make_user: Any
) -> None:
    learned(student, "TST-1.1")
    make_question()
    card = reader.get(NEXT).json()["card"]
    answer = post(reader, card, **body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not PracticeReview.objects.exists()
    assert post(api(make_user("other", "student")), card, **body).status_code == 404, "whatever others send"


def test_an_own_rating_moves_to_one_that_fits(reader: Any, student: Any, learned: Any) -> None:
    learned(student, "TST-1.1")
    make_question()
    card = PracticeCard.objects.get(uuid=reader.get(NEXT).json()["card"])
    assert post(reader, str(card.uuid), answer=answer_to(card, False), rating=4).json()["rating"] == 1


def test_practice_after_a_fail_by_the_api(
    reader: Any, student: Any, show_to: Any, begin: Any, answer: Any, hand_in: Any
) -> None:
    exam = make_assessment(
        questions=[make_question(bank=make_bank("secret", "exam"), objective="EX-1")],
        kind="exam", feedback="never", retake_needs_remediation=True,
    )  # fmt: skip
    make_question("Q-TEACH", objective="EX-1")
    show_to(student, exam)
    attempt = begin(exam)
    answer(attempt, 1, answer=wrong(attempt, 1))
    hand_in(attempt)
    start = f"/api/v1/quizzes/{exam.code}/attempts/"
    refused = reader.post(start)
    assert (refused.status_code, refused.json()["code"]) == (409, "locked")
    assert [row["code"] for row in refused.json()["missing"]] == ["remediation"]
    assert reader.get(NEXT).status_code == 204, "the lesson was not completed"
    card = PracticeCard.objects.get(uuid=reader.get(f"{NEXT}?after={attempt.uuid}").json()["card"])
    assert post(reader, str(card.uuid), answer=answer_to(card, True)).status_code == 200
    assert reader.get(f"{NEXT}?after={attempt.uuid}").status_code == 204
    assert reader.post(start).status_code == 201
    assert reader.get(f"{NEXT}?after=nonsense").status_code == 400
    assert reader.get(f"{NEXT}?after={card.uuid}").status_code == 404


def statements(act: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert act().status_code in {200, 204}
    return len([row for row in seen if not row["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])


def test_it_costs_the_same_with_few_and_with_many_cards(
    reader: Any, student: Any, learned: Any, reply: Any, clock: Any, client: Any
) -> None:
    from quizzes.practice.commands import next_card

    client.force_login(student)
    client.get("/")

    def costs() -> list[int]:
        clock.forward(days=30)
        found = [statements(partial(client.get, page)) for page in ("/practice/", "/practice/card/")]
        card = PracticeCard.objects.get(uuid=reader.get(NEXT).json()["card"])
        answer = answer_to(card, True)
        return [
            *found,
            statements(lambda: reader.get(NEXT)),
            statements(lambda: post(reader, str(card.uuid), answer=answer)),
        ]

    def practise(begin: int, end: int) -> None:
        for number in range(begin, end):
            learned(student, f"MANY-{number}")
            make_question(objective=f"MANY-{number}")
            at = clock.forward(days=1)
            card = next_card(by=student, at=at)
            while card:
                reply(card, at=at)
                card = next_card(by=student, at=at)

    practise(0, 2)
    few = costs()
    practise(2, 20)
    many = costs()
    assert all(late <= early for early, late in zip(few, many, strict=True)), (few, many)
    assert max(few) <= 20, few
