"""Appeals, complaints and requests: a deadline, a third person, and a decision that nothing follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.api import accommodation_for, grant_role
from lms.accounts.models import AccommodationReason
from lms.certification import case_commands, case_queries
from lms.certification.api import suspend
from lms.certification.case_matters import involved_in
from lms.certification.cases import CLOSED, CLOSING, CaseHappened, CaseStanding, may_follow, standing
from lms.certification.enums import CaseEventKind, CaseState
from lms.certification.exceptions import (
    AppealedAlready,
    AppealTooLate,
    CaseClosed,
    CaseNotYours,
    NotAThirdPerson,
    NotPossibleForCase,
)
from lms.certification.models import Case
from lms.core.exceptions import InvalidInput, NotAllowed
from tests.lms.certification.builders import certified
from tests.lms.certification.handling import appealed, given_to, opened, refused_by

PDF = b"%PDF-1.7 a letter"
DUE = date(2026, 12, 2)

# The rules ----------------------------------------------------------------------------------------------------------

happenings = st.lists(
    st.builds(
        CaseHappened,
        kind=st.sampled_from(CaseEventKind.values),
        by=st.integers(1, 4),
        assignee=st.integers(1, 4),
        due_on=st.dates(date(2026, 11, 1), date(2027, 3, 1)),
    ),
    max_size=12,
)


@given(happenings, happenings)
def test_nothing_follows_a_closing_event(before: list[CaseHappened], after: list[CaseHappened]) -> None:
    closed = standing(before, DUE)
    if closed.is_closed:
        assert standing([*before, *after], DUE) == closed
        assert not any(may_follow(closed.state, kind) for kind in CaseEventKind.values)


@given(happenings)
def test_a_case_is_decided_only_by_somebody_to_whom_it_was_given(events: list[CaseHappened]) -> None:
    now = standing(events, DUE)
    if now.state in {CaseState.UPHELD, CaseState.REJECTED}:
        assert now.assignee is not None
    assert now.is_closed == (now.state in CLOSED)
    assert (now.state is CaseState.OPEN) <= (now.assignee is None)


@given(happenings)
def test_the_deadline_is_the_last_one_that_was_set_while_it_was_open(events: list[CaseHappened]) -> None:
    running = CaseStanding(CaseState.OPEN, None, DUE)
    for place in range(len(events)):
        running = standing(events[: place + 1], DUE)
        if events[place].kind in CLOSING and running.is_closed:
            break
    assert standing(events, DUE).due_on == running.due_on


@pytest.mark.parametrize(("today", "overdue"), [(DUE, False), (DUE + timedelta(days=1), True)])
def test_a_case_is_overdue_from_the_day_after_unless_it_is_closed(today: date, overdue: bool) -> None:
    assert standing([], DUE).is_overdue(today) is overdue
    assert standing([CaseHappened("withdrawn")], DUE).is_overdue(today) is False


# Opening ------------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(people: dict[str, Any], now: datetime) -> Any:
    """A refusal by the registrar."""
    return refused_by(people["registrar"], people["student"], now)


def test_an_appeal_is_answered_within_the_days_that_the_school_has(
    refused: Any, people: dict[str, Any], now: datetime, settings: Any
) -> None:
    settings.CASE_ANSWER_DAYS = 21
    row = appealed(refused, people["student"], now)
    assert row.due_on == now.date() + timedelta(days=21)
    assert case_queries.standing_of_case(row).state is CaseState.OPEN


@pytest.mark.parametrize(("days", "possible"), [(0, True), (30, True), (31, False)])
def test_an_appeal_has_thirty_days(
    days: int, possible: bool, refused: Any, people: dict[str, Any], now: datetime
) -> None:
    at = now + timedelta(days=days)
    if possible:
        assert appealed(refused, people["student"], at).pk
        return
    with pytest.raises(AppealTooLate, match="2 December 2026"):
        appealed(refused, people["student"], at)
    # A complaint has no such end.
    assert opened(people["student"], at, subject="decision", reference=str(refused.uuid)).pk


def test_one_appeals_once_unless_the_appeal_was_taken_back(refused: Any, people: dict[str, Any], now: datetime) -> None:
    student = people["student"]
    first = appealed(refused, student, now)
    with pytest.raises(AppealedAlready):
        appealed(refused, student, now)
    case_commands.withdraw_case(case=first, by=student, at=now)
    assert appealed(refused, student, now).pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "praise"}, "kind"),
        ({"subject": "weather"}, "about"),
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"title": "x" * 201}, "title"),
        ({"kind": "appeal"}, "about"),
        ({"kind": "appeal", "subject": "conduct"}, "about"),
        ({"subject": "decision", "reference": "none"}, "about"),
        ({"subject": "conduct", "reference": "none"}, "person"),
        ({"file": SimpleUploadedFile("a.pdf", b"MZ not a pdf")}, "file"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 10_000_000)}, "file"),
    ],
)
def test_what_makes_no_case_is_said_at_its_field(
    changes: dict[str, Any], field: str, people: dict[str, Any], now: datetime
) -> None:
    with pytest.raises(InvalidInput) as caught:
        opened(people["student"], now, **changes)
    assert list(caught.value.extra["errors"]) == [field]
    assert not Case.objects.exists()


def test_nobody_appeals_against_what_was_decided_about_somebody_else(
    refused: Any, people: dict[str, Any], now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        appealed(refused, people["other"], now)


# A third person -----------------------------------------------------------------------------------------------------


def test_neither_the_opener_nor_who_decided_looks_into_it(refused: Any, people: dict[str, Any], now: datetime) -> None:
    grant_role(user=people["student"], role="instructor")
    row = appealed(refused, people["student"], now)
    for person in ("student", "registrar"):
        with pytest.raises(NotAThirdPerson):
            given_to(row, people[person], people["admin"], now)
    offered = set(case_queries.independent_staff(row))
    assert offered == {people[name] for name in ("instructor", "examiner", "admin")}
    with pytest.raises(InvalidInput):
        given_to(row, people["other"], people["registrar"], now)
    given_to(row, people["examiner"], people["registrar"], now)
    assert case_queries.standing_of_case(row).assignee == people["examiner"].pk


def test_who_issued_or_changed_a_certificate_is_part_of_a_case_about_it(people: dict[str, Any], now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    suspend(certificate=certificate, public_reason="conduct", internal_reason="-", by=people["admin"], at=now)
    row = opened(people["student"], now, kind="appeal", subject="certificate", reference=str(certificate.uuid))
    assert set(involved_in(row)) == {people[name].pk for name in ("student", "registrar", "admin")}


def test_who_is_complained_about_neither_gets_nor_sees_the_case(people: dict[str, Any], now: datetime) -> None:
    registrar = people["registrar"]
    row = opened(people["student"], now, subject="conduct", reference=str(registrar.uuid))
    assert not case_queries.desk_cases(registrar).exists()
    assert case_queries.desk_cases(people["admin"]).get() == row
    assert not case_queries.may_read(registrar, row)
    with pytest.raises(NotAThirdPerson):
        given_to(row, registrar, people["admin"], now)
    with pytest.raises(NotAllowed):
        given_to(row, people["examiner"], registrar, now)


def test_only_who_has_the_case_now_decides_it(refused: Any, people: dict[str, Any], now: datetime) -> None:
    row = appealed(refused, people["student"], now)
    answer = {"case": row, "is_upheld": False, "reason": "It was missing", "at": now}
    with pytest.raises(NotPossibleForCase):
        case_commands.decide_case(by=people["admin"], **answer)
    given_to(row, people["examiner"], people["registrar"], now)
    given_to(row, people["instructor"], people["registrar"], now)
    for person in ("examiner", "registrar", "admin", "student"):
        with pytest.raises(CaseNotYours):
            case_commands.decide_case(by=people[person], **answer)
    with pytest.raises(InvalidInput):
        case_commands.decide_case(by=people["instructor"], **{**answer, "reason": " "})
    case_commands.decide_case(by=people["instructor"], **answer)
    assert case_queries.standing_of_case(Case.objects.get(pk=row.pk)).state is CaseState.REJECTED


def test_a_closed_case_takes_nothing_more(refused: Any, people: dict[str, Any], now: datetime) -> None:
    student, registrar, examiner = people["student"], people["registrar"], people["examiner"]
    row = appealed(refused, student, now)
    given_to(row, examiner, registrar, now)
    case_commands.decide_case(case=row, is_upheld=True, reason="It was there", by=examiner, at=now)
    attempts = [
        lambda: given_to(row, people["admin"], registrar, now),
        lambda: case_commands.note_on_case(case=row, text="But", by=student, at=now),
        lambda: case_commands.defer_case(case=row, due_on=DUE, reason="Later", by=registrar, at=now),
        lambda: case_commands.decide_case(case=row, is_upheld=False, reason="No", by=examiner, at=now),
        lambda: case_commands.withdraw_case(case=row, by=student, at=now),
    ]
    for attempt in attempts:
        with pytest.raises(CaseClosed):
            attempt()
    assert row.events.count() == 2


def test_a_deadline_is_moved_with_a_reason_and_the_list_follows_it(people: dict[str, Any], now: datetime) -> None:
    registrar = people["registrar"]
    first, second = opened(people["student"], now), opened(people["other"], now + timedelta(days=1))
    assert list(case_queries.desk_cases(registrar)) == [first, second]
    later = now.date() + timedelta(days=60)
    for due_on, reason in ((later, " "), (now.date() - timedelta(days=1), "Past"), (first.due_on, "Same")):
        with pytest.raises(InvalidInput):
            case_commands.defer_case(case=first, due_on=due_on, reason=reason, by=registrar, at=now)
    case_commands.defer_case(case=first, due_on=later, reason="We wait for a letter", by=registrar, at=now)
    assert list(case_queries.desk_cases(registrar)) == [second, first]
    assert case_queries.standing_of_case(first).due_on == later


# Accommodations -----------------------------------------------------------------------------------------------------


def test_an_accommodation_that_is_upheld_is_granted_with_the_reason_apart(
    people: dict[str, Any], now: datetime
) -> None:
    student, examiner = people["student"], people["examiner"]
    row = opened(student, now, kind="accommodation", title="More time", text="I have dyslexia.")
    given_to(row, examiner, people["registrar"], now)
    whole = {"case": row, "is_upheld": True, "reason": "As the letter says", "by": examiner, "at": now}
    for nothing in ({}, {"time_factor": "0.5"}, {"extra_minutes": 481}, {"time_factor": "1", "valid_until": now}):
        with pytest.raises(InvalidInput):
            case_commands.decide_case(conditions=nothing, **whole)
    case_commands.decide_case(conditions={"time_factor": "1.25", "break_minutes": 10}, **whole)
    profile = accommodation_for(student, now)
    assert profile is not None
    assert (profile.time_factor, profile.break_minutes, profile.approved_by) == (Decimal("1.25"), 10, examiner)
    assert AccommodationReason.objects.get(profile=profile).text == "As the letter says"


def test_one_that_is_rejected_grants_nothing(people: dict[str, Any], now: datetime) -> None:
    row = opened(people["student"], now, kind="accommodation")
    given_to(row, people["examiner"], people["registrar"], now)
    case_commands.decide_case(
        case=row, is_upheld=False, reason="No letter", conditions={"time_factor": 2}, by=people["examiner"], at=now
    )
    assert accommodation_for(people["student"], now) is None


def test_medical_words_are_read_by_opener_assignee_and_registrar_alone(people: dict[str, Any], now: datetime) -> None:
    letter = SimpleUploadedFile("letter.pdf", PDF)
    row = opened(people["student"], now, kind="accommodation", text="Secret illness", title="Illness", file=letter)
    given_to(row, people["examiner"], people["registrar"], now)
    seen = {}
    for name, person in people.items():
        browser = Client()
        browser.force_login(person)
        pages = [f"/registrar/cases/{row.uuid}/", "/registrar/cases/", f"/certification/cases/{row.uuid}/"]
        words = "".join(browser.get(page).content.decode() for page in pages)
        answer = browser.get(f"/certification/cases/{row.uuid}/file/")
        seen[name] = ("illness" in words.lower(), answer.status_code)
    reading = {"student", "examiner", "registrar"}
    assert seen == {name: (name in reading, 200 if name in reading else 404) for name in people}
    browser.force_login(people["student"])
    answer = browser.get(f"/certification/cases/{row.uuid}/file/")
    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer["Content-Disposition"]


# What an upheld case leaves to do -----------------------------------------------------------------------------------


def test_an_upheld_appeal_is_a_task_until_something_followed(
    refused: Any, people: dict[str, Any], now: datetime
) -> None:
    student, registrar = people["student"], people["registrar"]
    row = appealed(refused, student, now)
    given_to(row, people["examiner"], registrar, now)
    case_commands.decide_case(
        case=row, is_upheld=True, reason="The paper was there", by=people["examiner"], at=now + timedelta(hours=1)
    )
    assert [task["case"] for task in case_queries.upheld_to_look_at(registrar, now + timedelta(days=2))] == [row]
    assert case_queries.upheld_to_look_at(registrar, now + timedelta(days=92)) == []
    refused.application.admission.applications.create(
        legal_name="Student", eligibility=[], submitted_at=now + timedelta(days=1)
    )
    assert case_queries.upheld_to_look_at(registrar, now + timedelta(days=2)) == []
