"""Saving answers over the API: nothing acknowledged is lost, nothing is stored twice, nothing is overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.attempts.models import Attempt, Response
from tests.quizzes.making import right, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(["single_choice", "matching", "ordering"]))


def rows(attempt: Attempt, slot: int = 1) -> list[Response]:
    return list(Response.objects.filter(item__attempt=attempt, item__slot=slot).order_by("sequence"))


def stored(attempt: Attempt, api: Any, slot: int = 1) -> Any:
    body = api(attempt.candidate).get(f"/api/v1/attempts/{attempt.uuid}/").json()
    return body["items"][slot - 1]["response"]


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    body = response.json()
    assert (response.status_code, body["code"], body["status"]) == (status, code, status), body
    assert response["Content-Type"] == "application/problem+json"
    assert {"type", "title", "detail"} <= set(body)
    return body


def test_an_answer_is_acknowledged_with_its_revision(attempt: Attempt, put: Any, api: Any) -> None:
    sent = right(attempt)
    saved = put(attempt, 1, {"answer": sent, "flagged": True, "confidence": 2})
    assert saved.status_code == 200
    assert saved.json() == {"slot": 1, "revision": 1, "saved_at": "2026-11-02T10:00:00Z", "deadline": None}
    assert saved["ETag"] == '"1"'
    assert stored(attempt, api) == {"answer": sent, "revision": 1, "flagged": True, "confidence": 2}


def test_revisions_count_up_at_each_slot(attempt: Attempt, put: Any) -> None:
    assert [put(attempt, 1, {"answer": wrong(attempt)}).json()["revision"] for _ in range(3)] == [1, 2, 3]
    assert put(attempt, 2, {"answer": right(attempt, 2)}).json()["revision"] == 1
    assert [row.sequence for row in rows(attempt)] == [1, 2, 3]


def test_the_same_key_and_body_again_answers_the_same_and_stores_nothing(
    attempt: Attempt, put: Any, clock: Any
) -> None:
    body = {"answer": right(attempt)}
    first = put(attempt, 1, body, key="k1")
    clock.forward(seconds=30)
    assert put(attempt, 1, body, key="k1").json() == first.json()
    put(attempt, 1, {"answer": wrong(attempt)}, key="k2")
    replay = put(attempt, 1, body, key="k1")
    assert replay.json() == first.json(), "a retry answers what it answered, whatever came since"
    assert [row.client_key for row in rows(attempt)] == ["k1", "k2"]


def test_the_same_key_with_another_body_is_refused(attempt: Attempt, put: Any) -> None:
    put(attempt, 1, {"answer": right(attempt)}, key="k1")
    for body in ({"answer": wrong(attempt)}, {"answer": None}, {"flagged": True},
                 {"answer": right(attempt), "flagged": True}, {"answer": right(attempt), "confidence": 1}):  # fmt: skip
        refused = problem(put(attempt, 1, body, key="k1"), 409, "idempotency_key_reused")
        assert refused["revision"] == 1
    assert len(rows(attempt)) == 1


def test_a_key_counts_per_attempt_and_slot(attempt: Attempt, put: Any, quiz_of: Any, begin: Any) -> None:
    assert put(attempt, 1, {"answer": None}, key="k1").json()["revision"] == 1
    assert put(attempt, 2, {"answer": right(attempt, 2)}, key="k1").json()["revision"] == 1
    other = begin(quiz_of(["single_choice"]))
    assert put(other, 1, {"answer": wrong(other)}, key="k1").json()["revision"] == 1


def test_a_retry_after_submission_still_answers_what_was_saved(attempt: Attempt, put: Any, hand_in: Any) -> None:
    body = {"answer": right(attempt)}
    first = put(attempt, 1, body, key="k1")
    hand_in(attempt)
    assert put(attempt, 1, body, key="k1").json() == first.json()
    problem(put(attempt, 1, body, key="k2"), 409, "attempt_closed")


def test_without_keys_equal_answers_are_separate_saves(attempt: Attempt, put: Any) -> None:
    body = {"answer": right(attempt)}
    assert [put(attempt, 1, body).json()["revision"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("key", ["k" * 81, "tab\there", "\x7f"])
def test_a_key_that_cannot_be_kept_is_refused(attempt: Attempt, put: Any, key: str) -> None:
    refused = problem(put(attempt, 1, {"answer": None}, key=key), 400, "invalid_input")
    assert "Idempotency-Key" in refused["errors"]
    assert put(attempt, 1, {"answer": None}, key="k" * 80).status_code == 200


def test_a_stale_page_gets_the_newer_answer_and_overwrites_nothing(attempt: Attempt, put: Any) -> None:
    assert put(attempt, 1, {"answer": wrong(attempt)}, revision=0).status_code == 200
    newer = right(attempt)
    assert put(attempt, 1, {"answer": newer, "flagged": True}, revision=1).json()["revision"] == 2
    refused = problem(put(attempt, 1, {"answer": wrong(attempt)}, revision=1), 412, "newer_response_exists")
    assert refused["revision"] == 2
    assert refused["response"] == {"answer": newer, "revision": 2, "flagged": True, "confidence": None}
    assert len(rows(attempt)) == 2
    assert put(attempt, 1, {"answer": None}, revision=2).json()["revision"] == 3


@pytest.mark.parametrize("revision", [1, 7, 999_999_999])
def test_a_revision_that_never_was_is_not_ours(attempt: Attempt, put: Any, revision: int) -> None:
    refused = problem(put(attempt, 1, {"answer": None}, revision=revision), 412, "newer_response_exists")
    assert (refused["revision"], refused["response"]) == (0, None)


@pytest.mark.parametrize("header", ["1", '"1"', 'W/"1"', "*"])
def test_if_match_takes_the_usual_spellings(attempt: Attempt, student: Any, api: Any, put: Any, header: str) -> None:
    put(attempt, 1, {"answer": None})
    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    assert api(student).put(url, {"answer": None}, headers={"If-Match": header}).json()["revision"] == 2


@pytest.mark.parametrize("header", ['"one"', '"-1"', '"²"', '"1", "2"', '"12345678901"'])
def test_if_match_of_another_kind_is_refused(attempt: Attempt, student: Any, api: Any, clock: Any, header: str) -> None:
    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    response = api(student).put(url, {"answer": None}, headers={"If-Match": header.encode().decode("latin-1")})
    assert "If-Match" in problem(response, 400, "invalid_input")["errors"]
    assert not rows(attempt)


def test_null_clears_and_leaving_out_keeps(attempt: Attempt, put: Any, api: Any) -> None:
    sent = right(attempt)
    put(attempt, 1, {"answer": sent, "confidence": 3})
    put(attempt, 1, {"flagged": True})
    assert stored(attempt, api) == {"answer": sent, "revision": 2, "flagged": True, "confidence": 3}
    put(attempt, 1, {"confidence": None})
    assert stored(attempt, api) == {"answer": sent, "revision": 3, "flagged": True, "confidence": None}
    put(attempt, 1, {"answer": None})
    assert stored(attempt, api) == {"answer": None, "revision": 4, "flagged": True, "confidence": None}
    put(attempt, 1, {"flagged": False})
    assert stored(attempt, api) == {"answer": None, "revision": 5, "flagged": False, "confidence": None}


def test_a_flag_alone_may_come_first(attempt: Attempt, put: Any, api: Any) -> None:
    assert put(attempt, 1, {"flagged": True}).json()["revision"] == 1
    assert stored(attempt, api) == {"answer": None, "revision": 1, "flagged": True, "confidence": None}


def test_an_incomplete_answer_is_kept(attempt: Attempt, put: Any, api: Any) -> None:
    half = {"pairs": {"p1": "a"}}
    assert put(attempt, 2, {"answer": half}).status_code == 200
    assert stored(attempt, api, 2)["answer"] == half
    assert put(attempt, 3, {"answer": {"order": ["e2"]}}).status_code == 200
    assert put(attempt, 3, {"answer": {"order": []}}).status_code == 200
    assert stored(attempt, api, 3)["answer"] == {"order": []}


def test_answers_are_stored_in_canonical_ids(attempt: Attempt, put: Any) -> None:
    arrangement = attempt.items.get(slot=1).arrangement["choices"]
    put(attempt, 1, {"answer": {"choice": "b"}})
    assert rows(attempt)[0].data == {"choice": arrangement[1]}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "answer",
        7,
        None,
        {"elapsed_ms": 5},
        {"answer": None, "flagged": "perhaps"},
        {"answer": None, "flagged": None},
        {"answer": None, "flagged": []},
        {"answer": None, "confidence": 0},
        {"answer": None, "confidence": 4},
        {"answer": None, "confidence": "much"},
        {"answer": None, "elapsed_ms": -1},
        {"answer": None, "elapsed_ms": 10**12},
        {"answer": None, "note": "x"},
        {"answers": {"choice": "a"}},
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_and_stores_nothing(attempt: Attempt, put: Any, body: Any) -> None:
    refused = problem(put(attempt, 1, body), 400, "invalid_input")
    assert refused["errors"]
    assert not rows(attempt)


@pytest.mark.parametrize(("content", "kind"), [(b'{"answer": ', "application/json"), (b"\xff\xfe", "application/json"),
                                               (b'{"answer": NaN}', "application/json")])  # fmt: skip
def test_invalid_json_is_a_problem_and_no_fault(
    attempt: Attempt, student: Any, api: Any, content: bytes, kind: str
) -> None:
    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    response = api(student).generic("PUT", url, content, content_type=kind)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert not rows(attempt)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
def test_another_content_type_is_refused(attempt: Attempt, student: Any, api: Any, kind: str) -> None:
    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    response = api(student).generic("PUT", url, b"answer=a", content_type=kind)
    assert response.status_code in {400, 415}
    assert response["Content-Type"] == "application/problem+json"
    assert not rows(attempt)


@pytest.mark.parametrize("size", [1_100_000, 4_000_000])
@pytest.mark.parametrize("signs_in_by", ["session", "key"])
def test_a_huge_body_is_refused(
    attempt: Attempt, student: Any, api: Any, now: Any, size: int, signs_in_by: str
) -> None:
    from lms.accounts.commands import issue_api_token

    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    content = b'{"answer": {"choice": "' + b"a" * size + b'"}}'
    sender, headers = api(student), {}
    if signs_in_by == "key":
        sender, headers = api(), {"Authorization": f"Token {issue_api_token(user=student, at=now)[1]}"}
    response = sender.generic("PUT", url, content, content_type="application/json", headers=headers)
    assert response.status_code == 413, response.content[:200]
    assert response.json()["code"] == "too_large"
    assert len(response.content) < 1000
    assert not rows(attempt)


def test_an_unknown_attempt_or_slot_is_not_found(attempt: Attempt, put: Any, student: Any, api: Any) -> None:
    problem(put(attempt, 9, {"answer": None}), 404, "not_found")
    problem(put(attempt, 0, {"answer": None}), 404, "not_found")
    problem(put(attempt, 10**12, {"answer": None}), 404, "not_found")
    gone = "/api/v1/attempts/00000000-0000-4000-8000-000000000000"
    client = api(student)
    problem(client.put(f"{gone}/responses/1/", {"answer": None}), 404, "not_found")
    problem(client.get(f"{gone}/"), 404, "not_found")
    problem(client.post(f"{gone}/submit/"), 404, "not_found")
    problem(client.get(f"{gone}/review/"), 404, "not_found")
    assert client.get("/api/v1/attempts/not-a-uuid/").status_code == 404


@pytest.mark.parametrize("role", ["other", "instructor", "examiner", "admin"])
def test_the_attempt_of_another_person_is_not_found(
    attempt: Attempt, others: Any, put: Any, api: Any, client: Any, role: str
) -> None:
    client.force_login(others[role])
    reader = api(others[role])
    url = f"/api/v1/attempts/{attempt.uuid}"
    problem(put(attempt, 1, {"answer": right(attempt)}, by=others[role]), 404, "not_found")
    problem(reader.get(f"{url}/"), 404, "not_found")
    problem(reader.post(f"{url}/submit/"), 404, "not_found")
    problem(reader.get(f"{url}/review/"), 404, "not_found")
    for page in ("", "summary/", "result/", "review/"):
        assert client.get(f"/attempts/{attempt.uuid}/{page}").status_code == 404
    assert client.post(f"/attempts/{attempt.uuid}/", {"slot": 1, "answer": "a"}).status_code == 404
    assert client.post(f"/attempts/{attempt.uuid}/submit/").status_code == 404
    attempt.refresh_from_db()
    assert attempt.is_open
    assert not rows(attempt)


def test_not_found_comes_before_what_is_wrong_with_the_body(attempt: Attempt, others: Any, put: Any) -> None:
    for body in ({"answer": {"choice": 5}}, {"answers": 1}, []):
        problem(put(attempt, 1, body, by=others["other"]), 404, "not_found")


def test_signing_in_comes_before_everything(attempt: Attempt, api: Any) -> None:
    for response in (
        api().put(f"/api/v1/attempts/{attempt.uuid}/responses/1/", {"answer": None}),
        api().get(f"/api/v1/attempts/{attempt.uuid}/"),
        api().post(f"/api/v1/attempts/{attempt.uuid}/submit/"),
    ):
        problem(response, 401, "not_signed_in")


def test_a_browser_needs_its_csrf_token_and_a_script_its_key(attempt: Attempt, student: Any, now: Any) -> None:
    from rest_framework.test import APIClient

    from lms.accounts.commands import issue_api_token

    url = f"/api/v1/attempts/{attempt.uuid}/responses/1/"
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(student)
    problem(browser.put(url, {"answer": None}), 403, "csrf_failed")
    _token, key = issue_api_token(user=student, at=now)
    script = APIClient(enforce_csrf_checks=True)
    assert script.put(url, {"answer": None}, headers={"Authorization": f"Token {key}"}).status_code == 200
    assert rows(attempt)[0].input_mode == "api"
