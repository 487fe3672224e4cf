"""The audit pack: the whole record of a cohort, or of a path in a span, and nobody else's."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path as File
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lms.certification.api import Certificate, revoke
from lms.certification.audit_pack import stream
from lms.certification.audit_tables import Selection, tables
from lms.learning.api import Cohort
from tests.lms.certification.builders import applied, certified, foundations
from tests.lms.learning import classes
from tests.lms.learning.studying import study

pytestmark = pytest.mark.django_db
NAMES = (
    "roster", "admissions", "sessions", "attendance", "certificates", "certificate_events", "evidence", "decisions",
    "requirements", "lessons_taught", "evaluations",
)  # fmt: skip


@pytest.fixture
def school(people: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A cohort with one student, taught and certified; another student is certified outside it."""
    student, instructor, registrar = people["student"], people["instructor"], people["registrar"]
    student.display_name = "=HYPERLINK(1)"
    student.save()
    cohort = classes.make_cohort(instructor, [student], now)
    session = classes.make_session(cohort, instructor, now - timedelta(days=2))
    classes.note(session, instructor, now - timedelta(days=1), student=100)
    classes.note(session, instructor, now, reason="-2 late", student=120)
    study(student, "ORI-1", now - timedelta(days=3))
    certificate = certified(student, registrar, now)
    revoke(certificate=certificate, public_reason="conduct", internal_reason="Very secret", by=registrar, at=now)
    stranger = certified(people["other"], registrar, now)
    return {"cohort": cohort, "session": session, "certificate": certificate, "stranger": stranger, "people": people}


def pack(chosen: Selection, at: datetime) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(stream(chosen, by="Somebody", at=at))))


def rows(opened: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(opened.read(f"{name}.json"))
    return found


def test_a_cohorts_pack_holds_its_people_and_nobody_else(school: dict[str, Any], now: datetime) -> None:
    opened = pack(Selection(cohort=school["cohort"]), now)
    assert opened.testzip() is None
    assert set(opened.namelist()) == {"README.txt", *(f"{n}.{end}" for n in NAMES for end in ("csv", "json"))}
    number = school["certificate"].number
    assert [row["email"] for row in rows(opened, "roster")] == ["student@test.example"]
    assert [(row["number"], row["status"]) for row in rows(opened, "certificates")] == [(number, "revoked")]
    assert {row["number"] for row in rows(opened, "evidence")} == {number}
    assert [row["kind"] for row in rows(opened, "certificate_events")] == ["issued", "revoked"]
    assert [(row["outcome"], row["certificates"]) for row in rows(opened, "decisions")] == [("award", number)]
    assert [row["path"] for row in rows(opened, "requirements")] == ["foundations"]
    assert [row["teachers"] for row in rows(opened, "sessions")] == ["Instructor"]
    assert [(row["lesson"], row["people"], row["is_current"]) for row in rows(opened, "lessons_taught")] == [
        ("ORI-1", 1, True)
    ]
    everything = b"".join(opened.read(name) for name in opened.namelist())
    assert school["stranger"].number.encode() not in everything
    assert b"other@test.example" not in everything
    assert b"Very secret" not in everything


def test_corrections_stand_beside_what_they_correct(school: dict[str, Any], now: datetime) -> None:
    found = rows(pack(Selection(cohort=school["cohort"]), now), "attendance")
    assert [(row["minutes"], row["holds"], row["reason"]) for row in found] == [
        (100, False, ""), (120, True, "-2 late"),
    ]  # fmt: skip


def test_no_spreadsheet_finds_a_formula(school: dict[str, Any], now: datetime) -> None:
    opened = pack(Selection(cohort=school["cohort"]), now)
    for name in NAMES:
        for line in csv.reader(io.StringIO(opened.read(f"{name}.csv").decode("utf-8-sig"))):
            assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@"))]
    assert b"'=HYPERLINK(1)" in opened.read("roster.csv")


def test_the_readme_has_rows_and_digests_of_each_file(school: dict[str, Any], now: datetime) -> None:
    opened = pack(Selection(cohort=school["cohort"]), now)
    text = opened.read("README.txt").decode()
    for name in opened.namelist():
        if name != "README.txt":
            [line] = [line.split() for line in text.splitlines() if line.split()[:1] == [name]]
            count = len(rows(opened, name.split(".")[0]))
            assert line[1:] == [str(count), hashlib.sha256(opened.read(name)).hexdigest()]
    assert "Cohort autumn" in text
    assert "demonstration" in text


def test_csv_and_json_say_the_same(school: dict[str, Any], now: datetime) -> None:
    opened = pack(Selection(cohort=school["cohort"]), now)
    for table in tables(Selection(cohort=school["cohort"]), now.date()):
        lines = list(csv.DictReader(io.StringIO(opened.read(f"{table.name}.csv").decode("utf-8-sig"))))
        told = rows(opened, table.name)
        assert [tuple(row) for row in told] == [table.columns] * len(lines)


@pytest.mark.parametrize(("first", "last", "count"), [(-1, 1, 2), (1, 9, 0), (-9, -1, 0)])
def test_a_path_in_a_span(first: int, last: int, count: int, school: dict[str, Any], now: datetime) -> None:
    days = [now.date() + timedelta(days=shift) for shift in (first, last)]
    opened = pack(Selection(path=foundations(), first=days[0], last=days[1]), now)
    assert len(rows(opened, "certificates")) == len(rows(opened, "decisions")) == count
    attended = rows(opened, "attendance")
    assert all(days[0] <= date.fromisoformat(row["on"]) <= days[1] for row in attended)


def test_who_left_before_the_span_is_not_in_it(people: dict[str, Any], now: datetime) -> None:
    admission = applied(people["student"], people["registrar"], now).admission
    type(admission).objects.filter(pk=admission.pk).update(ended_at=now, end_reason="Moved")
    later = now.date() + timedelta(days=5)
    chosen = Selection(path=foundations(), first=later, last=later)
    assert rows(pack(chosen, now), "admissions") == []
    assert len(rows(pack(Selection(path=foundations(), first=now.date(), last=later), now), "admissions")) == 1


def test_memory_does_not_grow_with_the_number_of_rows(school: dict[str, Any], now: datetime) -> None:
    """Ten times the events make the pack larger, and what it holds at once not."""
    chosen = Selection(cohort=school["cohort"])

    def peak() -> int:
        tracemalloc.start()
        for _piece in stream(chosen, by="-", at=now):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    attendance = school["session"].attendances.model
    person, noted = school["people"]["student"], school["people"]["instructor"]

    def add(count: int) -> None:
        attendance.objects.bulk_create(
            attendance(
                session=school["session"], user=person, minutes=1, reason="x" * 250, noted_by=noted, noted_at=now
            )
            for _each in range(count)
        )

    add(300)
    peak()
    few = peak()
    add(3000)
    assert peak() < few * 1.5


def test_the_registrar_takes_it_from_the_page(school: dict[str, Any], client: Client) -> None:
    client.force_login(school["people"]["registrar"])
    fault = client.post("/registrar/audit-pack/", {"first": "2026-01-01"})
    assert set(fault.context["form"].errors) == {"path", "last"}
    both = client.post("/registrar/audit-pack/", {"cohort": school["cohort"].pk, "first": "2026-01-01"})
    assert set(both.context["form"].errors) == {"first"}
    answer = client.post("/registrar/audit-pack/", {"cohort": school["cohort"].pk})
    assert answer["Content-Disposition"] == 'attachment; filename="audit-autumn.zip"'
    opened = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "by Registrar" in opened.read("README.txt").decode()


def test_the_command_writes_it_once(school: dict[str, Any], tmp_path: File) -> None:
    target = tmp_path / "pack.zip"
    call_command("audit_pack", str(target), "--cohort", "autumn")
    assert "certificates.csv" in zipfile.ZipFile(target).namelist()
    with pytest.raises(CommandError, match="already"):
        call_command("audit_pack", str(target), "--cohort", "autumn")
    with pytest.raises(CommandError, match="no cohort"):
        call_command("audit_pack", str(tmp_path / "b.zip"), "--cohort", "winter")
    with pytest.raises(CommandError, match="taken whole"):
        call_command("audit_pack", str(tmp_path / "b.zip"), "--cohort", "autumn", "--from", "2026-01-01")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("audit_pack", str(tmp_path / "nowhere" / "b.zip"), "--cohort", "autumn")
    with pytest.raises(CommandError, match="span"):
        call_command("audit_pack", str(tmp_path / "b.zip"), "--path", "foundations")


def test_queries_do_not_grow_with_people(
    school: dict[str, Any], make_user: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    chosen = Selection(cohort=Cohort.objects.get(code="autumn"))
    for number in range(10):
        student = make_user(f"more{number}")
        enrolment = school["cohort"].enrolments.model(
            user=student, course_code="C1", cohort=school["cohort"], enrolled_at=now, enrolled_by=student
        )
        enrolment.save()
        certified(student, school["people"]["registrar"], now)
    assert Certificate.objects.count() == 12
    with django_assert_max_num_queries(60):
        assert b"".join(stream(chosen, by="-", at=now))
