"""Pages and API of the item analysis: who sees them, what they say, and how an analysis is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quizzes.assembly.commands import approve_form
from quizzes.bank.models import BankAccess
from quizzes.examining.item_picture import BOTTOM, HEIGHT, TOP, picture_of
from quizzes.statistics.models import AnalysisSnapshot
from quizzes.statistics.simulation import simulate_cohort
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(make_user: Callable[..., Any]) -> Callable[[str], Client]:
    """A client of somebody with a role."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(make_user(role, role))
        return client

    return signed_in


@pytest.fixture
def quiz(now: datetime) -> Any:
    """A quiz that thirty synthetic students have sat."""
    made = make_assessment("analysed", questions=[make_question(f"Q-AN-{n}") for n in range(4)])
    simulate_cohort(assessment=made, students=30, seed=3, at=now)
    return made


@pytest.fixture
def exam() -> Any:
    bank = make_bank("exams", "exam")
    questions = [make_question(f"Q-EX-{number}", bank=bank) for number in range(3)]
    return make_assessment("an-exam", questions=questions, kind="exam", form_policy="fixed")


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_analysis_explains_its_figures(quiz: Any, person: Any) -> None:
    said = text_of(person("instructor").get(reverse("examining:analysis", args=[quiz.code])))
    assert said.count("<h1") == 1
    assert "Internal consistency" in said
    assert "Q-AN-0" in said
    assert "Keep this analysis" in said
    assert "style=" not in said


@pytest.mark.parametrize(
    ("order", "first"), [("question", "Q-AN-0"), ("-question", "Q-AN-3"), ("facility", None), ("nonsense", None)]
)
def test_items_are_sorted_by_links(quiz: Any, person: Any, order: str, first: str | None) -> None:
    said = text_of(person("instructor").get(reverse("examining:analysis", args=[quiz.code]), {"o": order}))
    found = re.findall(r"analysis/(Q-AN-\d)/", said)
    assert sorted(found) == [f"Q-AN-{number}" for number in range(4)]
    assert first is None or found[0] == first
    assert ('aria-sort="descending"' in said) == (order == "-question")


def test_an_item_has_its_picture_and_the_same_as_a_table(quiz: Any, person: Any) -> None:
    client = person("instructor")
    said = text_of(client.get(reverse("examining:analysis-item", args=[quiz.code, "Q-AN-1"])))
    assert said.count("<h1") == 1
    assert said.count("<polyline") == 4
    assert said.count("item-picture__option--key") == 1
    assert "Ischaemia" in said
    assert "assessment=analysed&amp;question=Q-AN-1" in said
    assert client.get(reverse("examining:analysis-item", args=[quiz.code, "Q-NONE"])).status_code == 404


def test_with_few_answers_there_is_no_picture_and_no_number(person: Any, now: datetime) -> None:
    quiz = make_assessment(questions=[make_question("Q-FEW")])
    client = person("instructor")
    assert "Nobody has finished an attempt yet" in text_of(client.get(reverse("examining:analysis", args=[quiz.code])))
    simulate_cohort(assessment=quiz, students=5, seed=3, at=now)
    said = text_of(client.get(reverse("examining:analysis-item", args=[quiz.code, "Q-FEW"])))
    assert "Too few answers: 5 so far" in said
    assert "<polyline" not in said


def test_an_analysis_is_kept_and_checked(quiz: Any, person: Any, clock: Any) -> None:
    client = person("instructor")
    kept = client.post(reverse("examining:analysis", args=[quiz.code]), {"attempts": "all"})
    snapshot = AnalysisSnapshot.objects.get(assessment=quiz)
    assert kept.url == reverse("examining:analysis-kept", args=[quiz.code, snapshot.uuid])
    assert snapshot.includes_retakes
    assert snapshot.by.email.startswith("instructor")
    assert "Worked out again" not in text_of(client.get(kept.url))
    assert "The record gives the same figures" in text_of(client.get(kept.url, {"check": "1"}))
    assert snapshot.at.strftime("%Y") in text_of(client.get(reverse("examining:analysis", args=[quiz.code])))
    other = make_assessment(questions=[make_question()])
    assert client.get(reverse("examining:analysis-kept", args=[other.code, snapshot.uuid])).status_code == 404


def test_exams_are_analysed_by_examiners_and_their_looks_are_logged(exam: Any, person: Any, now: datetime) -> None:
    address = reverse("examining:analysis", args=[exam.code])
    assert person("instructor").get(address).status_code == 404
    examiner = person("examiner")
    assert examiner.get(address).status_code == 200
    assert not BankAccess.objects.exists()
    for form in exam.current_version.forms.all():
        approve_form(form=form, by=None, at=now)
    simulate_cohort(assessment=exam, students=22, seed=1, at=now)
    assert "Form A" in text_of(examiner.get(address))
    assert BankAccess.objects.filter(user__email__startswith="examiner").count() == 3


def test_an_examiner_has_no_quiz_of_a_course(quiz: Any, person: Any) -> None:
    assert person("examiner").get(reverse("examining:analysis", args=[quiz.code])).status_code == 404
    assert person("student").get(reverse("examining:analysis", args=[quiz.code])).status_code == 403


def test_the_api_gives_the_same_figures_and_follows_its_schema(quiz: Any, make_user: Any, api: Any) -> None:
    client = api(make_user("instructor", "instructor"))
    found = client.get(f"/api/v1/quizzes/{quiz.code}/analysis/")
    assert found.status_code == 200
    body = found.json()
    assert (body["quiz"], body["attempts"], body["overall"]["attempts"]) == (quiz.code, "first", 30)
    assert len(body["items"]) == 4
    from quizzes.examining.analysis_rest import AnalysisSerializer

    serializer = AnalysisSerializer(data=body)
    assert serializer.is_valid(), serializer.errors
    assert client.get(f"/api/v1/quizzes/{quiz.code}/analysis/?attempts=all").json()["attempts"] == "all"
    assert api(make_user("examiner", "examiner")).get(f"/api/v1/quizzes/{quiz.code}/analysis/").status_code == 404


def test_statements_do_not_grow_with_attempts(quiz: Any, person: Any, now: datetime) -> None:
    client = person("instructor")
    address = reverse("examining:analysis", args=[quiz.code])

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    first = statements()
    assert statements() < first, "a second look is remembered"
    simulate_cohort(assessment=quiz, students=90, seed=3, at=now)
    assert statements() <= first <= 25


def option(*shares: float, key: bool = False, label: str = "A (x)") -> dict[str, Any]:
    return {"label": label, "is_key": key, "shares_by_group": list(shares)}


def test_letters_in_a_picture_do_not_lie_on_each_other() -> None:
    for ends in ([0, 0, 0, 0], [100, 100, 100, 100], [50, 51, 52, 53], [0, 100, 1, 99]):
        picture = picture_of([option(10, 20, 30, 40, end) for end in ends])
        assert picture is not None
        heights = sorted(float(line.label_y) for line in picture.lines)
        assert all(b - a >= 17.9 for a, b in pairwise(heights))
        assert heights[0] >= TOP - 0.1
        assert heights[-1] <= HEIGHT - BOTTOM + 0.1


def test_there_is_no_picture_of_nothing_or_of_too_much() -> None:
    assert picture_of([]) is None
    assert picture_of([option()]) is None
    assert picture_of([option(1, 2, 3, 4, 5)] * 9) is None
    assert picture_of([{"label": "x", "is_key": False, "shares_by_group": [None] * 5}]) is None
