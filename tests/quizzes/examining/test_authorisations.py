"""Authorisations to test: several people at once, each with their own answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.api import outline
from lms.learning.api import Cohort, enrol
from quizzes.assembly.models import Assessment
from quizzes.attempts.commands import authorise, end_authorisation, start_attempt
from quizzes.attempts.models import Authorisation
from quizzes.examining.people import read_lines
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db
LIST, NEW = "/examine/authorisations/", "/examine/authorisations/new/"


@pytest.fixture
def examiner(make_user: Any) -> Any:
    return make_user("examiner", "examiner")


@pytest.fixture
def desk(examiner: Any, clock: Any) -> Client:
    client = Client()
    client.force_login(examiner)
    return client


@pytest.fixture
def exam(db: None) -> Assessment:
    bank = make_bank("asked-exam", "exam")
    return make_assessment("asked", [make_question(bank=bank)], kind="exam", feedback="never", needs_authorisation=True)


def asked(desk: Client, code: str, addresses: str = "", **fields: Any) -> str:
    window = {"valid_from": "2026-11-01T00:00", "valid_until": "2026-12-01T00:00"}
    response = desk.post(NEW, {"assessment": code, "addresses": addresses, **window, **fields})
    assert response.status_code == 200
    return response.content.decode()


def test_each_person_is_decided_alone_and_the_page_says_what_became_of_each(
    desk: Client, exam: Any, make_user: Any, show_to: Any, now: datetime
) -> None:
    ana, bo = make_user("ana"), make_user("bo")
    make_user("cy")
    show_to(ana, exam)
    show_to(bo, exam)
    authorise(candidate=bo, assessment=exam, valid_from=now - timedelta(days=9), valid_until=now + timedelta(days=9),
              by=ana, at=now)  # fmt: skip
    said = asked(desk, exam.code, "Ana@test.example\nbo@test.example\ncy@test.example\nno@test.example")
    assert "1 person is authorised" in said
    assert "3 people" not in said
    assert "2 people were left out" in said
    for words in ("Has an authorisation already", "follows no path", "no@test.example"):
        assert words in said
    row = Authorisation.objects.get(candidate=ana)
    assert (row.assessment, row.valid_until.isoformat()) == (exam, "2026-12-01T00:00:00+00:00")
    assert Authorisation.objects.count() == 2
    assert start_attempt(assessment=exam, by=ana, at=now)[0].authorisation == row


def test_what_is_missing_for_the_exam_of_a_path_is_told_by_name(desk: Client, enrolled: Any) -> None:
    said = asked(desk, "foundations-exam", enrolled.email)
    assert "0 people are authorised" in said
    assert "The courses of this path come first" in said
    assert outline().course("C2").title in said
    assert not Authorisation.objects.exists()


def test_nobody_authorises_themselves(desk: Client, exam: Any, examiner: Any, show_to: Any) -> None:
    show_to(examiner, exam)
    assert "Nobody authorises themselves" in asked(desk, exam.code, examiner.email)
    assert not Authorisation.objects.exists()


def test_a_cohort_is_authorised_at_once(desk: Client, exam: Any, make_user: Any, show_to: Any, now: datetime) -> None:
    cohort = Cohort.objects.create(code="autumn", title="Autumn")
    people = [make_user(name) for name in ("ana", "bo")]
    for person in people:
        enrol(user=person, course=outline().course("C1"), cohort=cohort, by=person, at=now)
        show_to(person, exam)
    assert "Autumn" in desk.get(NEW).content.decode()
    assert "2 people are authorised" in asked(desk, exam.code, people[0].email, group="autumn")
    assert "Select a valid choice" in asked(desk, exam.code, group="spring")


def test_instructors_choose_from_their_own_cohorts(make_user: Any) -> None:
    from lms.core.ports import people_groups

    teacher = make_user("teacher", "instructor")
    mine, _other = (Cohort.objects.create(code=code, title=code) for code in ("mine", "other"))
    mine.instructors.add(teacher)
    assert [group["code"] for group in people_groups(teacher)] == ["mine"]


@pytest.mark.parametrize(
    "fields",
    [{"valid_until": "2026-10-31T00:00"}, {"valid_from": ""}, {"addresses": ""}, {"assessment": "ori-quiz"}],
)
def test_a_window_and_people_are_needed_and_an_exam_of_ones_own(
    desk: Client, exam: Any, student: Any, fields: dict[str, str]
) -> None:
    assert "authorised</h1>" not in asked(desk, **{"code": exam.code, "addresses": student.email, **_renamed(fields)})
    assert not Authorisation.objects.exists()


def _renamed(fields: dict[str, str]) -> dict[str, str]:
    return {("code" if name == "assessment" else name): value for name, value in fields.items()}


def test_ending_needs_a_reason_and_is_done_once(
    desk: Client, exam: Any, student: Any, examiner: Any, now: datetime
) -> None:
    row = authorise(
        candidate=student, assessment=exam, valid_from=now, valid_until=now + timedelta(days=9), by=examiner, at=now
    )
    page = f"{LIST}{row.uuid}/"
    assert desk.post(page, {"reason": "  "}).status_code == 200
    row.refresh_from_db()
    assert row.ended_at is None
    assert desk.post(page, {"reason": "Moved to spring"}).status_code == 302
    row.refresh_from_db()
    assert (row.ended_by, row.end_reason) == (examiner, "Moved to spring")
    said = desk.post(page, {"reason": "Again"}, follow=True).content.decode()
    assert "It had ended already" in said
    assert "Moved to spring" in said


def test_the_facts_of_the_path_are_kept_with_the_authorisation(desk: Client, make_user: Any, now: datetime) -> None:
    from tests.lms.certification.builders import ready

    person = make_user("ready")
    ready(person, make_user("registrar", "registrar"), now)
    asked(desk, "foundations-exam", person.email)
    row = Authorisation.objects.get()
    assert [fact["code"] for fact in row.eligibility["facts"]] == ["course:C1", "course:C2"]
    assert row.eligibility["facts"][0]["title"] in desk.get(f"{LIST}{row.uuid}/").content.decode()


def test_the_list_is_filtered_by_exam_state_and_name(
    desk: Client, exam: Any, make_user: Any, examiner: Any, now: datetime
) -> None:
    day = timedelta(days=1)

    def grant(name: str, begins: timedelta, ends: timedelta, at: datetime = now) -> Authorisation:
        return authorise(
            candidate=make_user(name), assessment=exam, valid_from=now + begins, valid_until=now + ends, by=examiner,
            at=at,
        )  # fmt: skip

    grant("valid", -day, day)
    used = grant("used", -day, day)
    start_attempt(assessment=exam, by=used.candidate, at=now)
    grant("coming", day, 2 * day)
    grant("lapsed", -3 * day, -day, at=now - 3 * day)
    end_authorisation(authorisation=grant("ended", -day, day), reason="Why not", by=examiner, at=now)

    def shown(**query: str) -> list[str]:
        return sorted(line["row"].candidate.display_name for line in desk.get(LIST, query).context["lines"])

    assert shown() == ["Coming", "Ended", "Lapsed", "Used", "Valid"]
    assert shown(state="valid") == ["Valid"]
    assert shown(state="used") == ["Used"]
    assert shown(state="coming") == ["Coming"]
    assert shown(state="over") == ["Ended", "Lapsed"]
    assert shown(exam=exam.code, q="laps") == ["Lapsed"]
    assert shown(exam="foundations-exam") == []


def test_the_list_costs_the_same_for_two_and_for_forty(
    desk: Client, exam: Any, make_user: Any, examiner: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    def grant(count: int, start: int) -> int:
        for number in range(start, start + count):
            authorise(
                candidate=make_user(f"p{number}"), assessment=exam, valid_from=now, valid_until=now + timedelta(days=1),
                by=examiner, at=now,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            desk.get(LIST)
        return len(captured)

    desk.get(LIST)
    assert grant(2, 0) == grant(38, 2)
    with django_assert_max_num_queries(10):
        desk.get(LIST)


def test_lines_are_read_as_people_type_them() -> None:
    text = " Ana@Example.org , A1 \n\nbo@example.org\nana@example.org, B2\n,\n"
    assert read_lines(text) == {"ana@example.org": "A1", "bo@example.org": ""}
