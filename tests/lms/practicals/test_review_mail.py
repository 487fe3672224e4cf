"""Students hear by mail of refused sessions, one mail for a lot, and of case reports that were read."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from lms.accounts.mail import send_waiting
from lms.accounts.models import OutgoingMail
from lms.practicals.api import decide_sessions, withdraw_session
from lms.practicals.exceptions import InvalidEntry
from tests.lms.practicals.log_builders import hand_in, log, read

pytestmark = pytest.mark.django_db


def bodies(mail: Any) -> list[str]:
    """The mail as text and as HTML."""
    return [mail.body, mail.alternatives[0][0]]


def test_sessions_refused_together_are_one_mail_to_each_student(
    people: dict[str, Any], at: datetime, supervisor: Any, mailoutbox: list[Any], django_assert_max_num_queries: Any
) -> None:
    rows = [log(people["student"], supervisor, at, starts_at=time(hour)) for hour in range(8, 13)]
    rows.append(log(people["other"], supervisor, at))
    gone = log(people["student"], supervisor, at, starts_at=time(14))
    withdraw_session(session=gone, by=people["student"], at=at)
    with django_assert_max_num_queries(20):
        decide_sessions(sessions=[*rows, gone], approved=False, reason="I was not there", by=supervisor, at=at)
    assert send_waiting(at=at) == (2, 0)
    said = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert said == {
        people["student"].email: "5 sessions of your hours log were not approved",
        people["other"].email: "1 session of your hours log was not approved",
    }
    for body in (body for mail in mailoutbox for body in bodies(mail)):
        assert "/hours/" in body
        assert "I was not there" not in body
        assert "{" not in body.partition("<body")[2]


def test_a_refusal_is_told_once_and_an_approval_not_at_all(
    people: dict[str, Any], at: datetime, supervisor: Any, mailoutbox: list[Any]
) -> None:
    row = log(people["student"], supervisor, at)
    decide_sessions(sessions=[row], approved=True, by=supervisor, at=at)
    assert not OutgoingMail.objects.exists()
    for _time in range(2):
        # The second refusal changes nothing, and so tells nothing.
        decide_sessions(sessions=[row], approved=False, reason="Too short", by=supervisor, at=at)
    assert send_waiting(at=at) == (1, 0)
    decide_sessions(sessions=[row], approved=True, by=supervisor, at=at)
    decide_sessions(sessions=[row], approved=False, reason="Too short after all", by=supervisor, at=at)
    assert send_waiting(at=at) == (1, 0)
    with pytest.raises(InvalidEntry):
        decide_sessions(sessions=[row], approved=False, by=supervisor, at=at)
    assert send_waiting(at=at) == (0, 0)


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [("accepted", "Your case report is accepted"), ("returned", "Your case report came back to you")],
)
def test_a_case_report_that_was_read(
    outcome: str, subject: str, author: Any, people: dict[str, Any], at: datetime, mailoutbox: list[Any]
) -> None:
    row = hand_in(author, at, title="Chronic neck pain")
    read(row, people["examiner"], at, outcome)
    assert send_waiting(at=at) == (1, 0)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([author.email], subject)
    for body in bodies(mail):
        assert f"/case-reports/{row.uuid}/" in body
        assert "Chronic neck pain" not in body
        assert "Say what you measured" not in body
