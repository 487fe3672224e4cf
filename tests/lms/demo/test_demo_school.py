"""The demo school is built through the public doors: if it can be built, people can study and be certified."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from lms.accounts.api import User
from lms.certification.api import Application, Certificate
from lms.core.record import record_models
from lms.demo.people import PASSWORD, PEOPLE
from lms.learning.api import Cohort
from quizzes.api import Attempt

pytestmark = pytest.mark.django_db


def counts() -> dict[type[Model], int]:
    return {model: model.objects.count() for model in [*record_models(), User, Cohort]}


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(db: None) -> None:
    assert said("load_demo").strip() == f"{len(PEOPLE)} people made"


def test_a_second_load_makes_nothing_and_every_score_follows_from_the_record(demo: None) -> None:
    before = counts()
    assert "0 changes" in said("load_demo")
    assert counts() == before
    assert said("audit_scores").strip() == "0 differences"
    # What would be repaired after a crash is nothing: everything came through the doors.
    said("reconcile")
    assert counts() == before


def test_everybody_can_sign_in_and_finds_a_desk(demo: None, api: Any) -> None:
    for person in PEOPLE:
        client = Client()
        response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain, f"{person.email} cannot sign in"
        assert client.get("/dashboard/").status_code == 200
        answer = api().post("/api/v1/auth/token/", {"email": person.email, "password": PASSWORD})
        key = answer.json()["token"]
        me = api().get("/api/v1/me/", headers={"Authorization": f"Token {key}"}).json()
        assert (me["email"], me["name"], set(me["roles"])) == (person.email, person.name, set(person.roles))
    desks = {"instructor": "/teach/", "examiner": "/examine/", "registrar": "/registrar/", "admin": "/admin/"}
    for role, desk in desks.items():
        client = Client()
        client.force_login(User.objects.get(email=f"{role}@example.org"))
        assert client.get(desk).status_code == 200


def test_every_screen_has_something_real_to_show(demo: None, client: Client) -> None:
    certificate = Certificate.objects.get(holder__email="graduate@example.org")
    verified = client.get(f"/api/v1/verify/{certificate.number}/").json()
    assert (verified["status"], verified["is_demonstration"]) == ("active", True)
    assert {row.kind for row in certificate.evidence.all()} == {"course_completion", "result", "acceptance"}
    student, fresh = (User.objects.get(email=f"{name}@example.org") for name in ("student", "student2"))
    client.force_login(student)
    shown = client.get("/dashboard/").context
    assert 0 < shown["courses"][0]["percent"] < 100
    assert Attempt.objects.filter(candidate=student, results__passed=False, assessment__kind="quiz").exists()
    assert Attempt.objects.filter(candidate=student, results__passed=True, assessment__kind="quiz").exists()
    assert not fresh.enrolments.exists()
    assert not fresh.attempts.exists()
    assert Application.objects.filter(closed_at=None).exists(), "the registrar has something to decide"
    assert Cohort.objects.filter(instructors__email="instructor@example.org").exists()
    client.force_login(User.objects.get(email="instructor@example.org"))
    first = client.get("/teach/evaluations/").context["courses"][0]
    assert (first["code"], first["count"], first["is_shown"]) == ("C1", 2, False), "too few to be shown"
    marking = client.get("/examine/marking/").content.decode()
    assert "Marek, 38" in marking, "the instructor has a text to mark"
    assert student.display_name not in marking, "and does not see whose it is"
    for model in (Attempt, Certificate, Application):
        times = {"Attempt": "finished_at", "Certificate": "issued_at", "Application": "submitted_at"}
        assert not model.objects.filter(**{f"{times[model.__name__]}__gt": timezone.now()}).exists()


@pytest.mark.parametrize("command", ["load_demo", "start_demo"])
def test_a_live_instance_takes_no_demo_people(command: str, settings: Any) -> None:
    settings.INSTANCE = "live"
    with pytest.raises(CommandError, match="live instance"):
        said(command)
    assert not User.objects.exists()


def test_the_outbox_is_the_demonstrations_alone(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    mail = "Subject: Hello\nFrom: school@example.org\nTo: ana@example.org\n\nWelcome <b>Ana</b>.\n"
    (tmp_path / "1.log").write_text(f"{mail}{'-' * 79}\n")
    page = client.get("/demo/mail/").content.decode()
    assert "Hello" in page
    assert "Welcome &lt;b&gt;Ana&lt;/b&gt;." in page
    settings.INSTANCE = "live"
    assert client.get("/demo/mail/").status_code == 404
