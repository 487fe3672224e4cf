"""Pages of standard setting: opening a study, naming judges, rating, closing and adopting."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.assembly.models import Form
from quizzes.bank.models import BankAccess
from quizzes.statistics.models import AngoffRating, StandardSettingStudy, StudyJudge
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam() -> Any:
    bank = make_bank("exams", "exam")
    questions = [make_question(bank=bank), make_question(slug="matching", bank=bank)]
    return make_assessment("an-exam", questions=questions, kind="exam", form_policy="fixed")


@pytest.fixture
def signed_in(make_user: Callable[..., Any]) -> Callable[..., Client]:
    def client(name: str, role: str) -> Client:
        made = Client()
        made.force_login(make_user(name, role))
        return made

    return client


@pytest.fixture
def examiner(signed_in: Any) -> Client:
    return signed_in("examiner", "examiner")


@pytest.fixture
def study(exam: Any, examiner: Client, clock: Any) -> StandardSettingStudy:
    form = Form.objects.get(version=exam.current_version)
    answer = examiner.post(
        reverse("examining:standard", args=[exam.code]),
        {"form": form.pk, "title": "First study", "description": "Just deserves to pass."},
    )
    made = StandardSettingStudy.objects.get()
    assert answer.url == reverse("examining:study", args=[made.uuid])
    return made


def text_of(response: Any) -> str:
    assert response.status_code == 200, response
    said = re.sub(r"\s+", " ", response.content.decode())
    assert said.count("<h1") == 1
    return said


def name_judge(examiner: Client, study: Any, email: str) -> Any:
    address = reverse("examining:study-judge", args=[study.uuid])
    return examiner.post(address, {"email": email, "qualification": "Ten years of practice"}, follow=True)


def test_a_study_goes_from_opening_to_adoption_by_pages_alone(
    exam: Any, study: Any, examiner: Client, signed_in: Any, now: datetime
) -> None:
    page = reverse("examining:study", args=[study.uuid])
    rating = reverse("examining:study-rate", args=[study.uuid])
    assert "No judge yet" in text_of(examiner.get(page))
    judges = [signed_in(f"judge{number}", "instructor") for number in range(2)]
    for number, judge in enumerate(judges):
        assert judge.get(rating).status_code == 404
        assert "is a judge now" in text_of(name_judge(examiner, study, f"JUDGE{number}@test.example"))
    assert "was a judge already" in text_of(name_judge(examiner, study, "judge0@test.example"))
    first = text_of(judges[0].get(rating))
    assert "option--key" in first
    assert first.count('inputmode="decimal"') == 2
    assert BankAccess.objects.filter(user__email="judge0@test.example").count() == 2
    partly = judges[0].post(rating, {"round": "1", "item-1": "60", "item-2": ""}, follow=True)
    assert "1 item is still open" in text_of(partly)
    assert "You have rated every item" not in text_of(judges[0].get(rating))
    judges[0].post(rating, {"round": "1", "item-1": "60", "item-2": "70,5"})
    assert AngoffRating.objects.count() == 2
    assert "You have rated every item of round 1" in text_of(judges[0].get(rating))
    assert "The mean of the group" not in text_of(judges[0].get(rating))
    judges[1].post(rating, {"round": "1", "item-1": "80 %", "item-2": "90"})
    again = text_of(judges[0].get(rating))
    assert "You said 60 in the round before. The mean of the group was 70." in again
    said = text_of(examiner.get(page))
    assert "75.12" in said or "75.13" in said
    assert "Fewer than 5" in said
    examiner.post(reverse("examining:study-close", args=[study.uuid]))
    study.refresh_from_db()
    assert study.closed_at == now
    assert "This study is closed" in text_of(judges[0].get(rating))
    assert "Adopt and publish" in text_of(examiner.get(page))
    examiner.post(reverse("examining:study-adopt", args=[study.uuid]))
    exam.refresh_from_db()
    study.refresh_from_db()
    assert exam.cut_percent == study.cut_percent
    assert exam.cut_basis == "study"
    assert abs(exam.cut_percent - Decimal("75.125")) <= Decimal("0.005")
    assert "adopted this cut score" in text_of(examiner.get(page))
    assert "Adopted" in text_of(examiner.get(reverse("examining:standard", args=[exam.code])))


@pytest.mark.parametrize("value", ["abc", "101", "-1", "nan", "1e9"])
def test_a_number_that_is_none_is_named_and_nothing_is_kept(
    study: Any, examiner: Client, signed_in: Any, value: str
) -> None:
    judge = signed_in("judge", "instructor")
    name_judge(examiner, study, "judge@test.example")
    rating = reverse("examining:study-rate", args=[study.uuid])
    said = text_of(judge.post(rating, {"round": "1", "item-1": "50", "item-2": value}))
    assert "This was not saved yet" in said
    assert 'value="50"' in said
    assert said.count('aria-invalid="true"') == 1
    assert not AngoffRating.objects.exists()


def test_ratings_of_a_round_that_is_not_open_are_refused(study: Any, examiner: Client, signed_in: Any) -> None:
    judge = signed_in("judge", "instructor")
    name_judge(examiner, study, "judge@test.example")
    rating = reverse("examining:study-rate", args=[study.uuid])
    for number in ("2", "", "x"):
        assert "Round 1 is open now" in text_of(judge.post(rating, {"round": number, "item-1": "50"}, follow=True))
    assert not AngoffRating.objects.exists()


def test_judges_are_members_of_staff(study: Any, examiner: Client, make_user: Any) -> None:
    make_user("pupil", "student")
    for email in ("pupil@test.example", "nobody@test.example"):
        assert "No member of staff has this address" in text_of(name_judge(examiner, study, email))
    assert not StudyJudge.objects.exists()


def test_a_study_with_too_few_judges_stays_open(study: Any, examiner: Client) -> None:
    address = reverse("examining:study-close", args=[study.uuid])
    assert "at least 2 judges" in text_of(examiner.post(address, follow=True))
    study.refresh_from_db()
    assert study.closed_at is None
    assert "Close the study first" in text_of(
        examiner.post(reverse("examining:study-adopt", args=[study.uuid]), follow=True)
    )


def test_others_find_no_study(exam: Any, study: Any, signed_in: Any) -> None:
    instructor, student = signed_in("instructor", "instructor"), signed_in("student", "student")
    for name in ("study", "study-rate"):
        address = reverse(f"examining:{name}", args=[study.uuid])
        assert instructor.get(address).status_code == 404
        assert student.get(address).status_code == 403
    assert instructor.get(reverse("examining:standard", args=[exam.code])).status_code == 404
    for name in ("study-judge", "study-close", "study-adopt"):
        assert instructor.post(reverse(f"examining:{name}", args=[study.uuid])).status_code == 404


def test_an_assessment_that_draws_has_nothing_to_study(signed_in: Any) -> None:
    quiz = make_assessment(questions=[make_question()])
    client = signed_in("instructor", "instructor")
    address = reverse("examining:standard", args=[quiz.code])
    assert "A study needs a fixed form" in text_of(client.get(address))
    assert "This was not saved yet" not in text_of(client.get(address))
    client.post(address, {"title": "x", "description": "y", "form": "1"})
    assert not StandardSettingStudy.objects.exists()


def test_pages_take_few_statements_however_many_judges(
    study: Any, examiner: Client, make_user: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        make_user(f"judge{number}", "instructor")
        name_judge(examiner, study, f"judge{number}@test.example")
    with django_assert_max_num_queries(14):
        examiner.get(reverse("examining:study", args=[study.uuid]))
