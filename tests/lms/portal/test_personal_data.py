"""What is held about a person: all of it is found, given to them, and erased but for what must stay."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from lms.accounts.api import User, grant_accommodation, grant_role, issue_api_token
from lms.accounts.models import ApiToken, OutgoingMail
from lms.certification import case_commands
from lms.certification.api import Application, Certificate, open_case, revoke
from lms.core.record import TOMBSTONE, Record
from lms.portal.erasing import KEPT, CannotErase, erase, plan
from lms.portal.personal_data import (
    HIDDEN,
    LEFT_OUT,
    OURS,
    as_json,
    as_zip,
    is_actor,
    is_subject,
    rows_about,
    tables_about_people,
)
from lms.practicals.api import CaseReport
from quizzes.api import Assessment, Attempt, Result, start_attempt, submit_attempt
from tests.conftest import PASSWORD
from tests.lms.certification.builders import applied, certified
from tests.lms.learning import classes
from tests.lms.learning.studying import take
from tests.lms.practicals import builders as practicals
from tests.lms.practicals import log_builders

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a letter"


# What is about a person ---------------------------------------------------------------------------------------------


def test_every_relation_to_a_person_is_known_as_subject_or_actor() -> None:
    unknown = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.related_model is User and is_subject(field) == is_actor(field)
    ]
    # Pages and snippets of the CMS have owners and locks, which `is_actor` knows by name.
    assert unknown == []


def test_words_of_a_person_that_can_be_erased_are_found() -> None:
    """Every table with something to erase is about people, or says here why it is not."""
    known = {model._meta.label for model in tables_about_people()}
    erasable = {model._meta.label for model in apps.get_models() if issubclass(model, Record) and model.erasable_fields}
    # A regrade is about a question; its reason names nobody. Whose an evaluation is, is not known.
    assert erasable - known == {"quizzes.Regrade", "learning.CourseEvaluation"}


def test_what_is_said_of_tables_names_tables() -> None:
    known = {model._meta.label: model for model in tables_about_people()}
    assert set(LEFT_OUT) <= set(known)
    for label, names in HIDDEN.items():
        assert names <= {field.name for field in known[label]._meta.concrete_fields}
    assert {label.split(".")[0] for label in known} <= set(KEPT)


@pytest.fixture
def rich(people: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A student with one of nearly everything, and another whose things must stay untouched."""
    student, registrar, instructor, examiner = (
        people[name] for name in ("student", "registrar", "instructor", "examiner")
    )
    for person in (student, people["other"]):
        person.legal_name = f"Legal {person.display_name}"
        person.save()
        certified(person, registrar, now - timedelta(days=90))
    classes.make_cohort(instructor, [student], now)
    take(student, "ori-quiz", now - timedelta(days=2))
    report = log_builders.hand_in(student, now, text="", file=log_builders.pdf("My report.pdf"))
    case = open_case(
        kind="accommodation", title="My illness", text="I have a secret illness", by=student, at=now,
        file=SimpleUploadedFile("letter.pdf", PDF),
    )  # fmt: skip
    case_commands.note_on_case(case=case, text="Internal words", by=registrar, at=now)
    case_commands.withdraw_case(case=case, by=student, at=now)
    grant_accommodation(
        user=student, extra_minutes=5, notes_for_invigilators="Sits", reason="Ill", by=registrar, at=now
    )
    attempt = practicals.opened(student, practicals.published(stations=("P1", "P2"), criteria="abcd"), examiner, now)
    practicals.judge(attempt, "P1", examiner, now, points=(0, 2, 2, 2), comments=["Forgot to ask", "", "", ""])
    _token, key = issue_api_token(user=student, name="My script", at=now)
    OutgoingMail.objects.create(key="x", to=student, template="t", context={"name": "Student"}, created_at=now)
    return {**people, "report": report, "case": case, "key": key, "attempt": attempt}


def exported(user: Any, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(as_json(user, now)))
    return found


# The download -------------------------------------------------------------------------------------------------------


def test_the_export_holds_ones_own_and_nobody_elses(rich: dict[str, Any], now: datetime) -> None:
    found = exported(rich["student"], now)
    assert found["account"]["email"] == "student@test.example"
    assert found["account"]["addresses"] == [{"email": "student@test.example", "verified": True, "primary": True}]
    for model in tables_about_people():
        label = model._meta.label
        if label in LEFT_OUT:
            assert label not in found["records"]
            continue
        shown = len(found["records"][label])
        assert shown <= rows_about(model, rich["student"]).count()
    assert found["records"]["certification.Case"][0]["text"] == "I have a secret illness"
    text = json.dumps(found)
    assert "other@test.example" not in text
    assert "Legal Other" not in text


def test_what_one_may_not_know_is_not_in_it(rich: dict[str, Any], now: datetime) -> None:
    found = exported(rich["student"], now)
    text = json.dumps(found)
    assert "Internal words" not in text
    # The practical examination still runs: what was judged is told once it is over.
    assert "Forgot to ask" not in text
    assert found["records"]["practicals.SignOff"] == []
    practicals.judge(rich["attempt"], "P2", rich["examiner"], now, points=(2, 2, 2, 2))
    assert "Forgot to ask" in json.dumps(exported(rich["student"], now))


def test_a_held_result_and_the_answers_of_an_exam_are_not_in_it(rich: dict[str, Any], now: datetime) -> None:
    student = rich["student"]
    old = Result.objects.get(attempt__candidate=student)
    Result.objects.create(
        attempt=old.attempt,
        raw=1,
        maximum=old.maximum,
        percent=77,
        cut_percent=50,
        passed=True,
        source="regrade",
        at=now,
    )
    records = exported(student, now)["records"]
    assert [row["percent"] for row in records["quizzes.Result"]] == [str(old.percent)]
    assert all(row["data"] for row in records["quizzes.Response"])
    Assessment.objects.filter(code="ori-quiz").update(kind="exam")
    assert all(
        row["data"] is None or set(row["data"]) == {"text"}
        for row in exported(student, now)["records"]["quizzes.Response"]
    )


def test_the_zip_has_what_was_handed_in(rich: dict[str, Any], now: datetime) -> None:
    opened = zipfile.ZipFile(io.BytesIO(b"".join(as_zip(rich["student"], now))))
    assert opened.testzip() is None
    files = [name for name in opened.namelist() if name.startswith("files/")]
    assert sorted(name.split("-")[-1] for name in files) == ["My report.pdf", "letter.pdf"]
    assert {opened.read(name) for name in files} == {PDF, log_builders.PDF}
    named = json.loads(opened.read("data.json"))["records"]["practicals.CaseReport"][0]["file"]
    assert named in files
    assert "Not in it, and why" in opened.read("README.txt").decode()


def test_the_page_gives_it_once_the_password_was_given_again(rich: dict[str, Any], client: Client) -> None:
    client.force_login(rich["student"])
    assert b"Download my data" in client.get("/accounts/data/").content
    asked = client.post("/accounts/data/download/")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    refused = client.post(asked["Location"], {"password": "wrong"})
    assert refused.status_code == 200
    answer = client.post(asked["Location"], {"password": PASSWORD})
    opened = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert json.loads(opened.read("data.json"))["account"]["email"] == "student@test.example"
    # For a while it need not be given again.
    assert client.post("/accounts/data/download/").status_code == 200


def test_the_command_writes_the_same(rich: dict[str, Any], tmp_path: Path) -> None:
    call_command("export_person", "STUDENT@test.example", str(tmp_path / "a.json"), stdout=StringIO())
    assert json.loads((tmp_path / "a.json").read_bytes())["account"]["uuid"] == str(rich["student"].uuid)
    call_command("export_person", str(rich["student"].uuid), str(tmp_path / "a.zip"), stdout=StringIO())
    assert "data.json" in zipfile.ZipFile(tmp_path / "a.zip").namelist()
    with pytest.raises(CommandError, match="already"):
        call_command("export_person", "student@test.example", str(tmp_path / "a.zip"))
    with pytest.raises(CommandError, match="no nobody"):
        call_command("export_person", "nobody", str(tmp_path / "b.zip"))


def test_queries_do_not_grow_with_rows(rich: dict[str, Any], now: datetime, django_assert_max_num_queries: Any) -> None:
    for _count in range(3):
        with django_assert_max_num_queries(120):
            exported(rich["student"], now)
        for _case in range(10):
            open_case(kind="complaint", title="Again", text="Cold", by=rich["student"], at=now)


# Erasing ------------------------------------------------------------------------------------------------------------


def all_words(user: Any) -> str:
    """Every column of every row about a person, and the account itself."""
    parts = [json.dumps(exported_row(row)) for model in tables_about_people() for row in rows_about(model, user)]
    return " ".join([*parts, json.dumps(exported_row(User.objects.get(pk=user.pk)))])


def exported_row(row: Any) -> dict[str, str]:
    return {field.name: str(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def later(now: datetime) -> datetime:
    return now + timedelta(days=2)


def test_a_dry_run_says_what_would_happen_and_changes_nothing(rich: dict[str, Any], now: datetime) -> None:
    student = rich["student"]
    before = all_words(student)
    found = plan(student, later(now), even_if_certified=True)
    assert found.against == []
    assert found.erased["certification.Case.text"] == found.erased["practicals.CaseReport.file"] == 1
    assert found.removed == {"accounts.ApiToken": 1, "accounts.OutgoingMail": 1, "account.EmailAddress": 1}
    assert len(found.files) == 2
    assert found.kept["certification.Certificate"] == 1
    assert all(found.reasons.values())
    assert all_words(student) == before


def test_erasing_leaves_no_name_no_word_no_file_and_no_way_in(rich: dict[str, Any], now: datetime, api: Any) -> None:
    student = rich["student"]
    browser = Client()
    browser.force_login(student)
    log(instance=student, action="wagtail.edit", data={"title": "Student"})
    paths = [rich["report"].file.name, rich["case"].file.name]
    report = erase(user=student, even_if_certified=True, at=later(now))
    assert report.applied
    words = all_words(student)
    certificate = Certificate.objects.get(holder=student)
    for secret in (
        "student@test.example", "Student", "illness", "Forgot to ask", "My report", "letter.pdf", "Sits", "My script",
        "Internal words",
    ):  # fmt: skip
        # The name as printed is all that stays of it.
        assert secret not in words.replace(certificate.holder_name, "")
    assert not any(storages["private"].exists(path) for path in paths)
    assert not ApiToken.objects.filter(user=student).exists()
    assert not EmailAddress.objects.filter(user=student).exists()
    assert not [row for row in Session.objects.all() if row.get_decoded().get("_auth_user_id") == str(student.pk)]
    assert browser.get("/dashboard/").status_code == 302
    assert api().get("/api/v1/me/", headers={"Authorization": f"Token {rich['key']}"}).status_code == 401
    assert not Client().login(email="student@test.example", password=PASSWORD)
    # What must stay stays, and the certificate can be checked.
    answer = api().get(f"/api/v1/verify/{certificate.number}/").json()
    assert (answer["status"], answer["name"]) == ("active", "Legal Student")
    assert Application.objects.get(admission__user=student).legal_name == TOMBSTONE
    assert CaseReport.objects.get(student=student).file.name == TOMBSTONE
    assert Attempt.objects.filter(candidate=student).exists()


def test_what_was_done_is_kept_in_the_log_and_says_why(rich: dict[str, Any], now: datetime) -> None:
    log(instance=rich["student"], action="wagtail.edit", data={"title": "Student"})
    erase(user=rich["student"], even_if_certified=True, at=later(now))
    entries = ModelLogEntry.objects.filter(object_id=str(rich["student"].pk), content_type__model="user").order_by("pk")
    assert [(row.action, "Student" in f"{row.label}{row.data}") for row in entries] == [
        ("wagtail.edit", False), ("lms.erase_person", False),
    ]  # fmt: skip
    data = entries.last().data  # type: ignore[union-attr]
    assert data["applied"] is True
    assert "must be able to check it" in data["kept"]["certification.Certificate"]["why"]


def test_nobody_else_is_touched(rich: dict[str, Any], now: datetime) -> None:
    before = {name: all_words(rich[name]) for name in ("other", "instructor", "registrar", "examiner")}
    erase(user=rich["student"], even_if_certified=True, at=later(now))
    assert {name: all_words(rich[name]) for name in before} == before


def test_an_erased_person_can_be_named_and_erased_again(rich: dict[str, Any], now: datetime) -> None:
    erase(user=rich["student"], even_if_certified=True, at=later(now))
    again = plan(User.objects.get(pk=rich["student"].pk), later(now), even_if_certified=True)
    assert (again.erased, again.removed, again.files) == ({}, {}, [])


def test_pages_of_the_school_still_open(rich: dict[str, Any], now: datetime, client: Client) -> None:
    erase(user=rich["student"], even_if_certified=True, at=later(now))
    client.force_login(rich["registrar"])
    number = Certificate.objects.get(holder=rich["student"]).number
    pages = [
        f"/registrar/certificates/{number}/",
        "/registrar/cases/?show=closed",
        f"/registrar/cases/{rich['case'].uuid}/",
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    assert client.get(f"/certification/cases/{rich['case'].uuid}/file/").status_code == 404


# What stands against it ---------------------------------------------------------------------------------------------


def refused(user: Any, at: datetime, **more: Any) -> str:
    with pytest.raises(CannotErase) as caught:
        erase(user=user, at=at, **more)
    user.refresh_from_db()
    assert user.is_active
    return caught.value.message


def test_not_while_a_certificate_is_active_without_saying_so(people: dict[str, Any], now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    assert certificate.number in refused(people["student"], now)
    revoke(certificate=certificate, public_reason="conduct", internal_reason="-", by=people["registrar"], at=now)
    assert erase(user=people["student"], at=now).applied


def test_not_while_an_examination_runs(enrolled: Any, now: datetime) -> None:
    quiz = Assessment.objects.get(code="ori-quiz")
    attempt, _is_new = start_attempt(assessment=quiz, seed="s", by=enrolled, at=now)
    assert plan(enrolled, now).against == []
    Assessment.objects.filter(pk=quiz.pk).update(kind="exam")
    assert "examination is running" in refused(enrolled, now)
    submit_attempt(attempt=attempt, by=enrolled, at=now)
    assert plan(enrolled, now).against == []


def test_not_while_a_practical_examination_runs(people: dict[str, Any], now: datetime) -> None:
    practicals.opened(people["student"], practicals.published(), people["examiner"], now)
    assert "practical" in refused(people["student"], now)
    assert plan(people["student"], later(now)).against == []


def test_not_while_a_case_or_an_application_is_open(people: dict[str, Any], now: datetime) -> None:
    student, examiner = people["student"], people["examiner"]
    applied(student, people["registrar"], now)
    case = open_case(kind="complaint", title="The room", text="Cold", by=student, at=now)
    case_commands.assign_case(case=case, assignee=examiner, by=people["registrar"], at=now)
    words = refused(student, now, even_if_certified=True)
    assert "case that this person opened" in words
    assert "application" in words
    assert "this person's decision" in refused(examiner, now)


def test_not_an_administrator(people: dict[str, Any], now: datetime) -> None:
    assert "administrator" in refused(people["admin"], now)


def test_staff_can_be_erased_and_what_they_did_stays(people: dict[str, Any], now: datetime) -> None:
    grant_role(user=people["instructor"], role="registrar")
    certificate = certified(people["student"], people["instructor"], now)
    erase(user=people["instructor"], at=now)
    people["instructor"].refresh_from_db()
    certificate.refresh_from_db()
    assert certificate.issued_by == people["instructor"]
    assert not people["instructor"].groups.exists()
    assert "instructor" not in people["instructor"].get_full_name().lower()


def test_the_command_is_a_dry_run_unless_told(people: dict[str, Any]) -> None:
    said = StringIO()
    call_command("erase_person", "student@test.example", stdout=said)
    assert "dry run" in said.getvalue()
    assert User.objects.filter(email="student@test.example").exists()
    call_command("erase_person", "student@test.example", "--apply", "--json", stdout=StringIO())
    assert not User.objects.filter(email="student@test.example").exists()
    with pytest.raises(CommandError, match="administrator"):
        call_command("erase_person", "admin@test.example", "--apply")
    with pytest.raises(CommandError, match="no student@test"):
        call_command("erase_person", "student@test.example")
