"""What invigilators do in a sitting: identity, codes, seats, time, notes; and announcing one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.attempts.commands import (
    adjust_time,
    book_seat,
    check_identity,
    open_sitting,
    start_attempt,
    submit_attempt,
)
from quizzes.attempts.exceptions import Locked
from quizzes.attempts.models import IncidentNote, Seat, Sitting, TimeAdjustment
from quizzes.examining.room import PlaceState, room_of
from quizzes.examining.timetable import latest_start
from tests.quizzes.hall import Hall, hall, signed_in, watcher
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db
__all__ = ["hall", "watcher"]


# What is done -------------------------------------------------------------------------------------------------------


def test_an_identity_check_and_the_code_open_the_start(hall: Hall, watcher: Any, now: datetime) -> None:
    seat = hall.seat("ana")

    def begin(code: str) -> Any:
        return start_attempt(assessment=hall.exam, start_code=code, by=seat.candidate, at=now)

    with pytest.raises(Locked, match="identity"):
        begin(hall.code)
    page = f"{hall.url}seats/{seat.uuid}/"
    assert watcher.post(page, {"action": "identity"}).status_code == 302, "nothing chosen"
    with pytest.raises(Locked, match="identity"):
        begin(hall.code)
    assert watcher.post(page, {"action": "identity", "method": "passport"})["Location"] == hall.url
    with pytest.raises(Locked, match="start code"):
        begin("WRONG7")
    attempt, is_new = begin(hall.code.lower())
    assert is_new
    assert attempt.sitting == hall.sitting


def test_a_new_code_is_shown_once_and_ends_the_old_one(hall: Hall, watcher: Any, now: datetime) -> None:
    seat = hall.seat("ana")
    check_identity(seat=seat, method="known", by=hall.invigilator, at=now)
    digest = Sitting.objects.get().start_code_digest
    assert "data-code" not in watcher.get(f"{hall.url}code/").content.decode()
    assert Sitting.objects.get().start_code_digest == digest, "looking makes none"
    said = watcher.post(f"{hall.url}code/").content.decode()
    code = re.search(r"data-code>.*?</span>(\w{6})<", said)
    assert code
    with pytest.raises(Locked, match="start code"):
        start_attempt(assessment=hall.exam, start_code=hall.code, by=seat.candidate, at=now)
    assert start_attempt(assessment=hall.exam, start_code=code[1], by=seat.candidate, at=now)[1]
    assert code[1] not in watcher.get(hall.url).content.decode()


def test_seats_are_booked_by_address_with_labels_and_refusals_are_told(
    hall: Hall, watcher: Any, make_user: Any
) -> None:
    make_user("ana")
    hall.seat("bo")
    lines = "ANA@test.example, A1\nbo@test.example\nwatcher@test.example\nnobody@test.example\n"
    said = watcher.post(f"{hall.url}seats/", {"addresses": lines}).content.decode()
    for words in ("1 seat is booked", "has a seat in the sitting already", "cannot sit the same exam"):
        assert words in said
    assert "nobody@test.example" in said
    assert Seat.objects.get(candidate__email="ana@test.example").label == "A1"
    said = watcher.post(f"{hall.url}seats/", {"addresses": f"ana@test.example, {'A' * 21}"}).content.decode()
    assert "at most 20" in said
    assert "Name people" in watcher.post(f"{hall.url}seats/", {}).content.decode()


def test_a_seat_can_be_given_up_until_its_candidate_begins(hall: Hall, watcher: Any) -> None:
    seat, attempt = hall.seat("ana"), hall.begun("bo")
    watcher.post(f"{hall.url}seats/{seat.uuid}/", {"action": "cancel"})
    begun = f"{hall.url}seats/{hall.place('bo').key}/"
    assert "has begun" in watcher.post(begun, {"action": "cancel"}, follow=True).content.decode()
    assert [place.candidate for place in room_of(hall.sitting, hall.now).places] == [attempt.candidate]
    assert watcher.get(f"{hall.url}seats/{seat.uuid}/").status_code == 404


def change(client: Client, hall: Hall, action: str, **data: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.post(f"{hall.url}clock/{action}/", {"reason": "Fire alarm", **data})
        assert response.status_code == 302, response.content
    return [row["sql"] for row in captured]


@pytest.mark.parametrize("action", ["pause", "give", "resume"])
def test_what_is_done_to_all_is_one_transaction(hall: Hall, watcher: Any, action: str) -> None:
    for number in range(4):
        hall.begun(f"p{number}")
    if action == "resume":
        change(watcher, hall, "pause", who="all")
    sent = change(watcher, hall, action, who="all", minutes=10)
    changes = [place for place, sql in enumerate(sent) if re.match(r'UPDATE "quizzes_attempt"', sql)]
    assert len(changes) >= 4
    opened = [sql for sql in sent[: changes[0]] if sql.startswith(("SAVEPOINT", "BEGIN"))]
    between = [sql for sql in sent[changes[0] : changes[-1]] if sql.startswith(("SAVEPOINT", "RELEASE", "COMMIT"))]
    assert len(opened) == 1
    assert between == []


def test_time_is_given_to_all_or_to_those_ticked(hall: Hall, watcher: Any, now: datetime) -> None:
    ana, bo = hall.begun("ana"), hall.begun("bo")
    change(watcher, hall, "give", who="all", minutes=10)
    change(watcher, hall, "give", seat=hall.place("bo").key, minutes=-4)
    ana.refresh_from_db()
    bo.refresh_from_db()
    assert ana.deadline_at == now + timedelta(minutes=50)
    assert bo.deadline_at == now + timedelta(minutes=46)
    rows = TimeAdjustment.objects.values_list("attempt", "seconds", "reason", "by")
    assert set(rows) == {
        (ana.pk, 600, "Fire alarm", hall.invigilator.pk), (bo.pk, 600, "Fire alarm", hall.invigilator.pk),
        (bo.pk, -240, "Fire alarm", hall.invigilator.pk),
    }  # fmt: skip


def test_all_pause_and_go_on_and_nobody_loses_time(hall: Hall, watcher: Any, now: datetime, clock: Any) -> None:
    ana, bo = hall.begun("ana"), hall.begun("bo")
    change(watcher, hall, "pause", who="all")
    clock.forward(minutes=7)
    change(watcher, hall, "resume", who="all")
    for attempt in (ana, bo):
        attempt.refresh_from_db()
        assert attempt.paused_at is None
        assert attempt.deadline_at == now + timedelta(minutes=47)


@pytest.mark.parametrize(
    "data", [{"reason": ""}, {"reason": "  "}, {"minutes": 0}, {"minutes": "x"}, {"minutes": 1441}]
)
def test_a_change_of_time_needs_minutes_and_a_reason(hall: Hall, watcher: Any, data: dict[str, Any]) -> None:
    attempt = hall.begun("ana")
    body = {"who": "all", "minutes": 5, "reason": "Noise", **data}
    assert watcher.post(f"{hall.url}clock/give/", body).status_code == 200
    before = attempt.deadline_at
    attempt.refresh_from_db()
    assert attempt.deadline_at == before


def test_a_room_goes_on_without_a_further_reason(hall: Hall, watcher: Any) -> None:
    attempt = hall.begun("ana")
    change(watcher, hall, "pause", who="all")
    change(watcher, hall, "resume", who="all", reason="")
    attempt.refresh_from_db()
    assert attempt.paused_at is None
    assert TimeAdjustment.objects.get().reason == "Pause"


def test_time_taken_says_that_a_minute_is_left(hall: Hall, watcher: Any, now: datetime) -> None:
    attempt = hall.begun("ana")
    answer = watcher.post(
        f"{hall.url}clock/give/", {"who": "all", "minutes": -60, "reason": "The house closes"}, follow=True
    )
    assert "a minute is left" in answer.content.decode()
    attempt.refresh_from_db()
    assert attempt.deadline_at == now + timedelta(minutes=1)


def test_nothing_happens_to_all_when_nobody_was_ticked(hall: Hall, watcher: Any) -> None:
    attempt = hall.begun("ana")
    for send in (watcher.get, watcher.post):
        response = send(f"{hall.url}clock/pause/", {"reason": "Oops"}, follow=True)
        assert "Tick the people first" in response.content.decode()
    attempt.refresh_from_db()
    assert attempt.paused_at is None
    assert watcher.get(f"{hall.url}clock/burn/?who=all").status_code == 404


def test_before_a_change_is_made_it_is_told_whom_it_reaches(hall: Hall, watcher: Any, now: datetime) -> None:
    hall.begun("ana")
    done = hall.begun("bo")
    submit_attempt(attempt=done, by=done.candidate, at=now)
    keys = [hall.place(name).key for name in ("ana", "bo")]
    said = watcher.get(f"{hall.url}clock/pause/", {"seat": keys}).content.decode()
    assert "For 1 person" in said
    assert "1 ticked person is left out" in said
    assert "No clock stands still" in watcher.get(f"{hall.url}clock/resume/?who=all").content.decode()


def test_the_seats_of_another_sitting_are_out_of_reach(hall: Hall, watcher: Any, make_user: Any, now: datetime) -> None:
    other, _code = open_sitting(
        assessment=hall.exam, place="Room 9", opens_at=now, closes_at=now + timedelta(hours=1), by=hall.examiner, at=now
    )
    seat = book_seat(sitting=other, candidate=make_user("cy"), by=hall.examiner, at=now)
    assert watcher.get(f"{hall.url}seats/{seat.uuid}/").status_code == 404
    said = watcher.get(f"{hall.url}clock/pause/?seat={seat.uuid}").content.decode()
    assert "No clock is running" in said


def test_incidents_are_of_the_room_or_of_somebody_who_has_begun(hall: Hall, watcher: Any) -> None:
    attempt, idle = hall.begun("ana"), hall.seat("bo")
    watcher.post(f"{hall.url}notes/", {"text": "The light failed.", "about": ""})
    watcher.post(f"{hall.url}notes/", {"text": "Was unwell.", "about": hall.place("ana").key})
    assert watcher.post(f"{hall.url}notes/", {"text": "x", "about": str(idle.uuid)}).status_code == 200
    assert watcher.post(f"{hall.url}notes/", {"text": " ", "about": ""}).status_code == 200
    notes = IncidentNote.objects.values_list("attempt", "text", "by")
    by = hall.invigilator.pk
    assert set(notes) == {(None, "The light failed.", by), (attempt.pk, "Was unwell.", by)}
    assert "Was unwell." in watcher.get(hall.url).content.decode()


def test_examiners_alone_declare_an_attempt_void(hall: Hall, watcher: Any) -> None:
    attempt = hall.begun("ana")
    page = f"{hall.url}seats/{hall.place('ana').key}/void/"
    assert watcher.post(page, {"reason": "Notes under the desk"}).status_code == 403
    examiner = signed_in(hall.examiner)
    assert examiner.post(page, {"reason": " "}).status_code == 200
    attempt.refresh_from_db()
    assert attempt.voided_at is None
    assert examiner.post(page, {"reason": "Notes under the desk"}).status_code == 302
    attempt.refresh_from_db()
    assert attempt.void_reason == "Notes under the desk"
    assert hall.place("ana").state == PlaceState.VOID
    assert examiner.get(page).status_code == 404, "once is enough"


def test_whoever_begins_again_after_a_void_attempt_is_shown_writing(hall: Hall, now: datetime) -> None:
    attempt = hall.begun("ana")
    signed_in(hall.examiner).post(f"{hall.url}seats/{hall.place('ana').key}/void/", {"reason": "Power cut"})
    further, _new = start_attempt(assessment=hall.exam, start_code=hall.code, by=attempt.candidate, at=now)
    assert hall.place("ana").attempt == further
    adjust_time(attempts=[further], seconds=60, reason="Power cut", by=hall.examiner, at=now)
    assert hall.place("ana").seconds_left == 41 * 60


# Announcing ---------------------------------------------------------------------------------------------------------


def announced(hall: Hall, **fields: Any) -> Any:
    data = {
        "assessment": hall.exam.code, "place": "Hall", "opens_at": "2026-11-03T09:00", "closes_at": "2026-11-03T10:00",
        "invigilators": [hall.invigilator.pk],
    }  # fmt: skip
    return signed_in(hall.examiner).post("/examine/sittings/new/", {**data, **fields})


def test_announcing_a_sitting_shows_its_code_once(hall: Hall) -> None:
    said = announced(hall, hard_stop_at="2026-11-03T10:20").content.decode()
    assert re.search(r"data-code>.*?</span>\w{6}<", said)
    made = Sitting.objects.get(place="Hall")
    assert list(made.invigilators.all()) == [hall.invigilator]
    page = signed_in(hall.examiner).get(f"/examine/sittings/{made.uuid}/").content.decode()
    assert "has 20 minutes" in page, "the hard stop cuts the time of the last to start"


@pytest.mark.parametrize(
    "fields",
    [{"closes_at": "2026-11-03T08:00"}, {"hard_stop_at": "2026-11-03T09:30"}, {"assessment": "nothing"}, {"place": ""}],
)
def test_a_sitting_that_cannot_be_is_not_announced(hall: Hall, fields: dict[str, str]) -> None:
    assert announced(hall, **fields).status_code == 200
    assert Sitting.objects.count() == 1


def test_times_are_those_of_the_person_who_types_them(hall: Hall) -> None:
    hall.examiner.time_zone = "America/New_York"
    hall.examiner.save()
    announced(hall)
    assert Sitting.objects.get(place="Hall").opens_at.isoformat() == "2026-11-03T14:00:00+00:00"


def test_the_latest_starter_has_what_the_hard_stop_leaves(hall: Hall, now: datetime) -> None:
    from quizzes.assembly.policy import Policy

    policy = Policy(**hall.exam.current_version.policy)
    hour = now + timedelta(hours=1)
    assert latest_start(policy) is None
    assert latest_start(policy, hour, hour + timedelta(minutes=40)) is None, "the full time"
    found = latest_start(policy, hour, hour + timedelta(minutes=39))
    assert found
    assert (found.at, found.seconds, found.full_seconds) == (hour, 39 * 60, 40 * 60)
    closing = policy.model_copy(update={"closes_at": hour})
    assert latest_start(closing).seconds == 0
    windowed = closing.model_copy(update={"starts_until": now + timedelta(minutes=30)})
    assert latest_start(windowed).seconds == 30 * 60
    untimed = windowed.model_copy(update={"time_limit_seconds": None})
    assert latest_start(untimed).full_seconds is None


def test_an_exam_without_the_rule_can_be_watched_too(hall: Hall, make_user: Any, now: datetime) -> None:
    home = make_assessment(
        questions=[make_question(bank=make_bank("hall-exam", "exam"))], kind="exam", feedback="never"
    )
    sitting, _code = open_sitting(
        assessment=home, place="Home", opens_at=now, closes_at=now + timedelta(hours=1), by=hall.examiner, at=now
    )
    person = make_user("ana")
    book_seat(sitting=sitting, candidate=person, by=hall.examiner, at=now)
    assert room_of(sitting, now).places[0].state == PlaceState.ABSENT
    start_attempt(assessment=home, by=person, at=now)
    assert room_of(sitting, now).places[0].state == PlaceState.WRITING
