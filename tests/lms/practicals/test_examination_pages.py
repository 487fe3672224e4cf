"""The pages on both sides of the table: who sees what and when, and that nothing typed is lost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lms.accounts.api import grant_role
from lms.practicals.api import rule, withdraw_sign_off
from lms.practicals.candidate_views import code_of
from lms.practicals.models import PracticalSignature, SignOff, SignOffWithdrawal
from tests.lms.practicals.builders import FAILS, RIGHT, STATIONS, WRONG, judge, opened, published, teach
from tests.lms.practicals.pages import DESK, address, signed_in, words

pytestmark = pytest.mark.django_db
CRITICAL = {FAILS[0]: "Put a hand on the shoulder at 10:42."}


def checklist(points: tuple[int, ...] = RIGHT, **more: Any) -> dict[str, Any]:
    filled = {f"points-{place}": given for place, given in enumerate(points)}
    return {"key": str(uuid4()), **filled, **{name.replace("_", "-"): value for name, value in more.items()}}


@pytest.fixture
def attempt(people: dict[str, Any], now: datetime) -> Any:
    """An attempt of the student that runs."""
    return opened(people["student"], published(), people["examiner"], now)


# The desk -----------------------------------------------------------------------------------------------------------


def test_a_candidate_is_found_by_name_and_by_address_with_their_latest_state(
    attempt: Any, people: dict[str, Any], now: datetime
) -> None:
    judge(attempt, "P1", people["examiner"], now)
    examiner = signed_in(people["examiner"])
    for asked in ("Stud", "student@TEST"):
        text = words(examiner.get(DESK, {"q": asked}))
        assert "Student" in text
        assert "Running, 1 of 6 passed" in text
    assert "Nobody here is called “zebra”" in words(examiner.get(DESK, {"q": "zebra"}))


def test_an_examiner_does_not_find_themselves(people: dict[str, Any], now: datetime) -> None:
    grant_role(user=people["student"], role="examiner")
    mine = opened(people["student"], published(), people["examiner"], now)
    client = signed_in(people["student"])
    assert "0 people" in words(client.get(DESK, {"q": "student@"}))
    assert client.get(address(mine)).status_code == 404
    assert client.get(address(mine, "P1")).status_code == 404
    assert client.get(f"{DESK}candidates/{people['student'].uuid}/").status_code == 404


def test_the_code_leads_to_the_candidate_and_opens_an_attempt_once(people: dict[str, Any]) -> None:
    practical = published()
    page = signed_in(people["student"]).get(f"/practicals/{practical.code}/")
    leads_to = f"{DESK}candidates/{people['student'].uuid}/"
    assert page.context["address"] == f"http://testserver{leads_to}"
    assert code_of(page.context["address"]) in page.content.decode()
    examiner = signed_in(people["examiner"])
    assert "Open the examination" in words(examiner.get(leads_to))
    first = examiner.post(leads_to, {"practical": practical.code})
    again = signed_in(people["admin"]).post(leads_to, {"practical": practical.code})
    assert first.url == again.url
    assert "Go on with the stations" in words(examiner.get(leads_to))


def test_the_code_of_a_live_school_does_not_follow_the_host(people: dict[str, Any], settings: Any) -> None:
    settings.INSTANCE, settings.BASE_URL = "live", "https://school.example"
    page = signed_in(people["student"]).get(f"/practicals/{published().code}/")
    assert page.context["address"].startswith("https://school.example/examine/practicals/candidates/")


def test_whoever_taught_the_candidate_is_told(attempt: Any, people: dict[str, Any], now: datetime) -> None:
    teach(people["examiner"], people["student"], now)
    pages = (f"{DESK}candidates/{people['student'].uuid}/", address(attempt), address(attempt, "P1"))
    for page in pages:
        assert "You have taught this person" in words(signed_in(people["examiner"]).get(page))
        assert "You have taught this person" not in words(signed_in(people["admin"]).get(page))
    judge(attempt, "P1", people["examiner"], now)
    text = words(signed_in(people["admin"]).get(address(attempt)))
    assert "Has taught the candidate" in text
    assert "Only somebody who has taught the candidate has judged so far" in text


# The checklist ------------------------------------------------------------------------------------------------------


def test_a_checklist_is_a_plain_form_and_counts_once(attempt: Any, people: dict[str, Any]) -> None:
    examiner, filled = signed_in(people["examiner"]), checklist(seconds=615, comment="Calm.")
    assert "The secret of P1." in words(examiner.get(address(attempt, "P1")))
    for _time in (1, 2):
        answer = examiner.post(address(attempt, "P1"), filled)
        assert answer.url == f"{address(attempt)}?signed=P1#station-P1"
    row = SignOff.objects.get()
    assert (str(row.uuid), row.points, row.seconds, row.comment) == (filled["key"], 6, 615, "Calm.")
    text = words(examiner.get(f"{address(attempt)}?signed=P1"))
    assert "Signed off: Station P1" in text
    assert "6 of 6 points" in text
    assert "10:15 min" in text


def test_what_is_missing_is_said_at_its_line_and_nothing_is_lost(attempt: Any, people: dict[str, Any]) -> None:
    filled = checklist((0, 2), comment_1="Well said", fail_1="on", comment="Keep this")
    page = signed_in(people["examiner"]).post(address(attempt, "P1"), filled)
    form = page.context["form"]
    assert form.errors == {
        "comment-0": ["Say what was missing."], "points-2": ["Choose 0, 1 or 2."], "seen-1": ["Say what you saw."],
    }  # fmt: skip
    html = page.content.decode()
    assert "Well said</textarea>" in html
    assert "Keep this</textarea>" in html
    assert f'value="{filled["key"]}"' in html
    assert re.search(r'name="points-0" value="0" required checked', html)
    assert re.search(r'name="fail-1" checked', html)
    assert not SignOff.objects.exists()


def test_words_about_a_critical_fail_need_the_tick(attempt: Any, people: dict[str, Any]) -> None:
    page = signed_in(people["examiner"]).post(address(attempt, "P1"), checklist(seen_0="He did not ask"))
    assert page.context["form"].errors == {"seen-0": ["Tick the line if this happened, or clear the text."]}
    assert not SignOff.objects.exists()


def test_what_was_decided_meanwhile_does_not_swallow_the_checklist(
    attempt: Any, people: dict[str, Any], now: datetime
) -> None:
    judge(attempt, "P1", people["admin"], now)
    page = signed_in(people["examiner"]).post(address(attempt, "P1"), checklist(comment="Typed at the table"))
    assert "This station is passed already." in words(page)
    assert "Typed at the table</textarea>" in page.content.decode()
    assert SignOff.objects.count() == 1


def test_a_station_that_takes_nothing_says_why(attempt: Any, people: dict[str, Any], now: datetime) -> None:
    judge(attempt, "P1", people["examiner"], now)
    examiner = signed_in(people["examiner"])
    assert "This station is passed already." in words(examiner.get(address(attempt, "P1")))
    assert examiner.get(address(attempt, "P9")).url == address(attempt)


def test_a_critical_fail_is_told_to_both_sides(attempt: Any, people: dict[str, Any]) -> None:
    examiner = signed_in(people["examiner"])
    examiner.post(address(attempt, "P1"), checklist(fail_0="on", seen_0=CRITICAL[FAILS[0]]))
    text = words(examiner.get(address(attempt)))
    assert "A critical fail ended this attempt" in text
    assert CRITICAL[FAILS[0]] in text
    assert "The candidate has not signed yet" in text
    assert "Judge this station" not in text
    assert FAILS[0] in words(signed_in(people["student"]).get("/practicals/little-practical/"))


def test_the_registrar_looks_and_does_not_judge(attempt: Any, people: dict[str, Any]) -> None:
    registrar = signed_in(people["registrar"])
    assert "Judge this station" not in words(registrar.get(address(attempt)))
    assert registrar.get(address(attempt, "P1")).status_code == 403
    page = registrar.post(f"{DESK}candidates/{people['other'].uuid}/", {"practical": "little-practical"}, follow=True)
    assert "Only examiners sign off" in page.content.decode()


# Two examiners ------------------------------------------------------------------------------------------------------


def test_the_second_examiner_does_not_see_what_the_first_gave(
    pair: Any, people: dict[str, Any], second: Any, now: datetime
) -> None:
    judge(pair, "P1", people["examiner"], now, WRONG, comments=["No question at all", "", ""])
    unseen = words(signed_in(second).get(address(pair)))
    assert "has judged; you see it once you have judged as well" in unseen
    assert "No question at all" not in unseen
    assert "2 of 6 points" not in unseen
    for knows in (people["examiner"], people["registrar"]):
        assert "No question at all" in words(signed_in(knows).get(address(pair)))
    judge(pair, "P1", second, now)
    seen = words(signed_in(second).get(address(pair)))
    assert "No question at all" in seen
    assert "they differ on 3 lines" in seen


def test_what_was_withdrawn_is_not_seen_before_judging_either(
    pair: Any, people: dict[str, Any], second: Any, now: datetime
) -> None:
    row = judge(pair, "P1", people["examiner"], now, WRONG, comments=["No question at all", "", ""])
    withdraw_sign_off(sign_off=row, reason="Gave a 0 by mistake", by=people["examiner"], at=now)
    text = words(signed_in(second).get(address(pair)))
    assert "Withdrawn by Examiner" in text
    assert "No question at all" not in text
    assert "Gave a 0 by mistake" not in text


def test_a_withdrawal_needs_a_reason_and_keeps_what_was_judged(
    attempt: Any, people: dict[str, Any], second: Any, now: datetime
) -> None:
    row = judge(attempt, "P1", people["examiner"], now)
    where = f"{address(attempt)}sign-offs/{row.uuid}/withdrawal/"
    examiner = signed_in(people["examiner"])
    assert "This field is required." in words(examiner.post(where, {"reason": ""}))
    refused = signed_in(second).post(where, {"reason": "I know better"})
    assert "The examiner or the registrar withdraws a sign-off." in refused.content.decode()
    assert "I know better</textarea>" not in refused.content.decode()
    assert not SignOffWithdrawal.objects.exists()
    assert examiner.post(where, {"reason": "Wrong candidate"}).url == f"{address(attempt)}#station-P1"
    text = words(examiner.get(address(attempt)))
    assert "Withdrawn by Examiner" in text
    assert "Wrong candidate" in text
    assert "1 sign-off that does not count any more" in text


# The candidate ------------------------------------------------------------------------------------------------------


def test_criteria_are_public_and_briefings_are_not(attempt: Any, people: dict[str, Any], api: Any) -> None:
    page = signed_in(people["student"]).get("/practicals/little-practical/")
    assert "Rechecks the baseline" in words(page)
    assert FAILS[1] in words(page)
    answer = api(people["student"]).get("/api/v1/practicals/little-practical/")
    for told in (page.content.decode(), answer.content.decode()):
        assert "The secret of" not in told
        assert "Judge what you see" not in told


def test_a_candidate_sees_what_was_judged_once_its_round_is_complete(
    pair: Any, people: dict[str, Any], second: Any, now: datetime, api: Any
) -> None:
    student = signed_in(people["student"])

    def told() -> tuple[str, Any]:
        stations = api(people["student"]).get("/api/v1/practicals/little-practical/").json()["attempts"][0]["stations"]
        return words(student.get("/practicals/little-practical/")), stations[0]

    judge(pair, "P1", people["examiner"], now, WRONG, comments=["No question at all", "", ""], comment="A pity")
    text, station = told()
    assert "Shown, not decided yet" in text
    assert "No question at all" not in text
    assert (station["state"], station["sign_offs"][0]["points"], station["sign_offs"][0]["lines"]) == (
        "waiting", None, None,
    )  # fmt: skip

    judge(pair, "P1", second, now)
    text, station = told()
    assert "Shown, not decided yet" in text
    assert "No question at all" not in text
    assert station["state"] == "waiting"
    assert "No question" not in str(station)

    rule(attempt=pair, station="P1", passed=True, reason="The film shows it", by=people["registrar"], at=now)
    text, station = told()
    assert "No question at all" in text
    assert "A pity" in text
    assert (station["state"], station["ruling"]["passed"]) == ("passed", True)


def test_when_it_is_over_the_candidate_sees_all_that_was_recorded(
    pair: Any, people: dict[str, Any], second: Any, now: datetime
) -> None:
    judge(pair, "P1", people["examiner"], now, comment="Seen by one only")
    for examiner in (people["examiner"], second):
        judge(pair, "P2", examiner, now, RIGHT, CRITICAL)
    assert "Seen by one only" in words(signed_in(people["student"]).get("/practicals/little-practical/"))


def test_the_candidate_reads_and_signs_once(attempt: Any, people: dict[str, Any], now: datetime) -> None:
    student = signed_in(people["student"])
    where = f"/practicals/little-practical/attempts/{attempt.uuid}/signature/"
    assert "Read it and sign" not in words(student.get("/practicals/little-practical/"))
    early = student.post(where, {"name": "Sam", "agrees": "yes"}, follow=True)
    assert "You sign when the examination is over." in early.content.decode()
    judge(attempt, "P1", people["examiner"], now, RIGHT, CRITICAL)

    unsaid = student.post(where, {"name": "Sam Student", "agrees": "no", "remark": " "})
    assert unsaid.context["form"].errors == {"remark": ["Say what you do not agree with."]}
    assert 'value="Sam Student"' in unsaid.content.decode()
    student.post(where, {"name": "Sam Student", "agrees": "no", "remark": "I had asked."})
    signature = PracticalSignature.objects.get()
    assert (signature.name, signature.agrees, signature.remark) == ("Sam Student", False, "I had asked.")
    assert "and did not agree" in words(student.get("/practicals/little-practical/"))
    assert "does not agree" in words(signed_in(people["examiner"]).get(address(attempt)))
    again = student.post(where, {"name": "Sam", "agrees": "yes"}, follow=True)
    assert "You have signed this." in again.content.decode()


def test_nobody_signs_or_reads_for_somebody_else(attempt: Any, people: dict[str, Any], now: datetime) -> None:
    judge(attempt, "P1", people["examiner"], now, RIGHT, CRITICAL)
    for person in ("other", "examiner", "admin"):
        where = f"/practicals/little-practical/attempts/{attempt.uuid}/signature/"
        assert signed_in(people[person]).post(where, {"name": "Me", "agrees": "yes"}).status_code == 404
    assert CRITICAL[FAILS[0]] not in words(signed_in(people["other"]).get("/practicals/little-practical/"))


def test_what_is_not_offered_is_there_only_for_those_who_began_it(attempt: Any, people: dict[str, Any]) -> None:
    attempt.practical.is_retired = True
    attempt.practical.save()
    assert signed_in(people["student"]).get("/practicals/little-practical/").status_code == 200
    assert signed_in(people["other"]).get("/practicals/little-practical/").status_code == 404
    assert "Practical little" not in words(signed_in(people["other"]).get("/practicals/"))


# How much is asked of the database ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 12])
def test_pages_ask_the_same_of_the_database_however_much_there_is(
    rows: int, people: dict[str, Any], make_user: Any, second: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    practical = published(examiners_needed=2)
    attempts = []
    for number in range(rows):
        person = people["student"] if number == 0 else make_user(f"student{number}", "student")
        one = opened(person, practical, people["examiner"], now + timedelta(minutes=number))
        attempts.append(one)
        for station in STATIONS[: 1 if rows == 1 else 6]:
            judge(one, station, people["examiner"], now, WRONG)
            judge(one, station, second, now, WRONG)
    mine = attempts[0]
    pages: list[tuple[Any, str, int]] = [
        (people["examiner"], DESK, 15),
        (people["examiner"], f"{DESK}?q=student", 9),
        (people["examiner"], f"{DESK}candidates/{people['student'].uuid}/", 12),
        (people["examiner"], address(mine), 11),
        (people["examiner"], address(mine, "P1"), 11),
        (people["student"], "/practicals/", 10),
        (people["student"], "/practicals/little-practical/", 10),
        (people["examiner"], f"/api/v1{address(mine)}", 11),
        (people["student"], "/api/v1/practicals/", 11),
        (people["student"], "/api/v1/practicals/little-practical/", 10),
    ]
    for person, page, most in pages:
        client = signed_in(person)
        client.get(page)
        with django_assert_max_num_queries(most, info=page):
            assert client.get(page).status_code == 200
