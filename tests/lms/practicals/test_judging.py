"""At the table: opening, signing off, withdrawing, ruling, and the candidate's signature."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lms.accounts.api import grant_role
from lms.core.exceptions import RecordIsFixed
from lms.practicals.api import (
    Practical,
    open_attempt,
    practical_standings,
    rule,
    sign_attempt,
    sign_off,
    standing_of_attempt,
    withdraw_sign_off,
)
from lms.practicals.exceptions import (
    AlreadyDone,
    AlreadyPassed,
    CannotJudge,
    InvalidSignOff,
    NotAnExaminer,
    NothingToRule,
    NotReady,
    NotThirdPerson,
    OwnSkill,
    PracticalIncomplete,
)
from lms.practicals.models import SignOff
from tests.lms.practicals.builders import FAILS, RIGHT, STATIONS, WRONG, judge, opened, published, teach

pytestmark = pytest.mark.django_db
CRITICAL = {FAILS[0]: "Put a hand on the shoulder at 10:42 and had not asked."}


def begun(people: dict[str, Any], at: datetime, **more: Any) -> Any:
    return opened(people["student"], published(**more), people["examiner"], at)


def state(attempt: Any, station: str = "") -> str:
    standing = standing_of_attempt(attempt)
    return standing.stations[station].state.value if station else standing.state.value


# Versions -----------------------------------------------------------------------------------------------------------


def test_an_attempt_stays_on_the_version_with_which_it_was_opened(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    changed = published(criteria=("One line only",))
    assert changed.current_version.number == 2
    judge(attempt, "P1", people["examiner"], now)
    assert attempt.version.number == 1
    again, is_new = open_attempt(candidate=people["student"], practical=changed, by=people["examiner"], at=now)
    assert (again, is_new) == (attempt, False)


def test_publishing_the_same_again_makes_no_version(db: None) -> None:
    assert published().current_version == published().current_version


@pytest.mark.parametrize(
    "fault", [{"stations": ("P1", "P1")}, {"fails": (FAILS[0], FAILS[0])}], ids=["one code twice", "a fail twice"]
)
def test_a_practical_that_cannot_be_told_apart_is_not_published(db: None, fault: dict[str, Any]) -> None:
    with pytest.raises(PracticalIncomplete):
        published(**fault)


def test_a_retired_practical_is_not_opened_anew(people: dict[str, Any], now: datetime) -> None:
    practical = published()
    Practical.objects.update(is_retired=True)
    practical.refresh_from_db()
    with pytest.raises(PracticalIncomplete):
        opened(people["student"], practical, people["examiner"], now)


# Signing off --------------------------------------------------------------------------------------------------------


def test_six_stations_make_a_pass_and_one_is_not_enough(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    for station in STATIONS:
        assert state(attempt) == "running"
        judge(attempt, station, people["examiner"], now)
    assert state(attempt) == "passed"
    with pytest.raises(AlreadyPassed):
        opened(people["student"], attempt.practical, people["examiner"], now)


def test_a_critical_fail_ends_the_attempt_whatever_the_points(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    for station in STATIONS[:5]:
        judge(attempt, station, people["examiner"], now)
    row = judge(attempt, "P6", people["examiner"], now, RIGHT, CRITICAL)
    assert (row.points, row.max_points, row.passed) == (6, 6, False)
    assert state(attempt) == "failed"
    with pytest.raises(CannotJudge) as refused:
        judge(attempt, "P6", people["examiner"], now)
    assert refused.value.extra["reason"] == "attempt_over"
    again = opened(people["student"], attempt.practical, people["examiner"], now)
    assert (again.number, state(again, "P1")) == (2, "not_started")


def test_a_station_that_was_not_passed_is_shown_again(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    judge(attempt, "P1", people["examiner"], now, WRONG)
    assert (state(attempt), state(attempt, "P1")) == ("running", "failed")
    judge(attempt, "P1", people["examiner"], now)
    assert state(attempt, "P1") == "passed"


def test_what_is_sent_twice_is_recorded_once(people: dict[str, Any], now: datetime) -> None:
    attempt, key = begun(people, now), uuid4()
    told = {"attempt": attempt, "station": "P1", "comments": ["", "", ""], "critical_fails": {}, "key": key, "at": now}
    first, is_new = sign_off(points=RIGHT, by=people["examiner"], **told)
    again, is_new_again = sign_off(points=WRONG, by=people["examiner"], **told)
    assert (is_new, is_new_again, again, again.points) == (True, False, first, 6)
    with pytest.raises(InvalidSignOff):
        sign_off(points=RIGHT, by=people["admin"], **told)


def test_what_arrives_late_keeps_the_time_at_the_table(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    later = now + timedelta(hours=3)
    row = judge(attempt, "P1", people["examiner"], later, observed_at=now + timedelta(minutes=12), seconds=640)
    assert (row.observed_at, row.recorded_at, row.seconds) == (now + timedelta(minutes=12), later, 640)


@pytest.mark.parametrize("days", [-400, 400])
def test_a_wrong_clock_moves_nothing_before_the_attempt_or_after_now(
    days: int, people: dict[str, Any], now: datetime
) -> None:
    attempt, later = begun(people, now), now + timedelta(hours=1)
    row = judge(attempt, "P1", people["examiner"], later, observed_at=now + timedelta(days=days))
    assert row.observed_at == (now if days < 0 else later)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"points": [2, 2]}, None),
        ({"points": [2, 2, None]}, "points.2"),
        ({"points": [2, 3, 2]}, "points.1"),
        ({"points": [2, True, 2]}, "points.1"),
        ({"points": [0, 2, 2], "comments": ["  ", "", ""]}, "comments.0"),
        ({"comments": ["", "x" * 501, ""]}, "comments.1"),
        ({"critical_fails": {FAILS[1]: " "}}, "critical_fails.1"),
        ({"critical_fails": {FAILS[0]: "x" * 1001}}, "critical_fails.0"),
        ({"critical_fails": {"Wore a green shirt": "Yes"}}, "critical_fails"),
        ({"station": "P9"}, None),
    ],
)
def test_a_checklist_that_is_not_complete_is_refused_at_its_line(
    change: dict[str, Any], where: str | None, people: dict[str, Any], now: datetime
) -> None:
    told: dict[str, Any] = {"station": "P1", "points": RIGHT, "comments": ["", "", ""], "critical_fails": {}, **change}
    with pytest.raises(InvalidSignOff) as refused:
        sign_off(attempt=begun(people, now), **told, by=people["examiner"], at=now)
    assert list(refused.value.extra.get("errors", {})) == ([where] if where else [])
    assert not SignOff.objects.exists()


def test_nobody_judges_themselves_and_only_examiners_judge(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    for person in ("instructor", "registrar", "other"):
        with pytest.raises(NotAnExaminer):
            judge(attempt, "P1", people[person], now)
        with pytest.raises(NotAnExaminer):
            opened(people["student"], attempt.practical, people[person], now)
    grant_role(user=people["student"], role="examiner")
    with pytest.raises(OwnSkill):
        judge(attempt, "P1", people["student"], now)
    with pytest.raises(OwnSkill):
        opened(people["student"], attempt.practical, people["student"], now)


def test_a_sign_off_is_never_rewritten(people: dict[str, Any], now: datetime) -> None:
    row = judge(begun(people, now), "P1", people["examiner"], now)
    row.points = 0
    with pytest.raises(RecordIsFixed):
        row.save()


# Two examiners ------------------------------------------------------------------------------------------------------


def test_whoever_taught_is_flagged_and_not_the_only_one(people: dict[str, Any], second: Any, now: datetime) -> None:
    attempt = begun(people, now)
    teach(people["examiner"], people["student"], now)
    assert judge(attempt, "P1", people["examiner"], now).has_taught
    assert standing_of_attempt(attempt).stations["P1"].needs_independent
    assert not judge(attempt, "P1", second, now).has_taught
    assert state(attempt, "P1") == "passed"


def test_two_judge_each_station_where_two_are_asked_for(people: dict[str, Any], second: Any, now: datetime) -> None:
    attempt = begun(people, now, examiners_needed=2)
    judge(attempt, "P1", people["examiner"], now)
    assert state(attempt, "P1") == "waiting"
    with pytest.raises(CannotJudge) as refused:
        judge(attempt, "P1", people["examiner"], now)
    assert refused.value.extra["reason"] == "judged_already"
    judge(attempt, "P1", second, now)
    assert state(attempt, "P1") == "passed"


def test_a_third_person_decides_where_two_disagree(people: dict[str, Any], second: Any, now: datetime) -> None:
    attempt = begun(people, now, examiners_needed=2)
    with pytest.raises(NothingToRule):
        rule(attempt=attempt, station="P1", passed=True, reason="Why not", by=people["registrar"], at=now)
    judge(attempt, "P1", people["examiner"], now)
    judge(attempt, "P1", second, now, WRONG)
    assert state(attempt, "P1") == "disagreement"
    with pytest.raises(CannotJudge):
        judge(attempt, "P1", people["admin"], now)
    for person, error in ((second, NotThirdPerson), (people["instructor"], NotAnExaminer)):
        with pytest.raises(error):
            rule(attempt=attempt, station="P1", passed=True, reason="Mine", by=person, at=now)
    with pytest.raises(InvalidSignOff):
        rule(attempt=attempt, station="P1", passed=True, reason=" ", by=people["registrar"], at=now)
    rule(attempt=attempt, station="P1", passed=True, reason="The film shows it", by=people["registrar"], at=now)
    assert state(attempt, "P1") == "passed"
    with pytest.raises(NothingToRule):
        rule(attempt=attempt, station="P1", passed=False, reason="Again", by=people["registrar"], at=now)


def test_a_ruling_belongs_to_the_round_in_which_it_was_given(
    people: dict[str, Any], second: Any, make_user: Any, now: datetime
) -> None:
    attempt, third = begun(people, now, examiners_needed=2), make_user("third", "examiner")
    first = judge(attempt, "P1", people["examiner"], now)
    judge(attempt, "P1", second, now, WRONG)
    rule(attempt=attempt, station="P1", passed=True, reason="The film shows it", by=people["registrar"], at=now)
    withdraw_sign_off(sign_off=first, reason="Wrong candidate", by=people["examiner"], at=now)
    assert state(attempt, "P1") == "waiting"
    judge(attempt, "P1", third, now)
    assert state(attempt, "P1") == "disagreement"


def test_whether_a_critical_fail_was_shown_is_for_a_third_person_where_one_saw_it(
    people: dict[str, Any], second: Any, now: datetime
) -> None:
    attempt = begun(people, now, examiners_needed=2)
    told: dict[str, Any] = {"attempt": attempt, "station": "P1", "by": people["registrar"], "at": now}
    judge(attempt, "P1", people["examiner"], now, WRONG)
    judge(attempt, "P1", second, now, WRONG, CRITICAL)
    assert (state(attempt), state(attempt, "P1")) == ("running", "disagreement")
    for wrong, name in (({"passed": True}, "passed"), ({"passed": False}, "critical_fail")):
        with pytest.raises(InvalidSignOff) as refused:
            rule(**wrong, reason="The film shows it", **told)
        assert list(refused.value.extra["errors"]) == [name]
    row = rule(passed=False, critical_fail=False, reason="The film shows that consent was given", **told)
    assert (row.passed, row.sign_off.examiner) == (False, people["examiner"])
    assert (state(attempt), state(attempt, "P1")) == ("running", "failed")
    for examiner in (people["examiner"], second):
        judge(attempt, "P1", examiner, now)
    assert state(attempt, "P1") == "passed"


def test_a_critical_fail_that_is_upheld_ends_the_attempt(people: dict[str, Any], second: Any, now: datetime) -> None:
    attempt = begun(people, now, examiners_needed=2)
    judge(attempt, "P1", second, now, WRONG, CRITICAL)
    judge(attempt, "P1", people["examiner"], now, WRONG)
    told: dict[str, Any] = {"passed": False, "critical_fail": True, "reason": "The film shows it", "at": now}
    rule(attempt=attempt, station="P1", by=people["registrar"], **told)
    assert (state(attempt), state(attempt, "P1")) == ("failed", "failed")


def test_whoever_taught_the_candidate_does_not_decide(people: dict[str, Any], second: Any, now: datetime) -> None:
    attempt = begun(people, now, examiners_needed=2)
    judge(attempt, "P1", people["examiner"], now)
    judge(attempt, "P1", second, now, WRONG)
    teach(people["registrar"], people["student"], now)
    with pytest.raises(NotThirdPerson):
        rule(attempt=attempt, station="P1", passed=True, reason="I know them", by=people["registrar"], at=now)
    rule(attempt=attempt, station="P1", passed=True, reason="The film shows it", by=people["admin"], at=now)


def test_a_sign_off_is_upheld_once(people: dict[str, Any], second: Any, make_user: Any, now: datetime) -> None:
    attempt, third, later = begun(people, now, examiners_needed=2), make_user("third", "examiner"), now + timedelta(1)
    told: dict[str, Any] = {"attempt": attempt, "station": "P1", "reason": "The film shows it"}
    judge(attempt, "P1", people["examiner"], now)
    row = judge(attempt, "P1", second, now, WRONG)
    rule(passed=True, by=people["registrar"], at=now, **told)
    withdraw_sign_off(sign_off=row, reason="Wrong candidate", by=second, at=now)
    judge(attempt, "P1", third, later, WRONG)
    assert state(attempt, "P1") == "disagreement"
    with pytest.raises(AlreadyDone):
        rule(passed=True, by=people["registrar"], at=later, **told)
    rule(passed=False, by=people["registrar"], at=later, **told)
    assert state(attempt, "P1") == "failed"


# Withdrawal and signature -------------------------------------------------------------------------------------------


def test_a_withdrawn_sign_off_stays_and_counts_no_more(people: dict[str, Any], second: Any, now: datetime) -> None:
    attempt = begun(people, now)
    row = judge(attempt, "P1", people["examiner"], now)
    with pytest.raises(InvalidSignOff):
        withdraw_sign_off(sign_off=row, reason=" ", by=people["examiner"], at=now)
    for person in (second, people["student"]):
        with pytest.raises(NotAnExaminer):
            withdraw_sign_off(sign_off=row, reason="Not mine", by=person, at=now)
    withdraw_sign_off(sign_off=row, reason="Wrong candidate", by=people["registrar"], at=now)
    assert state(attempt, "P1") == "not_started"
    assert SignOff.objects.filter(pk=row.pk).exists()
    with pytest.raises(AlreadyDone):
        withdraw_sign_off(sign_off=row, reason="Again", by=people["examiner"], at=now)
    judge(attempt, "P1", people["examiner"], now)
    assert state(attempt, "P1") == "passed"


def test_withdrawing_a_critical_fail_lets_the_attempt_go_on(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    row = judge(attempt, "P1", people["examiner"], now, RIGHT, CRITICAL)
    assert state(attempt) == "failed"
    withdraw_sign_off(sign_off=row, reason="It was the other candidate", by=people["examiner"], at=now)
    assert state(attempt) == "running"


def test_the_candidate_signs_once_it_is_over(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now)
    signing = {"attempt": attempt, "name": "Sam Student", "at": now}
    with pytest.raises(NotReady):
        sign_attempt(agrees=True, by=people["student"], **signing)
    judge(attempt, "P1", people["examiner"], now, RIGHT, CRITICAL)
    with pytest.raises(NotAnExaminer):
        sign_attempt(agrees=True, by=people["examiner"], **signing)
    with pytest.raises(InvalidSignOff) as refused:
        sign_attempt(agrees=False, by=people["student"], **signing)
    assert list(refused.value.extra["errors"]) == ["remark"]
    sign_attempt(agrees=False, remark="I had asked.", by=people["student"], **signing)
    with pytest.raises(AlreadyDone):
        sign_attempt(agrees=True, by=people["student"], **signing)


def test_what_changed_since_is_signed_anew(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now, stations=("P1",))
    row = judge(attempt, "P1", people["examiner"], now)
    signing = {"attempt": attempt, "name": "Sam Student", "agrees": True, "by": people["student"]}
    sign_attempt(at=now, **signing)
    assert practical_standings(people["student"], ["little-practical"])["little-practical"][0]["is_signed"]
    later = now + timedelta(hours=1)
    withdraw_sign_off(sign_off=row, reason="The wrong sheet", by=people["examiner"], at=later)
    with pytest.raises(NotReady):
        sign_attempt(at=later, **signing)
    judge(attempt, "P1", people["examiner"], later)
    assert not practical_standings(people["student"], ["little-practical"])["little-practical"][0]["is_signed"]
    sign_attempt(at=later, **signing)
    assert practical_standings(people["student"], ["little-practical"])["little-practical"][0]["is_signed"]
    assert attempt.signatures.count() == 2


def test_what_speaks_for_a_pass_names_each_sign_off(people: dict[str, Any], now: datetime) -> None:
    attempt = begun(people, now, stations=("P1", "P2"))
    judge(attempt, "P1", people["examiner"], now, WRONG)
    for station in ("P1", "P2"):
        judge(attempt, station, people["examiner"], now)
    (told,) = practical_standings(people["student"], ["little-practical"])["little-practical"]
    assert (told["state"], told["is_signed"], told["passed"]) == ("passed", False, 2)
    assert [row["title"] for row in told["evidence"]] == ["Station P1", "Station P2"]
    assert all(row["detail"].startswith("6 of 6 points") for row in told["evidence"])
