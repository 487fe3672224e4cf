"""Opening a live school, and repairing what a crash between a commit and its signal missed."""

from __future__ import annotations

import re
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.accounts.api import User
from lms.accounts.queries import has_second_factor
from lms.core.record import record_models
from lms.learning.api import Enrolment, LessonCompletion, ModuleCompletion
from lms.portal.readiness import obstacles
from quizzes.api import Assessment, Result, start_attempt
from tests.api import second_factor
from tests.lms.learning.studying import module, take

pytestmark = pytest.mark.django_db


# Opening ------------------------------------------------------------------------------------------------------


@pytest.fixture
def live(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.INSTANCE = "live"
    monkeypatch.setenv("ADMIN_PASSWORD", "a long enough phrase")


def set_up(monkeypatch: pytest.MonkeyPatch, wrong_code: bool = False) -> str:
    out = StringIO()

    def typed(prompt: str) -> str:
        secret = re.search(r"authenticator app: (\w+)", out.getvalue())
        assert secret
        return "000000" if wrong_code else second_factor.code(secret[1])

    monkeypatch.setattr("builtins.input", typed)
    call_command("setup_school", "--email", "head@school.example", "--name", "Head", stdout=out)
    return out.getvalue()


def test_the_first_administrator_has_a_second_factor(live: None, monkeypatch: pytest.MonkeyPatch) -> None:
    said = set_up(monkeypatch)
    admin = User.objects.get()
    assert (admin.email, admin.is_superuser, admin.role_codes) == ("head@school.example", True, {"admin"})
    assert has_second_factor(admin)
    assert admin.emailaddress_set.get().verified
    assert "Recovery codes" in said
    assert "a long enough phrase" not in said
    assert "There is an administrator already." in set_up(monkeypatch)
    assert User.objects.count() == 1


def test_a_wrong_code_or_a_weak_password_makes_nobody(live: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="code does not fit"):
        set_up(monkeypatch, wrong_code=True)
    monkeypatch.setenv("ADMIN_PASSWORD", "12345")
    with pytest.raises(CommandError):
        set_up(monkeypatch)
    assert not User.objects.exists()


def test_a_demonstration_is_not_set_up_as_a_school() -> None:
    with pytest.raises(CommandError, match="demonstration"):
        call_command("setup_school", "--email", "head@school.example")


def test_it_says_what_keeps_the_school_from_opening(live: None, settings: Any) -> None:
    found = " ".join(row.what for row in obstacles())
    for words in ("https", "foundations-exam is interim", "is a sample", "not reviewed", "Backups"):
        assert words in found
    settings.BASE_URL = "https://school.example"
    User.objects.create_user("student@example.org", "x")
    found = " ".join(row.what for row in obstacles())
    assert "BASE_URL is not https" not in found
    assert "1 demo people" in found
    out = StringIO()
    call_command("setup_school", "--check-only", stdout=out)
    blocking = sum(row.is_blocking for row in obstacles())
    assert f"{blocking} of these must be mended first." in out.getvalue()


# Repairing ----------------------------------------------------------------------------------------------------


def reconcile() -> None:
    call_command("reconcile", stdout=StringIO())


def counts() -> dict[Any, int]:
    return {model: model.objects.count() for model in record_models()}


def test_reconcile_admits_completes_and_grades_what_was_missed(enrolled: Any, make_user: Any, now: datetime) -> None:
    # Enrolled, and the process died before the news of it.
    other = make_user("other")
    Enrolment.objects.create(user=other, course_code="C1", enrolled_at=now, enrolled_by=other)
    # The last lesson was completed, and the process died before the module was.
    take(enrolled, "ori-quiz", now)
    for lesson in module("ORI").lessons:
        LessonCompletion.objects.create(
            user=enrolled, lesson_code=lesson.code, content_digest=lesson.digest, credited_minutes=lesson.minutes,
            completed_at=now,
        )  # fmt: skip
    # Handed in, and the process died before it was graded.
    attempt, _is_new = start_attempt(assessment=Assessment.objects.get(code="ori-1-check"), by=enrolled, at=now)
    type(attempt).objects.filter(pk=attempt.pk).update(submitted_at=now, finished_at=now, submitted_how="candidate")
    assert not other.admissions.exists()
    assert not ModuleCompletion.objects.exists()
    assert not Result.objects.filter(attempt=attempt).exists()
    reconcile()
    assert other.admissions.get().path.code == "foundations"
    assert ModuleCompletion.objects.get(user=enrolled).module_code == "ORI"
    assert Result.objects.filter(attempt=attempt).exists()
    before = counts()
    reconcile()
    assert counts() == before


def test_reconcile_asks_nothing_about_people_who_take_no_course(
    enrolled: Any, make_user: Any, django_assert_num_queries: Any
) -> None:
    reconcile()
    with CaptureQueriesContext(connection) as asked:
        reconcile()
    for number in range(3):
        make_user(f"visitor{number}")
    with django_assert_num_queries(len(asked)):
        reconcile()
