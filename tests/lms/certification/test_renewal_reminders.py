"""Reminders before a certificate ends: each once, and to nobody whom they no longer concern."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from lms.accounts.api import forgive
from lms.accounts.mail import send_waiting
from lms.accounts.models import OutgoingMail
from lms.certification.api import Certificate, revoke, suspend
from lms.certification.queries import with_events
from lms.certification.reminders import write_reminders
from lms.certification.renewal_commands import decide_renewal
from tests.lms.certification.builders import certified
from tests.lms.certification.renewing import noon, practitioner, renewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(people: dict[str, Any], now: datetime) -> Certificate:
    return practitioner(people["student"], people["registrar"], now)


def before_the_end(certificate: Certificate, days: int) -> datetime:
    return noon(certificate.expires_on - timedelta(days=days))  # type: ignore[operator]


def test_one_mail_at_each_of_the_four_times(certificate: Certificate) -> None:
    written = {
        days: write_reminders(at=before_the_end(certificate, days))[0]
        for days in (181, 180, 179, 91, 90, 89, 31, 30, 29, 8, 7, 6, 0, -1)
        if [send_waiting(at=before_the_end(certificate, days))]
    }
    assert [days for days, count in written.items() if count] == [180, 90, 30, 7]
    keys = OutgoingMail.objects.values_list("key", flat=True)
    assert list(keys) == [
        f"renewal-reminder:{certificate.number}:{days}:{certificate.expires_on}" for days in (180, 90, 30, 7)
    ]


def test_what_a_reminder_says(certificate: Certificate, settings: Any) -> None:
    settings.BASE_URL = "https://school.example"
    at = before_the_end(certificate, 90)
    write_reminders(at=at)
    send_waiting(at=at)
    [message] = mail.outbox
    assert message.subject == "Your certificate ends in 90 days: Neuromuscular Therapy Practitioner"
    for said in ("24 hours of continuing education", "at least 6 hours: Hands-on training", "60 days of grace"):
        assert said in message.body
    assert f"https://school.example/certification/renewal/{certificate.number}/" in message.body


def test_a_missed_run_is_made_up_for_by_one_mail(certificate: Certificate) -> None:
    assert write_reminders(at=before_the_end(certificate, 25)) == (1, 0)
    assert OutgoingMail.objects.get().key.endswith(f":30:{certificate.expires_on}")


def test_nobody_is_reminded_whom_it_no_longer_concerns(
    certificate: Certificate, people: dict[str, Any], now: datetime
) -> None:
    at = before_the_end(certificate, 90)
    others = [practitioner(people[role], people["registrar"], now) for role in ("other", "instructor")]
    suspend(certificate=others[0], public_reason="under_review", by=people["registrar"], at=at)
    revoke(certificate=others[1], public_reason="conduct", by=people["registrar"], at=at)
    certified(people["examiner"], people["registrar"], now)
    assert write_reminders(at=at) == (1, 0)
    assert OutgoingMail.objects.get(key__startswith="renewal-reminder:").to == people["student"]


def test_who_was_revoked_between_writing_and_sending_is_not_reminded(
    certificate: Certificate, people: dict[str, Any]
) -> None:
    at = before_the_end(certificate, 90)
    assert write_reminders(at=at) == (1, 0)
    revoke(certificate=certificate, public_reason="conduct", by=people["registrar"], at=at)
    forgive(prefix="certificate:")
    assert write_reminders(at=at) == (0, 1)
    assert send_waiting(at=at) == (0, 0)


def test_who_applied_or_was_renewed_is_left_in_peace_until_the_next_end(people: dict[str, Any], now: datetime) -> None:
    renewal, at = renewing(people["student"], people["registrar"], now)
    assert write_reminders(at=at) == (0, 0)
    _decision, successor = decide_renewal(
        renewal=renewal, outcome="award", reason="Looked at", by=people["registrar"], at=at
    )
    assert successor is not None
    assert write_reminders(at=at) == (0, 0)
    assert write_reminders(at=before_the_end(with_events().get(pk=successor.pk), 30)) == (1, 0)


def test_the_commands_write_and_send(certificate: Certificate, capsys: Any) -> None:
    call_command("remind")
    call_command("send_mail")
    assert capsys.readouterr().out.splitlines() == ["0 written, 0 taken back", "0 sent, 0 not sent"]
