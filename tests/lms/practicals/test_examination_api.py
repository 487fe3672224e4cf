"""A practical examination by the API alone: open, judge, send twice, withdraw, rule, sign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lms.accounts.api import grant_role
from lms.practicals.models import PracticalAttempt, SignOff
from tests.lms.practicals.builders import FAILS, RIGHT, WRONG, judge, opened, published

pytestmark = pytest.mark.django_db
TABLE = "/api/v1/examine/practicals/attempts/"
FILLED = {"station": "P1", "points": list(RIGHT), "comments": ["", "", ""]}


@pytest.fixture
def attempt(people: dict[str, Any], now: datetime) -> Any:
    """An attempt of the student at which two judge each station."""
    return opened(people["student"], published(examiners_needed=2), people["examiner"], now)


def put(client: Any, attempt: Any, key: Any = None, **more: Any) -> Any:
    return client.put(f"{TABLE}{attempt.uuid}/sign-offs/{key or uuid4()}/", {**FILLED, **more}, format="json")


def test_a_practical_from_the_first_station_to_the_signature(
    people: dict[str, Any], api: Callable[..., Any], at: datetime
) -> None:
    published(stations=("P1", "P2"))
    examiner, student = api(people["examiner"]), api(people["student"])
    asked = {"candidate": people["student"].email.upper(), "practical": "little-practical"}
    first = examiner.post(TABLE, asked, format="json")
    assert (first.status_code, first.json()["candidate"]["email"]) == (201, people["student"].email)
    again = examiner.post(TABLE, {**asked, "candidate": str(people["student"].uuid)}, format="json")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])

    attempt = PracticalAttempt.objects.get()
    assert put(examiner, attempt).json()["stations"][0]["state"] == "passed"
    told = put(
        examiner, attempt, station="P2", points=[0, 2, 2], comments=["Did not ask", "", ""],
        critical_fails={FAILS[0]: "Hand on the shoulder"}, comment="A pity", seconds=90,
        observed_at=(at - timedelta(minutes=5)).isoformat(),
    ).json()  # fmt: skip
    assert (told["state"], told["stations"][1]["state"]) == ("failed", "failed")
    (row,) = told["stations"][1]["sign_offs"]
    assert row["lines"][0] == {"points": 0, "comment": "Did not ask"}
    assert row["critical_fails"] == [{"text": FAILS[0], "comment": "Hand on the shoulder"}]

    seen = student.get("/api/v1/practicals/little-practical/").json()
    assert (seen["state"], seen["attempts"][0]["stations"][1]["sign_offs"][0]["comment"]) == ("failed", "A pity")
    assert student.get("/api/v1/practicals/").json()["results"][0]["state"] == "failed"
    where = f"/api/v1/practicals/attempts/{attempt.uuid}/signature/"
    unsaid = student.post(where, {"name": "Sam", "agrees": False}, format="json")
    assert (unsaid.status_code, list(unsaid.json()["errors"])) == (400, ["remark"])
    signed = student.post(where, {"name": "Sam", "agrees": False, "remark": "I had"}, format="json")
    assert (signed.status_code, signed.json()["signature"]["agrees"]) == (201, False)
    assert student.post(where, {"name": "Sam", "agrees": True}, format="json").json()["code"] == "already_done"


def test_sending_twice_records_once(attempt: Any, people: dict[str, Any], api: Callable[..., Any]) -> None:
    examiner, key = api(people["examiner"]), uuid4()
    assert put(examiner, attempt, key).status_code == 201
    assert put(examiner, attempt, key, points=list(WRONG)).status_code == 200
    assert SignOff.objects.get().points == 6
    other = put(api(people["admin"]), attempt, key)
    assert (other.status_code, other.json()["code"]) == (400, "invalid_sign_off")


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"points": [2, None, 5]}, ["points.1", "points.2"]),
        ({"points": [0, 2, 2]}, ["comments.0"]),
        ({"points": [0, 2, 2], "comments": None}, ["comments"]),
        ({"critical_fails": {FAILS[1]: ""}}, ["critical_fails.1"]),
        ({"seconds": -1}, ["seconds"]),
        ({"observed_at": "yesterday"}, ["observed_at"]),
    ],
)
def test_what_is_missing_is_named_by_its_line(
    change: dict[str, Any], errors: list[str], attempt: Any, people: dict[str, Any], api: Callable[..., Any]
) -> None:
    answer = put(api(people["examiner"]), attempt, **change)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, errors)
    assert answer["Content-Type"] == "application/problem+json"
    assert not SignOff.objects.exists()


def test_the_second_examiner_learns_nothing_before_they_have_judged(
    attempt: Any, people: dict[str, Any], second: Any, api: Callable[..., Any], now: datetime
) -> None:
    judge(attempt, "P1", people["examiner"], now, WRONG, comment="Secret")
    (row,) = api(second).get(f"{TABLE}{attempt.uuid}/").json()["stations"][0]["sign_offs"]
    assert {name: row[name] for name in ("points", "passed", "comment", "lines", "critical_fails")} == dict.fromkeys(
        ("points", "passed", "comment", "lines", "critical_fails")
    )
    told = put(api(second), attempt).json()["stations"][0]
    assert (told["state"], told["may_judge"], told["may_rule"]) == ("disagreement", False, False)
    assert [row["points"] for row in told["sign_offs"]] == [2, 6]
    refused = put(api(second), attempt)
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (
        409, "cannot_judge", "ruling_missing",
    )  # fmt: skip


def test_ruling_and_withdrawal(
    attempt: Any, people: dict[str, Any], second: Any, api: Callable[..., Any], now: datetime
) -> None:
    judge(attempt, "P1", people["examiner"], now)
    row = judge(attempt, "P1", second, now, WRONG)
    where, registrar = f"{TABLE}{attempt.uuid}/stations/P1/ruling/", api(people["registrar"])
    mine = api(second).post(where, {"passed": False, "reason": "Mine"}, format="json")
    assert (mine.status_code, mine.json()["code"]) == (403, "third_person_needed")
    told = registrar.post(where, {"passed": True, "reason": "The film shows it"}, format="json").json()
    assert (told["stations"][0]["state"], told["stations"][0]["ruling"]["by"]) == ("passed", "Registrar")

    away = f"{TABLE}{attempt.uuid}/sign-offs/{row.uuid}/withdrawal/"
    assert registrar.post(away, {"reason": ""}, format="json").status_code == 400
    told = registrar.post(away, {"reason": "Wrong candidate"}, format="json").json()["stations"][0]
    assert told["state"] == "waiting"
    assert {row["counts"]: row["withdrawn"] and row["withdrawn"]["reason"] for row in told["sign_offs"]} == {
        False: "Wrong candidate", True: None,
    }  # fmt: skip
    assert registrar.post(away, {"reason": "Again"}, format="json").json()["code"] == "already_done"


def test_a_ruling_says_whether_the_critical_fail_was_shown(
    attempt: Any, people: dict[str, Any], second: Any, api: Callable[..., Any], now: datetime
) -> None:
    judge(attempt, "P1", people["examiner"], now, WRONG)
    judge(attempt, "P1", second, now, WRONG, {FAILS[0]: "Had not asked"})
    where, registrar = f"{TABLE}{attempt.uuid}/stations/P1/ruling/", api(people["registrar"])
    told: dict[str, Any] = {"passed": False, "reason": "The film shows it"}
    unsaid = registrar.post(where, told, format="json")
    assert (unsaid.status_code, list(unsaid.json()["errors"])) == (400, ["critical_fail"])
    answer = registrar.post(where, {**told, "critical_fail": True}, format="json").json()
    assert (answer["state"], answer["stations"][0]["ruling"]["has_taught"]) == ("failed", False)


def test_nobody_examines_themselves(attempt: Any, people: dict[str, Any], api: Callable[..., Any]) -> None:
    grant_role(user=people["student"], role="examiner")
    mine = api(people["student"])
    assert mine.get(f"{TABLE}{attempt.uuid}/").status_code == 404
    assert put(mine, attempt).status_code == 404
    asked = {"candidate": people["student"].email, "practical": "little-practical"}
    assert mine.post(TABLE, asked, format="json").status_code == 404


def test_a_sign_off_of_another_attempt_is_not_found(
    attempt: Any, people: dict[str, Any], api: Callable[..., Any], now: datetime
) -> None:
    elsewhere = opened(people["other"], attempt.practical, people["examiner"], now)
    row = judge(elsewhere, "P1", people["examiner"], now)
    away = f"{TABLE}{attempt.uuid}/sign-offs/{row.uuid}/withdrawal/"
    assert api(people["examiner"]).post(away, {"reason": "Why"}, format="json").status_code == 404
