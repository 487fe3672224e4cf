"""Errors of the API: always RFC 9457, always the same members, never more than the client may know."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from django.test import Client

from lms.certification import queries
from tests.api.conftest import School

pytestmark = pytest.mark.django_db


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The body of an error, after what every error promises."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert body["status"] == status
    assert body["code"] == code
    assert body["title"]
    assert body["detail"]
    assert "Traceback" not in response.content.decode()
    return body


def test_401_says_how_to_sign_in(client: Client) -> None:
    response = client.get("/api/v1/me/")
    problem(response, 401, "not_signed_in")
    assert response["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["Token wrong", "Token", "Token two words", "Bearer nmt_wrong", "Token \xe9"])
def test_401_for_a_key_that_is_none(client: Client, header: str) -> None:
    response = client.get("/api/v1/me/", headers={"Authorization": header})
    problem(response, 401, "not_signed_in")


def test_401_comes_before_404(client: Client) -> None:
    problem(client.get("/api/v1/courses/no-such-course/"), 401, "not_signed_in")


def test_403_for_a_role_that_lacks_it(school: School, api: Any) -> None:
    problem(api(school.people["student"]).get("/api/v1/registrar/applications/"), 403, "permission_denied")


def test_403_comes_before_404(school: School, api: Any) -> None:
    url = "/api/v1/registrar/certificates/NMT-00000-00000/revocation/"
    problem(api(school.people["student"]).post(url, {}), 403, "permission_denied")


def test_403_csrf_failed_has_its_own_code(student: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(student)
    response = browser.post("/api/v1/courses/foundations/enrol/", content_type="application/json")
    problem(response, 403, "csrf_failed")


def test_a_browser_with_the_csrf_token_may_write(student: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(student)
    browser.get("/accounts/preferences/")
    token = browser.cookies["lms_csrf"].value
    response = browser.post(
        "/api/v1/courses/foundations/enrol/", content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert response.status_code == 201


@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/courses/no-such-course/",
        "/api/v1/lessons/NO-1/",
        "/api/v1/quizzes/no-such-quiz/",
        "/api/v1/quizzes/ori-quiz/",
        "/api/v1/attempts/00000000-0000-4000-8000-000000000000/",
        "/api/v1/certificates/NMT-00000-00000/",
        "/api/v1/programmes/no-such-path/progress/",
        "/api/v1/agreements/no-such-text/",
    ],
)
def test_404_for_what_is_not_there_for_you(url: str, student: Any, api: Any) -> None:
    problem(api(student).get(url), 404, "not_found")


@pytest.mark.parametrize("url", ["/api/", "/api/v1/", "/api/v2/me/", "/api/v1/nothing/", "/api/v1/attempts/no-uuid/"])
def test_404_for_an_address_that_is_none(url: str, client: Client) -> None:
    problem(client.get(url), 404, "not_found")


def test_404_for_an_address_that_is_none_whatever_the_method() -> None:
    problem(Client(enforce_csrf_checks=True).post("/api/v1/nothing/"), 404, "not_found")


def test_400_names_the_field(student: Any, api: Any) -> None:
    body = problem(api().post("/api/v1/auth/token/", {"email": "no address"}), 400, "invalid_input")
    assert set(body["errors"]) == {"email", "password"}
    assert all(isinstance(rows, list) and rows for rows in body["errors"].values())


def test_400_for_a_body_that_is_no_json(student: Any, api: Any) -> None:
    response = api(student).post(
        "/api/v1/agreements/honour-statement/acceptance/", "{not json", content_type="application/json"
    )
    problem(response, 400, "parse_error")


def test_400_for_an_answer_of_the_wrong_shape(school: School, api: Any) -> None:
    url = f"/api/v1/attempts/{school.attempt.uuid}/responses/1/"
    body = problem(api(school.people["student"]).put(url, {"answer": {"nonsense": 1}}), 400, "invalid_answer")
    assert body["errors"]


@pytest.mark.parametrize("body", ["[]", "null", "0", '""', "[1]"])
def test_400_for_a_body_that_is_no_object_and_nothing_is_handed_in(body: str, school: School, api: Any) -> None:
    url = f"/api/v1/attempts/{school.attempt.uuid}/submit/"
    response = api(school.people["student"]).post(url, body, content_type="application/json")
    problem(response, 400, "invalid_input")
    school.attempt.refresh_from_db()
    assert school.attempt.is_open


def test_400_for_a_choice_that_the_document_does_not_name(school: School, api: Any) -> None:
    response = api(school.people["examiner"]).get("/api/v1/quizzes/foundations-exam/analysis/", {"attempts": "some"})
    assert set(problem(response, 400, "invalid_input")["errors"]) == {"attempts"}


def test_405_for_a_method_that_the_address_does_not_take(student: Any, api: Any) -> None:
    problem(api(student).delete("/api/v1/me/"), 405, "method_not_allowed")


def test_406_and_415_are_problems_too(student: Any, api: Any) -> None:
    problem(api(student).get("/api/v1/me/", headers={"Accept": "text/csv"}), 406, "not_acceptable")
    response = api(student).post("/api/v1/courses/foundations/enrol/", "a=1", content_type="text/plain")
    assert response.status_code in {201, 415}
    response = api().post("/api/v1/auth/token/", "a=1", content_type="text/plain")
    problem(response, 415, "unsupported_media_type")


def test_409_says_what_is_missing(school: School, api: Any) -> None:
    body = problem(api(school.people["other"]).post("/api/v1/lessons/HIS-1/complete/"), 409, "lesson_locked")
    assert body["missing"][0].keys() == {"code", "title", "url"}


def test_412_brings_the_newer_answer(school: School, api: Any) -> None:
    client = api(school.people["student"])
    url = f"/api/v1/attempts/{school.attempt.uuid}/responses/1/"
    assert client.put(url, {"answer": None}, headers={"If-Match": '"0"'}).status_code == 200
    body = problem(client.put(url, {"flagged": True}, headers={"If-Match": '"0"'}), 412, "newer_response_exists")
    assert body["response"]["revision"] == body["revision"] == 1


def test_413_for_a_body_beyond_reason(student: Any, api: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = api(student).post("/api/v1/agreements/honour-statement/acceptance/", {"digest": "x" * 2000})
    problem(response, 413, "too_large")


def test_an_unexpected_fault_gives_a_reference_and_no_detail(
    school: School, api: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("the password of the database is swordfish")

    monkeypatch.setattr(queries, "held_certificates", broken)
    with caplog.at_level(logging.ERROR):
        response = api(school.people["student"]).get("/api/v1/certificates/")
    body = problem(response, 500, "internal_error")
    assert "swordfish" not in response.content.decode()
    assert re.fullmatch(r"[0-9a-f]{12}", body["reference"])
    assert body["reference"] in body["detail"]
    assert body["reference"] in caplog.text, "support could not find the fault by its reference"


def test_a_fault_before_any_view_is_a_problem_too(monkeypatch: pytest.MonkeyPatch, student: Any) -> None:
    def broken(user: Any) -> bool:
        raise RuntimeError("swordfish")

    monkeypatch.setattr("lms.accounts.middleware.lacks_required_second_factor", broken)
    client = Client(raise_request_exception=False)
    client.force_login(student)
    response = client.get("/api/v1/me/")
    problem(response, 500, "internal_error")
    assert "swordfish" not in response.content.decode()


def test_pages_keep_their_own_errors(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
