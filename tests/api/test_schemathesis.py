"""The OpenAPI document against the server: whatever is sent, the answer is one that the document describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.specs.openapi import checks

from lms.accounts.api import issue_api_token
from lms.accounts.queries import current_agreements
from tests.api.conftest import School
from tests.api.expected import Row
from tests.api.known_certification import about_classes, about_practicals, about_the_register
from tests.api.routes import API
from tests.api.test_role_matrix import address
from tests.conftest import PASSWORD
from tests.lms.certification.builders import ready
from tests.lms.certification.renewing import ready_to_renew, signatures
from tests.lms.practicals.log_builders import rubric, text_of
from tests.quizzes.conftest import Clock
from tests.quizzes.making import right
from tests.quizzes.written import FULL, revision_of

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

PERSONS = ("student", "instructor", "examiner", "registrar")
#: For each operation and person. The seed is fixed: a run says the same again.
EXAMPLES = 10
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@dataclass(frozen=True)
class Known:
    """A request about something that is there."""

    label: str
    path_parameters: dict[str, str]
    body: Any = NOT_SET
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def document(django_db_blocker: Any) -> dict[str, Any]:
    """The document as it is served, but read strictly: what an answer holds must stand in it."""
    with django_db_blocker.unblock():
        found = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    for name, shape in found["components"]["schemas"].items():
        if not name.endswith("Request") and "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return found


@pytest.fixture
def server() -> Iterator[WSGIHandler]:
    """What answers in production, save that it leaves the connection of the test open, as the test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def operations(document: dict[str, Any], server: WSGIHandler) -> dict[str, Any]:
    schema = schemathesis.openapi.from_dict(document)
    schema.app = server
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.label: operation for operation in found}


@pytest.fixture
def keys(school: School, now: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A key of each person, at a moment when all of the school is running."""
    monkeypatch.setattr("lms.core.middleware.timezone", Clock(now))
    return {person: issue_api_token(user=school.people[person], at=now)[1] for person in PERSONS}


def labelled(method: str, url: str) -> tuple[str, dict[str, str]]:
    """The operation of an address, and what fills its path."""
    match = resolve(url)
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route)
    return f"{method} {path}", {name: str(value) for name, value in match.kwargs.items()}


def known_requests(school: School) -> list[Known]:
    """One request for each row of the table of addresses, and those that lead further in."""

    def about(name: str, method: str = "GET", body: Any = NOT_SET, **more: Any) -> Known:
        rows = [row for row in API if row.name == name and row.method == method]
        extra = {part: more.pop(part) for part in ("headers", "query") if part in more}
        label, path = labelled(method, address(rows[0], school))
        return Known(label, {**path, **{part: str(value) for part, value in more.items()}}, body, **extra)

    def table() -> Iterator[Known]:
        for row in API:
            url = address(row, school)
            if url.startswith("/api/v1/") and row.name != "api-not-found":
                yield Known(*labelled(row.method, url), body=sendable(row))

    statement = current_agreements(["honour-statement"])["honour-statement"]
    answer = {"answer": right(school.attempt), "flagged": True, "confidence": 3, "elapsed_ms": 900}
    points = {"revision": revision_of(school.written), "points": FULL, "comment": "Well said."}
    logged = {
        "client": "C-01", "supervisor": school.people["instructor"].email, "held_on": "2026-10-30",
        "starts_at": "09:30", "minutes": 60, "setting": "practice", "categories": ["shoulder"],
        "techniques": ["stretch"],
    }  # fmt: skip
    before = school.logged.recorded_at
    renewable, _moment = ready_to_renew(
        school.people["instructor"], school.people["registrar"], school.renewal.submitted_at - timedelta(days=631)
    )
    return [
        *table(),
        about("auth-token", "POST", {"email": "student@test.example", "password": PASSWORD}),
        about("api-acceptance", "POST", {"digest": statement.digest}),
        about("api-quizzes", query={"page": "2", "page_size": "1"}),
        about("api-attempts", "POST", slug="ori-2-check"),
        about("api-response", "PUT", answer, headers={"Idempotency-Key": "one", "If-Match": '"0"'}),
        about("api-response", "PUT", {"flagged": False}, headers={"If-Match": '"7"'}),
        about("api-submit", "POST", {"reason": "time_up"}),
        about("api-attempt", attempt_id=school.written.uuid),
        about("api-attempt", attempt_id=school.finished.uuid),
        about("api-review", attempt_id=school.written.uuid),
        about("api-heartbeat", "POST", attempt_id=school.finished.uuid),
        about("api-practice-next", query={"after": str(school.finished.uuid)}),
        about("api-marking-item", "POST", {**points, "moderation": True}),
        about("api-analysis", slug=school.written.assessment.code, query={"attempts": "all"}),
        about("api-analysis", slug=school.finished.assessment.code),
        about("api-lesson-complete", "POST", code="ORI-1"),
        about("api-application", "POST", {"legal_name": "Ann Example"}),
        about("api-registrar-decision", "POST", {"outcome": "refuse", "reason": "The hours are missing."}),
        about("api-hours", "POST", logged),
        about("api-supervision-decisions", "POST", {"ids": [str(school.logged.uuid)], "approved": True}),
        about(
            "api-case-reports", "POST", {"client": "C-01", "title": "Neck", "text": text_of(900), "has_consent": True}
        ),
        about("api-renewal", "POST", {"statements": signatures(renewable)}, number=renewable.number),
        about(
            "api-ce",
            "POST",
            {
                "title": "Ethics",
                "provider": "A provider",
                "category": "ethics",
                "course_type": "live",
                "hours": "1.25",
                "completed_on": "2026-10-30",
                "file": b"%PDF-1.7 another one",
            },
        ),
        about("api-case-report-review", "POST", {"outcome": "accepted", "rubric": rubric(school.report)}),
        *about_practicals(school, about, before),
        *about_classes(school, about, before),
        *about_the_register(school, about, before),
    ]


def sendable(row: Row) -> Any:
    return dict(row.data) if row.method != "GET" and row.data else NOT_SET


def answer_of(case: Case, key: str) -> int:
    """The status of the answer, after every check, and nothing of what the call changed."""
    with transaction.atomic():
        response = case.call(headers={"Authorization": f"Token {key}"} if key else None)
        transaction.set_rollback(True)
    # A size of page that is none counts as not asked for; everything else that the document forbids is refused.
    stricter = [] if "page_size" in case.query else [checks.negative_data_rejection]
    case.validate_response(response, checks=[*CHECKS, *stricter])
    return response.status_code


def case_of(operation: Any, known: Known) -> Case:
    return operation.Case(
        path_parameters=dict(known.path_parameters),
        body=known.body,
        media_type=None if known.body is NOT_SET else next(iter(operation.body)).media_type,
        headers=dict(known.headers),
        query=dict(known.query),
    )


def cases(operation: Any, known: list[Known]) -> st.SearchStrategy[Case]:
    """Requests as the document allows and forbids them, about what is there and about anything else."""
    modes = [GenerationMode.POSITIVE]
    if operation.body or operation.query or operation.headers:
        modes.append(GenerationMode.NEGATIVE)
    fixed: list[dict[str, Any]] = [{}]
    for row in known:
        place = {"path_parameters": row.path_parameters}
        fixed += [place] if row.body is NOT_SET else [place, {**place, "body": row.body}]
    return st.one_of(
        operation.as_strategy(mode, **parts, feedback=NO_FEEDBACK)
        for parts in fixed
        for mode in modes
        if mode == GenerationMode.POSITIVE or "body" not in parts
    )


def test_every_success_of_the_document_is_given_and_is_as_documented(
    school: School, now: Any, keys: dict[str, str], operations: dict[str, Any], subtests: pytest.Subtests
) -> None:
    # Somebody has to be at the start of each way: able to apply, and nobody at all.
    ready(school.people["instructor"], school.people["registrar"], now)
    keys |= {"other": issue_api_token(user=school.people["other"], at=now)[1], "anonymous": ""}
    reached: dict[str, set[int]] = {label: set() for label in operations}
    for known in known_requests(school):
        for person, key in keys.items():
            with subtests.test(call=known.label, person=person):
                reached[known.label].add(answer_of(case_of(operations[known.label], known), key))
    documented = {
        label: {int(status) for status in operation.responses.status_codes if status.startswith("2")}
        for label, operation in operations.items()
    }
    successes = {label: {status for status in found if status < 300} for label, found in reached.items()}
    assert successes == documented


@pytest.mark.parametrize("person", PERSONS)
def test_whatever_is_sent_the_answer_is_as_documented(
    person: str, school: School, keys: dict[str, str], operations: dict[str, Any], subtests: pytest.Subtests
) -> None:
    known = known_requests(school)
    for label, operation in operations.items():
        about = [row for row in known if row.label == label]

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases(operation, about))
        def probe(case: Case) -> None:
            answer_of(case, keys[person])

        with subtests.test(call=label):
            probe()
