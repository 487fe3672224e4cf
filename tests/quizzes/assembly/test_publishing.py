"""Publishing an assessment: rules and items are frozen together, or nothing is."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from lms.core.exceptions import RecordIsFixed
from quizzes.assembly.commands import DrawnItem, check_assessment, freeze_assessment, select_items
from quizzes.assembly.exceptions import CannotAssemble
from quizzes.assembly.models import Assessment, AssessmentVersion
from quizzes.bank.commands import freeze_question
from tests.quizzes.making import draft, make_assessment, make_bank, make_question, rewrite, section

pytestmark = pytest.mark.django_db


def fill(code: str, count: int, **fields: Any) -> Any:
    """A bank with so many questions, each of its own objective."""
    bank = make_bank(code, fields.pop("purpose", "teaching"))
    for number in range(count):
        make_question(bank=bank, objective=f"{code[:8]}-{number}", **fields)
    return bank


def select(assessment: Assessment, seed: int) -> list[DrawnItem]:
    """The items that a seed gives."""
    return select_items(assessment.current_version.blueprint, rng=random.Random(seed))


def test_an_unchanged_assessment_is_not_frozen_again(now: Any) -> None:
    quiz = make_assessment(draws=[{"bank": fill("pool", 4), "rules": [{"count": 3}]}])
    first = quiz.current_version
    assert freeze_assessment(assessment=quiz, by=None, at=now) == first
    quiz.save_revision().publish()
    assert AssessmentVersion.objects.filter(assessment=quiz).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"cut_percent": Decimal("75.5")},
        {"time_limit": timedelta(minutes=30)},
        {"feedback": "never"},
        {"max_attempts": 2},
        {"hurdles": [{"domain": "D1", "percent": 60}]},
        {"intro": "<p>Read this first</p>"},
    ],
)
def test_a_changed_rule_makes_the_next_version(change: dict[str, Any], now: Any) -> None:
    quiz = make_assessment(questions=[make_question()])
    for name, value in change.items():
        setattr(quiz, name, value)
    quiz.save()
    second = freeze_assessment(assessment=quiz, by=None, at=now)
    assert second.number == 2
    assert Assessment.objects.get(pk=quiz.pk).current_version == second


def test_a_changed_question_makes_new_fixed_forms_and_leaves_the_old_ones(now: Any) -> None:
    question = make_question()
    quiz = make_assessment(questions=[question], form_policy="fixed")
    old = quiz.current_version.forms.get()
    rewrite(question, "single_choice", draft("single_choice")[0], stem="<p>Reworded</p>")
    freeze_question(question=question, by=None, at=now)
    new = freeze_assessment(assessment=quiz, by=None, at=now).forms.get()
    assert old.items.get().version.number == 1
    assert new.items.get().version == question.current_version
    assert old.items_digest != new.items_digest


def test_a_frozen_version_and_its_forms_cannot_be_changed() -> None:
    quiz = make_assessment(questions=[make_question()], form_policy="fixed")
    form = quiz.current_version.forms.get()
    for row in (quiz.current_version, form, form.items.get()):
        with pytest.raises(RecordIsFixed):
            row.save()
        with pytest.raises(RecordIsFixed):
            row.delete()


@pytest.mark.parametrize(
    ("kind", "purpose", "is_allowed"),
    [
        ("quiz", "teaching", True),
        ("check", "teaching", True),
        ("practice", "teaching", True),
        ("exam", "exam", True),
        ("mock", "mock", True),
        ("exam", "teaching", False),
        ("mock", "teaching", False),
        ("quiz", "exam", False),
        ("check", "exam", False),
        ("practice", "mock", False),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_pools_never_mix(kind: str, purpose: str, is_allowed: bool, named: bool) -> None:
    bank = make_bank(f"pool-{purpose}", purpose)
    question = make_question(bank=bank)
    content: dict[str, Any] = (
        {"questions": [question]} if named else {"draws": [{"bank": bank, "rules": [{"count": 1}]}]}
    )
    if is_allowed:
        assert make_assessment(kind=kind, **content).current_version
        return
    with pytest.raises(CannotAssemble, match="exam banks only"):
        make_assessment(kind=kind, **content)
    assert not AssessmentVersion.objects.filter(assessment__kind=kind, assessment__code__startswith="test-").exists()


def test_one_item_of_the_other_pool_is_enough_to_refuse() -> None:
    teaching, exam = make_question(bank=make_bank("open")), fill("closed", 2, purpose="exam")
    with pytest.raises(CannotAssemble):
        make_assessment(kind="exam", questions=[teaching], draws=[{"bank": exam, "rules": [{"count": 1}]}])


def test_a_blueprint_that_cannot_be_filled_is_refused_now_and_not_at_the_bell(now: Any) -> None:
    bank = fill("pool", 3)
    quiz = make_assessment(draws=[{"bank": bank, "rules": [{"count": 3}]}])
    first = quiz.current_version
    quiz.structure = [("draw", section(bank, [{"count": 2}, {"count": 2, "cognitive_level": "analysis"}]))]
    quiz.save()
    with pytest.raises(CannotAssemble) as caught:
        freeze_assessment(assessment=quiz, by=None, at=now)
    assert caught.value.extra["shortages"] == [{"cell": "analysis", "needed": 2, "supply": 0}]
    assert Assessment.objects.get(pk=quiz.pk).current_version == first


@pytest.mark.parametrize("structure", [[], [("items", {"questions": [], "marks": "1"})]])
def test_an_assessment_without_items_is_refused(structure: list[Any]) -> None:
    quiz = make_assessment(frozen=False)
    quiz.structure = structure
    with pytest.raises(CannotAssemble):
        check_assessment(assessment=quiz)


def test_sections_never_ask_the_same_question_twice(now: Any) -> None:
    bank = fill("pool", 6)
    named = list(bank.questions.order_by("pk")[:2])
    rules = [{"count": 2}]
    quiz = make_assessment(questions=named, draws=[{"bank": bank, "rules": rules}, {"bank": bank, "rules": rules}])
    # The named section comes last for the author of the next quiz: a draw before it must leave its questions alone.
    late = make_assessment(frozen=False)
    late.structure = [("draw", section(bank, [{"count": 4}])), ("items", {"questions": named, "marks": "1"})]
    late.save()
    freeze_assessment(assessment=late, by=None, at=now)
    for seed in range(6):
        for assessment in (quiz, late):
            met = [item.question for item in select(assessment, seed)]
            assert len(met) == len(set(met)) == 6


def test_enemies_stay_apart_across_sections() -> None:
    bank, other = fill("pool", 3), make_bank("pool-2")
    foe, friend = make_question(bank=other), make_question(bank=other)
    first = bank.questions.order_by("pk").first()
    first.enemies = [foe]
    first.save()
    quiz = make_assessment(questions=[first], draws=[{"bank": other, "rules": [{"count": 1}]}])
    assert {select(quiz, seed)[-1].question for seed in range(8)} == {friend.pk}


def test_a_question_named_twice_is_refused() -> None:
    question = make_question()
    with pytest.raises(CannotAssemble):
        make_assessment(questions=[question, question])


def test_marks_belong_to_the_section() -> None:
    bank = fill("pool", 2)
    quiz = make_assessment(
        questions=[make_question()], marks="2.5", draws=[{"bank": bank, "rules": [{"count": 2}], "marks": "0.5"}]
    )
    assert [item.marks for item in select(quiz, 1)] == [Decimal("2.5"), Decimal("0.5"), Decimal("0.5")]


def test_pilot_items_are_asked_and_do_not_count(begin: Any) -> None:
    bank = fill("pool", 2)
    pilot = make_question(bank=bank, life_cycle="pilot")
    quiz = make_assessment(draws=[{"bank": bank, "rules": [{"count": 2}, {"count": 1, "pilot": True}]}])
    items = list(begin(quiz).items.all())
    assert [item.counts for item in items] == [True, True, False]
    assert items[2].version.question == pilot


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"feedback": "after_close"}, "closes_at"),
        ({"kind": "exam", "feedback": "immediate"}, "feedback"),
        ({"kind": "mock", "feedback": "immediate"}, "feedback"),
    ],
)
def test_rules_that_contradict_each_other_are_refused_to_the_author(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Assessment(code="contradiction", title="Contradiction", **{"kind": "quiz", **fields}).clean()
    assert named in caught.value.message_dict


def test_it_must_close_after_it_opens(now: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        Assessment(code="x", title="X", kind="quiz", opens_at=now, closes_at=now).clean()
    assert "closes_at" in caught.value.message_dict


def test_an_older_revision_does_not_bring_an_older_version_back(now: Any) -> None:
    quiz = make_assessment(questions=[make_question()])
    old = quiz.save_revision()
    quiz.cut_percent = Decimal(60)
    quiz.save()
    second = freeze_assessment(assessment=quiz, by=None, at=now)
    assert old.as_object().current_version_id == second.pk
    old.publish()
    quiz.refresh_from_db()
    assert (quiz.current_version.number, quiz.current_version.policy["cut_percent"]) == (3, "80")
