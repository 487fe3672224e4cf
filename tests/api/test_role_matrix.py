"""Every address of ours against every kind of person. An address that is not in the table fails the test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from courses.api import outline
from lms.certification.models import Waiver
from tests.api.conftest import School
from tests.api.expected import PERSONS, Row
from tests.api.routes import ACCOUNTS, API, PAGES, TREE
from tests.quizzes.written import version_of

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

OURS = ("lms.", "courses.", "quizzes.")
#: Addresses that we wire ourselves with somebody else's view.
WIRED = {"api-schema", "admin-login", "util-login"}


def address(row: Row, school: School) -> str:
    things = {
        "attempt": school.attempt.uuid,
        "finished": school.finished.uuid,
        "written": school.written.uuid,
        "written_question": version_of(school.written).uuid,
        "certificate": school.certificate.number,
        "application": school.application.uuid,
        "card": school.card.uuid,
        "sitting": school.seat.sitting.uuid,
        "seat": school.seat.uuid,
        "authorisation": school.authorisation.uuid,
        "review": school.review.uuid,
        "regrade": school.regrade.uuid,
        "study": school.study.uuid,
        "snapshot": school.snapshot.uuid,
        "document": school.document.uuid,
        "payment": school.payment.uuid,
        "waiver": Waiver.objects.filter(admission__user=school.people["student"]).order_by("id")[0].uuid,
        "admission": school.application.admission.uuid,
        "batch": school.batch.uuid,
        "renewable": school.renewal.certificate.number,
        "renewal": school.renewal.uuid,
        "claim": school.claim.uuid,
        "cohort": school.session.cohort.uuid,
        "session": school.session.uuid,
        "student": school.people["student"].uuid,
        "practical": school.signed.attempt.uuid,
        "signed": school.signed.uuid,
        "logged": school.logged.uuid,
        "report": school.report.uuid,
        "case": school.case.uuid,
    }
    if row.name == "api-not-found":
        return "/api/v1/nothing/here/"
    return reverse(row.name, kwargs={name: value.format(**things) for name, value in row.args.items()})


def signed_in(school: School, person: str) -> Client:
    client = Client(raise_request_exception=False)
    if person != "anonymous":
        client.force_login(school.people[person])
    return client


def ask(client: Client, row: Row, url: str) -> int:
    """The status, and nothing of what the call changed."""
    with transaction.atomic():
        kind = "application/json" if url.startswith("/api/") else None
        data: Any = row.data if row.method != "GET" else None
        more = {"content_type": kind} if kind and row.method != "GET" else {}
        status = getattr(client, row.method.lower())(url, data, **more).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("table", [API, PAGES, ACCOUNTS], ids=["api", "pages", "accounts"])
def test_each_person_gets_the_status_of_the_table(table: Iterable[Row], school: School) -> None:
    clients = {person: signed_in(school, person) for person in PERSONS}
    wrong = {}
    for row in table:
        url = address(row, school)
        got = {person: ask(clients[person], row, url) for person in PERSONS}
        wrong |= {f"{row} as {person}": (got[person], row.expected[person]) for person in PERSONS}
    assert {call: statuses for call, statuses in wrong.items() if statuses[0] != statuses[1]} == {}


def test_pages_of_the_tree_are_open_to_all(school: School) -> None:
    courses = outline()
    known = {course.code: course.url for course in courses.courses}
    known |= {module.code: module.url for _course, module in courses.modules()}
    known |= {lesson.code: lesson.url for _course, _module, lesson in courses.lessons()}
    for person in PERSONS:
        client = signed_in(school, person)
        assert {where: client.get(known.get(where, where)).status_code for where in TREE} == dict.fromkeys(TREE, 200)


def our_routes() -> set[str]:
    def walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                if not spaces and str(entry.pattern) == "admin/":
                    continue
                yield from walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
            else:
                assert entry.name or not entry.callback.__module__.startswith(OURS), f"{entry.pattern} has no name"
                yield ":".join([*spaces, entry.name or ""]), entry.callback

    return {name for name, view in walk(get_resolver(), ()) if view.__module__.startswith(OURS) or name in WIRED}


def test_no_address_of_ours_is_missing_from_the_table() -> None:
    listed = {row.name for row in [*API, *PAGES]}
    assert our_routes() - listed == set(), "say in tests/api/routes.py who may call these"
    assert listed - our_routes() == set(), "these are gone: take them out of tests/api/routes.py"


def test_calls_that_change_something_take_no_get(school: School) -> None:
    client = signed_in(school, "admin")
    lists = {row.name for row in API if row.method == "GET"}
    for row in API:
        if row.method != "GET" and row.name not in lists:
            response = client.get(address(row, school))
            assert (row.name, response.status_code) == (row.name, 405)
            assert response["Content-Type"] == "application/problem+json"


def test_what_belongs_to_the_student_stays_unchanged_by_others(school: School) -> None:
    """404 is not only an answer: the call must not have done anything."""
    for person in ("other", "instructor", "examiner", "registrar", "admin"):
        client = signed_in(school, person)
        client.post(f"/api/v1/attempts/{school.attempt.uuid}/submit/", content_type="application/json")
        client.post(f"/attempts/{school.attempt.uuid}/submit/")
        client.put(
            f"/api/v1/attempts/{school.attempt.uuid}/responses/1/", {"answer": None}, content_type="application/json"
        )
    school.attempt.refresh_from_db()
    assert school.attempt.is_open
    assert not school.attempt.items.filter(responses__isnull=False).exists()


def test_an_account_that_was_closed_gets_nothing(school: School) -> None:
    client = signed_in(school, "student")
    school.people["student"].is_active = False
    school.people["student"].save()
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/dashboard/").status_code == 302
    assert client.get(f"/attempts/{school.attempt.uuid}/").status_code == 302
