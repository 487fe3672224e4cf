"""What practice asks: teaching questions of completed lessons, and never what an exam or an open attempt asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.core.ports import practice_pool
from quizzes.bank.models import Question
from quizzes.practice.commands import next_card
from quizzes.practice.exceptions import CardNotShown
from quizzes.practice.models import PracticeCard, PracticeReview
from quizzes.practice.queries import NEW_PER_DAY, askable, learned_objectives, may_explain, practice_summary
from tests.lms.learning.studying import lesson, study
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db
Learn = Callable[..., None]


def codes(user: Any) -> set[str]:
    return set(askable(user, learned_objectives(user)).values_list("code", flat=True))


def test_completed_lessons_open_their_objectives_and_no_others(enrolled: Any, now: datetime) -> None:
    assert set(practice_pool(enrolled)) == set()
    assert codes(enrolled) == set()
    study(enrolled, "ORI-1", now)
    taught = set(lesson("ORI-1").objectives)
    assert set(practice_pool(enrolled)) == taught != set()
    found = Question.objects.filter(code__in=codes(enrolled))
    assert found.exists()
    assert {question.objective.code for question in found} <= taught
    assert set(found.values_list("bank__purpose", flat=True)) == {"teaching"}


@pytest.mark.parametrize("purpose", ["mock", "exam"])
def test_confidential_items_are_never_practised(student: Any, learned: Learn, now: datetime, purpose: str) -> None:
    learned(student, "TST-1.1")
    make_question(bank=make_bank("secret", purpose))
    assert codes(student) == set()
    assert next_card(by=student, at=now) is None
    assert not PracticeCard.objects.exists()


def test_a_card_whose_bank_became_confidential_is_neither_asked_nor_taken_nor_explained(
    student: Any, learned: Learn, now: datetime, reply: Any
) -> None:
    learned(student, "TST-1.1")
    bank = make_bank("moving")
    question = make_question(bank=bank)
    card = next_card(by=student, at=now)
    assert card
    bank.purpose = "exam"
    bank.save()
    assert next_card(by=student, at=now) is None
    with pytest.raises(CardNotShown):
        reply(card)
    assert not PracticeReview.objects.exists()
    assert not may_explain(student, question)


@pytest.mark.parametrize(
    "fields", [{"life_cycle": "pilot"}, {"life_cycle": "retired"}, {"live": False}, {"frozen": False}], ids=str
)
def test_only_live_and_frozen_questions_are_asked(student: Any, learned: Learn, fields: dict[str, Any]) -> None:
    learned(student, "TST-1.1")
    make_question(**fields)
    assert codes(student) == set()


def test_what_a_person_must_read_is_not_asked(student: Any, learned: Learn) -> None:
    learned(student, "TST-1.1")
    make_question(slug="essay")
    assert codes(student) == set()


def test_a_question_of_an_open_attempt_is_left_out_and_so_is_what_answers_it(
    student: Any, learned: Learn, begin: Any, hand_in: Any, show_to: Any, make_user: Any, now: datetime
) -> None:
    learned(student, "TST-1.1")
    asked, enemy, free = make_question("Q-ASKED"), make_question("Q-ENEMY"), make_question("Q-FREE")
    enemy.enemies.set([asked])
    enemy.save()
    other = make_user("other", "student")
    learned(other, "TST-1.1")
    quiz = make_assessment(questions=[asked])
    show_to(student, quiz)
    attempt = begin(quiz)
    assert codes(student) == {free.code}
    assert codes(other) == {asked.code, enemy.code, free.code}, "another person's attempt is no concern of theirs"
    hand_in(attempt)
    assert codes(student) == {asked.code, enemy.code, free.code}


def test_an_answer_would_be_the_key_once_an_attempt_asks_the_same(
    student: Any, learned: Learn, begin: Any, hand_in: Any, show_to: Any, now: datetime, reply: Any
) -> None:
    learned(student, "TST-1.1")
    question = make_question()
    card = next_card(by=student, at=now)
    assert card
    quiz = make_assessment(questions=[question])
    show_to(student, quiz)
    attempt = begin(quiz)
    with pytest.raises(CardNotShown):
        reply(card)
    assert not may_explain(student, question)
    hand_in(attempt)
    reply(card)
    assert may_explain(student, question)


def test_so_many_new_cards_a_day_and_the_day_is_the_persons_own(
    student: Any, learned: Learn, now: datetime, reply: Any
) -> None:
    student.time_zone = "Pacific/Auckland"  # It is 23:00 there, an hour before the next day.
    student.save()
    for number in range(NEW_PER_DAY + 2):
        make_question(objective=f"MANY-{number}")
        learned(student, f"MANY-{number}")
    assert practice_summary(student, now).fresh == NEW_PER_DAY
    for _number in range(NEW_PER_DAY):
        card = next_card(by=student, at=now)
        assert card
        reply(card)
    assert next_card(by=student, at=now + timedelta(minutes=50)) is None
    assert practice_summary(student, now).ready == 0
    assert next_card(by=student, at=now + timedelta(minutes=70)) is not None


def test_new_cards_begin_where_quizzes_showed_weakness(
    student: Any, learned: Learn, begin: Any, answer: Any, hand_in: Any, show_to: Any, now: datetime, reply: Any
) -> None:
    for code in ("A-1", "B-1", "C-1"):
        learned(student, code)
        make_question(f"Q-{code}-MORE", objective=code)
    known, unknown = make_question("Q-A-1", objective="A-1"), make_question("Q-B-1", objective="B-1")
    quiz = make_assessment(questions=[known, unknown])
    show_to(student, quiz)
    attempt = begin(quiz)
    from tests.quizzes.making import right, wrong

    answer(attempt, 1, answer=right(attempt, 1))
    answer(attempt, 2, answer=wrong(attempt, 2))
    hand_in(attempt)
    order = []
    for minute in range(3):
        card = next_card(by=student, at=now + timedelta(minutes=minute))
        assert card
        order.append(card.question.objective.code)
        reply(card, at=now + timedelta(minutes=minute))
    assert order == ["B-1", "A-1", "C-1"], "weak first, then a card of each objective before a second of any"
