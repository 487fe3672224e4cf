"""Whatever JSON a client sends: it is an answer, or it is refused with a sentence. Never a fault, never half stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.attempts.models import Attempt, Response
from tests.quizzes.making import SIX_TYPES
from tests.quizzes.types.strategies import junk

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(SIX_TYPES))


def judge(response: Any, before: int) -> None:
    """Stored and acknowledged, or refused and not stored."""
    body = response.json()
    if response.status_code == 200:
        assert body["revision"] == before + 1
        return
    assert response.status_code == 400, body
    assert body["code"] in {"invalid_answer", "invalid_input", "parse_error"}
    assert response["Content-Type"] == "application/problem+json"
    assert len(response.content) < 2000, "what was sent is not repeated"


def count(attempt: Attempt, slot: int) -> int:
    return Response.objects.filter(item__attempt=attempt, item__slot=slot).count()


few = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)


@pytest.fixture
def put_text(student: Any, api: Any, attempt: Attempt) -> Any:
    """Send a body as it stands: NaN and infinity are JSON to many clients."""
    client = api(student)

    def send(slot: int, text: str | bytes) -> Any:
        url = f"/api/v1/attempts/{attempt.uuid}/responses/{slot}/"
        return client.generic("PUT", url, text, content_type="application/json")

    return send


@pytest.mark.parametrize("slug", SIX_TYPES)
@few
@given(sent=junk)
def test_any_json_is_an_answer_or_refused(attempt: Attempt, put_text: Any, slug: str, sent: Any) -> None:
    slot = SIX_TYPES.index(slug) + 1
    before = count(attempt, slot)
    response = put_text(slot, json.dumps({"answer": sent}))
    judge(response, before)
    assert count(attempt, slot) == before + (response.status_code == 200)


@few
@given(body=st.dictionaries(st.sampled_from(["answer", "flagged", "confidence", "elapsed_ms"]), junk))
def test_any_body_is_saved_or_refused(attempt: Attempt, put_text: Any, body: dict[str, Any]) -> None:
    before = count(attempt, 1)
    response = put_text(1, json.dumps(body))
    judge(response, before)
    assert count(attempt, 1) == before + (response.status_code == 200)


NASTY = [
    b'{"choice": "\\ud800"}',
    b'{"choice": "a\\u0000"}',
    b'{"\\u0000": "a"}',
    b'{"\\udfff": "a"}',
    b'{"choice": 1e400}',
    b'{"value": 1e400}',
    b'{"value": "1e999999999"}',
    b'{"value": ' + b"9" * 4000 + b"}",
    b'{"value": ' + b"9" * 5000 + b"}",
    b'{"value": "' + b"9" * 5000 + b'"}',
    b'{"value": -0.0}',
    b'{"value": 1e-300}',
    b'{"value": "NaN"}',
    b'{"value": Infinity}',
    b"[" * 50 + b"]" * 50,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"order": ' + json.dumps(["e1"] * 10_000).encode() + b"}",
    b'{"pairs": {"p1": "a", "p1": "b"}}',
    b'{"choices": ["a", "a"]}',
]


@pytest.mark.parametrize("content", NASTY, ids=range(len(NASTY)))
def test_nasty_numbers_characters_and_depths_are_refused(
    attempt: Attempt, put_text: Any, api: Any, student: Any, content: bytes
) -> None:
    for slot in range(1, 7):
        response = put_text(slot, b'{"answer": ' + content + b"}")
        assert response.status_code in {200, 400}, response.content[:300]
        if response.status_code == 400:
            assert response.json()["code"] in {"invalid_answer", "invalid_input", "parse_error"}
    assert api(student).get(f"/api/v1/attempts/{attempt.uuid}/").status_code == 200


FORMS = [
    {},
    {"slot": "x"},
    {"slot": "99999"},
    {"slot": "²"},
    {"slot": "1", "go": "²"},
    {"slot": "1", "go": "999999999999"},
    {"slot": "1", "revision": "9" * 50},
    {"slot": "1", "revision": "²"},
    {"slot": "1", "answer": "\x00"},
    {"slot": "1", "pair-p1": "zz"},
    {"slot": "3", "answer": "1.000.000"},
    {"slot": "3", "answer": "9" * 10_000},
    {"slot": "3", "answer": "1e5"},
    {"slot": "4", "position-e1": "99"},
    {"slot": "4", "position-e1": "²"},
    {"slot": "5", "answer": "zz"},
    {"slot": "6", "answer": "maybe"},
]


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_a_nasty_form_is_a_page_and_no_fault(attempt: Attempt, client: Any, student: Any, form: dict[str, str]) -> None:
    client.force_login(student)
    response = client.post(f"/attempts/{attempt.uuid}/", form)
    assert response.status_code in {302, 404}
    assert not Response.objects.filter(item__attempt=attempt, data__isnull=False).exists()
    if response.status_code == 302:
        assert client.get(response["Location"]).status_code == 200
