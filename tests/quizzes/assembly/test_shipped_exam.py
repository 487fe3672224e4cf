"""The shipped examination: two parallel forms that keep the blueprint."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from quizzes.assembly.commands import check_assessment
from quizzes.assembly.models import Assessment, Form
from quizzes.bank.models import Question

pytestmark = pytest.mark.django_db

BLUEPRINT = {
    ("D1", "recall"): 4,
    ("D1", "application"): 2,
    ("D1", "analysis"): 2,
    ("D3", "recall"): 4,
    ("D3", "application"): 5,
    ("D3", "analysis"): 3,
}
#: With thirty items in the bank, ten must come twice; more would be a fault of the draw.
MOST_SHARED = 10
CELL = ("domain__code", "cognitive_level")


@pytest.fixture
def exam() -> Assessment:
    return Assessment.objects.get(code="foundations-exam")


@pytest.fixture
def forms(exam: Assessment) -> list[Form]:
    return list(exam.current_version.forms.order_by("label"))


def test_both_forms_keep_the_blueprint(forms: list[Form]) -> None:
    assert [form.label for form in forms] == ["A", "B"]
    for form in forms:
        items = list(form.items.select_related("version__question").order_by("slot"))
        assert [item.slot for item in items] == list(range(1, 21))
        cells = Counter((item.version.domain_code, item.version.cognitive_level) for item in items)
        assert cells == BLUEPRINT
        assert all(item.counts and item.marks == 1 for item in items)
        assert max(Counter(item.version.objective_code for item in items).values()) <= 2
        assert len({item.version.question_id for item in items}) == 20
        assert (form.cut_percent, form.cut_basis) == (75, "interim")


def test_no_form_holds_enemies(forms: list[Form]) -> None:
    for form in forms:
        questions = Question.objects.filter(versions__form_items__form=form).prefetch_related("enemies")
        met = {question.pk for question in questions}
        assert not any({enemy.pk for enemy in question.enemies.all()} & met for question in questions)


def test_the_forms_differ_as_far_as_the_bank_allows(forms: list[Form]) -> None:
    one, other = ({item.version.question_id for item in form.items.select_related("version")} for form in forms)
    assert len(one & other) <= MOST_SHARED
    supply = Counter(Question.objects.filter(bank__code="foundations-exam").drawable().values_list(*CELL))
    shared = Counter(Question.objects.filter(pk__in=one & other).values_list(*CELL))
    assert all(count <= max(0, 2 * BLUEPRINT[cell] - supply[cell]) for cell, count in shared.items())
    assert forms[0].items_digest != forms[1].items_digest


def test_every_item_comes_from_the_exam_bank_and_no_quiz_touches_it(forms: list[Form], exam: Assessment) -> None:
    banks = set(Question.objects.filter(versions__form_items__form__in=forms).values_list("bank__code", flat=True))
    assert banks == {"foundations-exam"}
    for assessment in Assessment.objects.exclude(pk=exam.pk).select_related("current_version"):
        for section in assessment.current_version.blueprint:
            assert section.get("bank") != "foundations-exam"
            named = Question.objects.filter(pk__in=section.get("items", []))
            assert not named.exclude(bank__purpose="teaching").exists()


def test_assembling_it_again_gives_the_same_forms(forms: list[Form], exam: Assessment) -> None:
    again = check_assessment(assessment=exam)
    assert [[item.version for item in items] for items in again.forms] == [
        [item.version_id for item in form.items.order_by("slot")] for form in forms
    ]


@pytest.mark.parametrize("attempt", range(3))
def test_who_sits_it_again_gets_the_form_not_sat_yet(
    attempt: int, exam: Assessment, student: Any, begin: Any, hand_in: Any, now: Any
) -> None:
    from datetime import timedelta

    met = []
    for number in range(3):
        sat = begin(exam, seed=f"{attempt}/{number}", at=now + timedelta(days=2 * number))
        hand_in(sat, at=now + timedelta(days=2 * number, minutes=1))
        met.append(sat.form.label)
    assert set(met[:2]) == {"A", "B"}
    assert len(met) == 3
