"""Standard-setting studies: who rates when, what closes, and what becomes the cut score."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from quizzes.assembly.enums import CutBasis
from quizzes.assembly.models import Form, FormItem
from quizzes.attempts.commands import start_attempt
from quizzes.bank.enums import LifeCycle
from quizzes.statistics.commands import add_judge, adopt_cut, close_study, open_study, rate
from quizzes.statistics.exceptions import CannotAdopt, CannotClose, CannotRate, NotAJudge, StudyClosed
from quizzes.statistics.models import AngoffRating, StandardSettingStudy
from quizzes.statistics.studies import standing_of
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam() -> Any:
    """An assessment with one fixed form of three items and a pilot item."""
    bank = make_bank("study-bank")
    for _each in range(3):
        make_question(bank=bank)
    make_question(bank=bank, life_cycle=LifeCycle.PILOT)
    return make_assessment(
        draws=[{"bank": bank, "rules": [{"count": 3}, {"count": 1, "pilot": True}]}], form_policy="fixed", form_count=1
    )


@pytest.fixture
def manager(make_user: Callable[..., Any]) -> Any:
    return make_user("manager", "examiner")


@pytest.fixture
def study(exam: Any, manager: Any, now: datetime) -> StandardSettingStudy:
    form = Form.objects.get(version=exam.current_version)
    return open_study(form=form, title="Angoff", description="Just deserves to pass.", by=manager, at=now)


@pytest.fixture
def judges(study: Any, make_user: Callable[..., Any], manager: Any, now: datetime) -> list[Any]:
    found = [make_user(f"judge{number}", "instructor") for number in range(3)]
    for judge in found:
        add_judge(study=study, judge=judge, qualification="Twenty years of practice", by=manager, at=now)
    return found


@pytest.fixture
def items(study: Any) -> list[FormItem]:
    return list(FormItem.objects.filter(form=study.form, counts=True).order_by("slot"))


def rate_all(study: Any, items: Any, judge: Any, shares: Any, number: int, at: datetime) -> None:
    rate(study=study, ratings=dict(zip(items, shares, strict=True)), number=number, by=judge, at=at)


def test_a_study_from_the_first_rating_to_the_cut(
    exam: Any, study: Any, judges: Any, items: Any, manager: Any, now: datetime
) -> None:
    for judge, shares in zip(judges, ([0.6, 0.7, 0.8], [0.5, 0.6, 0.7], [0.7, 0.8, "0.9"]), strict=True):
        rate_all(study, items, judge, shares, 1, now)
    assert standing_of(study).open_round == 2
    closed = close_study(study=study, by=manager, at=now)
    assert closed.cut_percent == Decimal("70.00")
    assert closed.figures["cut"] == pytest.approx(2.1)
    assert closed.figures["standard_error"] == pytest.approx(0.3 / 3**0.5)
    assert closed.figures["judges_counted"] == 3
    assert [row["is_disputed"] for row in closed.figures["items"]] == [False] * 3
    assert closed.closed_by == manager
    adopted = adopt_cut(study=study, by=manager, at=now)
    assert adopted.cut_percent == Decimal("70.00")
    assert adopted.cut_basis == CutBasis.STUDY
    assert adopted.current_version.number == 2
    assert adopted.current_version.policy["cut_percent"] == "70.00"
    assert adopted.current_version.published_by == manager
    assert Form.objects.get(version=adopted.current_version).cut_percent == Decimal("70.00")
    study.refresh_from_db()
    assert (study.adopted_by, study.adopted_at) == (manager, now)
    with pytest.raises(CannotAdopt, match="already"):
        adopt_cut(study=study, by=manager, at=now)


def test_attempts_keep_the_cut_that_they_began_with(
    exam: Any, study: Any, judges: Any, items: Any, manager: Any, student: Any, now: datetime
) -> None:
    attempt, _is_new = start_attempt(assessment=exam, seed="test", by=student, at=now)
    for judge in judges:
        rate_all(study, items, judge, [0.5] * 3, 1, now)
    close_study(study=study, by=manager, at=now)
    adopt_cut(study=study, by=manager, at=now)
    attempt.refresh_from_db()
    assert Decimal(attempt.policy["cut_percent"]) == 80


def test_the_next_round_opens_when_all_have_spoken_and_shows_what_the_group_thinks(
    study: Any, judges: Any, items: Any, now: datetime
) -> None:
    first, second, third = judges
    rate_all(study, items, first, [0.2, 0.4, 0.6], 1, now)
    rate_all(study, items, second, [0.4, 0.6, 0.8], 1, now)
    standing = standing_of(study)
    assert standing.open_round == 1
    assert standing.group_means(1) == {}
    with pytest.raises(CannotRate, match="Round 1"):
        rate_all(study, items, first, [0.3, 0.5, 0.7], 2, now)
    rate_all(study, items[:2], third, [0.6, 0.8], 1, now)
    assert standing_of(study).open_round == 1
    rate_all(study, items[2:], third, [1.0], 1, now)
    standing = standing_of(study)
    assert standing.open_round == 2
    assert list(standing.group_means(1).values()) == pytest.approx([0.4, 0.6, 0.8])
    with pytest.raises(CannotRate):
        rate_all(study, items, first, [0.3, 0.5, 0.7], 1, now)
    for number in (2, 3):
        for judge in judges:
            rate_all(study, items, judge, [0.5] * 3, number, now)
    assert standing_of(study).open_round == 3


def test_the_last_rating_of_a_round_counts_and_none_is_lost(study: Any, judges: Any, items: Any, now: datetime) -> None:
    rate_all(study, items, judges[0], [0.2, 0.4, 0.6], 1, now)
    rate(study=study, ratings={items[0]: "0.25"}, number=1, by=judges[0], at=now)
    standing = standing_of(study)
    assert standing.table(1)[0].tolist() == pytest.approx([0.25, 0.4, 0.6])
    assert AngoffRating.objects.filter(judge__study=study).count() == 4


def test_only_judges_rate_and_only_scored_items_of_the_form(
    study: Any, judges: Any, items: Any, manager: Any, now: datetime
) -> None:
    with pytest.raises(NotAJudge):
        rate_all(study, items, manager, [0.5] * 3, 1, now)
    pilot = FormItem.objects.get(form=study.form, counts=False)
    elsewhere = make_assessment(questions=[make_question()], form_policy="fixed")
    foreign = FormItem.objects.get(form__version=elsewhere.current_version)
    for item in (pilot, foreign):
        with pytest.raises(CannotRate, match="scored items"):
            rate(study=study, ratings={items[0]: 0.5, item: 0.5}, number=1, by=judges[0], at=now)
    for value in ("-0.1", "1.01", "nan", "many", "Infinity"):
        with pytest.raises(CannotRate):
            rate(study=study, ratings={items[0]: value}, number=1, by=judges[0], at=now)
    assert not AngoffRating.objects.exists()


def test_judges_are_staff_and_have_one_place(
    study: Any, judges: Any, manager: Any, student: Any, now: datetime
) -> None:
    with pytest.raises(NotAJudge):
        add_judge(study=study, judge=student, qualification="none", by=manager, at=now)
    _place, is_new = add_judge(study=study, judge=judges[0], qualification="again", by=manager, at=now)
    assert not is_new
    assert study.judges.count() == 3


def test_two_judges_must_have_rated_everything_and_the_others_do_not_count(
    study: Any, judges: Any, items: Any, manager: Any, now: datetime
) -> None:
    with pytest.raises(CannotClose):
        close_study(study=study, by=manager, at=now)
    rate_all(study, items, judges[0], [0.6] * 3, 1, now)
    rate_all(study, items[:1], judges[1], [0.1], 1, now)
    with pytest.raises(CannotClose, match="at least 2"):
        close_study(study=study, by=manager, at=now)
    rate_all(study, items, judges[2], [0.8] * 3, 1, now)
    closed = close_study(study=study, by=manager, at=now)
    assert closed.cut_percent == Decimal("70.00")
    assert closed.figures["judges_counted"] == 2


def test_a_closed_study_takes_nothing_more(
    study: Any, judges: Any, items: Any, manager: Any, make_user: Any, now: datetime
) -> None:
    for judge in judges:
        rate_all(study, items, judge, [0.6] * 3, 1, now)
    close_study(study=study, by=manager, at=now)
    with pytest.raises(StudyClosed):
        rate_all(study, items, judges[0], [0.9] * 3, 2, now)
    with pytest.raises(StudyClosed):
        add_judge(study=study, judge=make_user("late", "instructor"), qualification="late", by=manager, at=now)
    with pytest.raises(StudyClosed):
        close_study(study=study, by=manager, at=now)


def test_a_cut_is_not_adopted_for_other_items_or_over_a_draft(
    exam: Any, study: Any, judges: Any, items: Any, manager: Any, now: datetime
) -> None:
    with pytest.raises(CannotAdopt, match="Close"):
        adopt_cut(study=study, by=manager, at=now)
    for judge in judges:
        rate_all(study, items, judge, [0.6] * 3, 1, now)
    close_study(study=study, by=manager, at=now)
    exam.title = "Under a new name"
    exam.save_revision()
    exam.refresh_from_db()
    assert exam.has_unpublished_changes
    with pytest.raises(CannotAdopt, match="draft"):
        adopt_cut(study=study, by=manager, at=now)
    exam.latest_revision.publish()
    for _each in range(20):
        make_question(bank=make_bank("study-bank"))
    with pytest.raises(CannotAdopt, match="bank has changed"):
        adopt_cut(study=study, by=manager, at=now)
    study.refresh_from_db()
    exam.refresh_from_db()
    assert study.adopted_at is None
    assert exam.cut_basis == CutBasis.INTERIM
