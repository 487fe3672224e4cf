"""The outbox: owed once, sent once, and what went wrong is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from lms.accounts.mail import MOST_TRIES, forgive, owe, send_waiting
from lms.accounts.models import OutgoingMail

pytestmark = pytest.mark.django_db
CONTEXT = {
    "number": "NMT-7K3F9-QXM4C", "title": "Practitioner & more", "expires_on": "2028-11-02", "days_left": 30,
    "is_open": True, "opens_on": "2028-05-06", "hours": 24, "minima": [{"title": "Ethics", "hours": 3}],
    "has_quiz": True, "grace_days": 60, "page": "/certification/renewal/NMT-7K3F9-QXM4C/", "school": "The School",
    "school_email": "office@school.example",
}  # fmt: skip


def owed(person: Any, at: datetime, key: str = "one", template: str = "renewal_reminder") -> OutgoingMail:
    row, _is_new = owe(key=key, to=person, template=template, context=CONTEXT, at=at)
    return row


def test_a_message_is_owed_once_and_sent_once_as_text_and_html(student: Any, now: datetime, settings: Any) -> None:
    settings.BASE_URL = "https://school.example/"
    assert owed(student, now) == owed(student, now)
    assert send_waiting(at=now) == (1, 0)
    assert send_waiting(at=now) == (0, 0)
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        [student.email], "Your certificate ends in 30 days: Practitioner & more",
    )  # fmt: skip
    text, (html, kind) = message.body, message.alternatives[0]
    assert kind == "text/html"
    for said in ("2 November 2028", "24 hours", "at least 3 hours: Ethics", "NMT-7K3F9-QXM4C", "The School"):
        assert said in text
        assert said in html
    assert "https://school.example/certification/renewal/NMT-7K3F9-QXM4C/" in text
    assert "Practitioner & more" in text
    assert "Practitioner &amp; more" in html
    row = OutgoingMail.objects.get()
    assert (row.sent_at, row.tries, row.problem) == (now, 1, "")


def test_what_cannot_be_sent_is_kept_with_its_problem_and_holds_up_nobody(
    student: Any, now: datetime, settings: Any
) -> None:
    broken, good = owed(student, now, "a", template="no_such_template"), owed(student, now, "b")
    assert send_waiting(at=now) == (1, 1)
    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.sent_at, broken.tries) == (None, 1)
    assert broken.problem.startswith("TemplateDoesNotExist")
    assert good.sent_at == now
    for _try in range(MOST_TRIES + 2):
        send_waiting(at=now)
    broken.refresh_from_db()
    assert broken.tries == MOST_TRIES
    assert len(mail.outbox) == 1


def test_a_server_that_answers_again_gets_what_waited(student: Any, now: datetime, settings: Any) -> None:
    owed(student, now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send_waiting(at=now) == (0, 1)
    assert "Error" in OutgoingMail.objects.get().problem
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("send_mail")
    row = OutgoingMail.objects.get()
    assert (row.sent_at is not None, row.tries, row.problem) == (True, 2, "")


def test_an_account_that_was_closed_gets_nothing(student: Any, now: datetime) -> None:
    owed(student, now)
    student.is_active = False
    student.save()
    assert send_waiting(at=now) == (0, 1)
    assert send_waiting(at=now) == (0, 0)
    assert not mail.outbox


def test_what_is_no_longer_true_is_taken_back_unless_it_was_sent(student: Any, now: datetime) -> None:
    owed(student, now, "reminder:sent")
    send_waiting(at=now)
    for key in ("reminder:old", "reminder:kept", "other:one"):
        owed(student, now, key)
    assert forgive(prefix="reminder:", but=["reminder:kept"]) == 1
    assert set(OutgoingMail.objects.values_list("key", flat=True)) == {"reminder:sent", "reminder:kept", "other:one"}


def test_a_language_and_a_time_zone_of_the_person_are_used(student: Any, now: datetime) -> None:
    student.time_zone, student.language = "Pacific/Auckland", "en-gb"
    student.save()
    owed(student, now + timedelta(hours=1))
    assert send_waiting(at=now) == (1, 0)
    assert "2 November 2028" in mail.outbox[0].body
