"""Asking and answering: judged against what was shown, stored once, rated within what is right and wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.attempts.exceptions import InvalidAnswer
from quizzes.bank.commands import freeze_question
from quizzes.practice.commands import next_card, rate_review
from quizzes.practice.exceptions import CardNotShown, RatingDoesNotFit, RatingIsFinal
from quizzes.practice.judging import Shown
from quizzes.practice.models import PracticeCard, PracticeReview
from quizzes.practice.queries import reviews_of
from quizzes.practice.schedule import STEP, in_force, replay
from tests.quizzes.making import choices, make_question, rewrite
from tests.quizzes.practice.conftest import BY_MACHINE, answer_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(student: Any, learned: Any, now: datetime) -> Any:
    """Ask the student a question of a type."""

    def ask(slug: str = "single_choice", **fields: Any) -> PracticeCard:
        learned(student, "TST-1.1")
        make_question(slug=slug, **fields)
        card = next_card(by=student, at=now)
        assert card
        return card

    return ask


def follows_from_its_reviews(card: PracticeCard) -> bool:
    card.refresh_from_db()
    rows = reviews_of(card)
    return card.memory == replay(in_force([(row.rating, row.at) for row in rows])) and card.due_at == rows[-1].due_at


def test_what_was_shown_stays_until_it_is_answered(asked: Any, student: Any, now: datetime, reply: Any) -> None:
    card = asked()
    again = next_card(by=student, at=now + timedelta(days=3))
    assert again
    assert (again.pk, again.shown_arrangement) == (card.pk, card.shown_arrangement)
    reply(card)
    card.refresh_from_db()
    assert card.shown_version is None
    assert next_card(by=student, at=now) is None


def test_a_new_version_is_shown_anew(asked: Any, student: Any, now: datetime) -> None:
    card = asked()
    before = Shown(card.shown_version, card.shown_arrangement)
    question = rewrite(card.question, "single_choice", {"choices": choices([0], texts=("Yes", "No"))})
    freeze_question(question=question, by=None, at=now)
    again = next_card(by=student, at=now)
    assert again
    assert again.shown_version == question.current_version
    assert Shown(again.shown_version, again.shown_arrangement).token != before.token  # type: ignore[arg-type]


def test_an_answer_is_judged_by_the_version_that_was_shown(asked: Any, now: datetime, reply: Any) -> None:
    card = asked()
    shown = card.shown_version
    question = rewrite(card.question, "single_choice", {"choices": choices([3])})
    freeze_question(question=question, by=None, at=now)
    review = reply(card)
    assert (review.version, review.fraction) == (shown, 1)


@pytest.mark.parametrize("slug", BY_MACHINE)
def test_right_comes_back_in_days_and_wrong_in_minutes(slug: str, asked: Any, now: datetime, reply: Any) -> None:
    card = asked(slug)
    wrong = reply(card, right=False)
    assert wrong.rating in {1, 2}
    assert wrong.due_at - now <= 1.5 * STEP
    later = next_card(by=card.user, at=wrong.due_at)
    assert later
    right = reply(later, at=wrong.due_at)
    assert (right.fraction, right.rating) == (1, 3)
    assert right.due_at - wrong.due_at >= timedelta(days=1)
    assert follows_from_its_reviews(card)


def test_giving_up_is_again(asked: Any, now: datetime) -> None:
    from quizzes.practice.commands import review_card

    card = asked()
    review = review_card(card_uuid=card.uuid, answer=None, rating=4, by=card.user, at=now).review
    assert (review.data, review.fraction, review.rating) == (None, 0, 1)


def test_the_same_answer_twice_is_stored_once(asked: Any, now: datetime) -> None:
    from quizzes.practice.commands import review_card

    card = asked()
    answer = answer_to(card, True)
    review_card(card_uuid=card.uuid, answer=answer, by=card.user, at=now)
    with pytest.raises(CardNotShown):
        review_card(card_uuid=card.uuid, answer=answer, by=card.user, at=now)
    assert PracticeReview.objects.count() == 1


def test_an_answer_from_an_older_showing_is_refused(asked: Any, student: Any, now: datetime, reply: Any) -> None:
    from quizzes.practice.commands import review_card

    card = asked()
    old = Shown(card.shown_version, card.shown_arrangement).token
    first = reply(card, right=False, token=old)
    question = rewrite(card.question, "single_choice", {"choices": choices([2])})
    freeze_question(question=question, by=None, at=now)
    assert next_card(by=student, at=first.due_at)
    with pytest.raises(CardNotShown):
        review_card(card_uuid=card.uuid, answer={"choice": "a"}, token=old, by=student, at=first.due_at)


@pytest.mark.parametrize(
    "junk", [{"choice": "zz"}, {"choice": 1}, [], "a", {"choice": float("nan")}, {"value": "\x00"}]
)
def test_junk_is_refused_and_the_card_still_waits(asked: Any, now: datetime, junk: Any, reply: Any) -> None:
    from quizzes.practice.commands import review_card

    card = asked()
    with pytest.raises(InvalidAnswer):
        review_card(card_uuid=card.uuid, answer=junk, by=card.user, at=now)
    assert reply(card).rating == 3


def test_nobody_answers_for_somebody_else(asked: Any, make_user: Any, now: datetime) -> None:
    from quizzes.practice.commands import review_card

    card = asked()
    with pytest.raises(PracticeCard.DoesNotExist):
        review_card(card_uuid=card.uuid, answer=None, by=make_user("other", "student"), at=now)


def test_a_right_answer_can_be_rated_anew_and_the_last_word_holds(asked: Any, now: datetime, reply: Any) -> None:
    card = asked()
    good = reply(card)
    easy = rate_review(review_uuid=good.uuid, rating=4, by=card.user, at=now + timedelta(minutes=1))
    assert easy.at == good.at
    assert easy.due_at > good.due_at
    assert follows_from_its_reviews(card)
    hard = rate_review(review_uuid=good.uuid, rating=2, by=card.user, at=now + timedelta(minutes=2))
    assert hard.due_at < good.due_at
    assert follows_from_its_reviews(card)
    assert rate_review(review_uuid=hard.uuid, rating=2, by=card.user, at=now) == hard, "the same again adds nothing"
    assert len(reviews_of(card)) == 3


@pytest.mark.parametrize(("is_right", "rating"), [(False, 2), (False, 4), (True, 1), (True, 0), (True, 5)])
def test_a_rating_against_what_the_answer_was_worth_is_refused(
    asked: Any, now: datetime, reply: Any, is_right: bool, rating: int
) -> None:
    review = reply(asked(), right=is_right)
    with pytest.raises(RatingDoesNotFit):
        rate_review(review_uuid=review.uuid, rating=rating, by=review.card.user, at=now)


def test_a_rating_is_final_after_an_hour_and_once_the_card_comes_again(asked: Any, now: datetime, reply: Any) -> None:
    card = asked()
    first = reply(card)
    with pytest.raises(RatingIsFinal):
        rate_review(review_uuid=first.uuid, rating=4, by=card.user, at=now + timedelta(hours=2))
    assert next_card(by=card.user, at=first.due_at)
    with pytest.raises(RatingIsFinal):
        rate_review(review_uuid=first.uuid, rating=4, by=card.user, at=now)
    reply(card, at=first.due_at)
    with pytest.raises(RatingIsFinal):
        rate_review(review_uuid=first.uuid, rating=4, by=card.user, at=first.due_at)
