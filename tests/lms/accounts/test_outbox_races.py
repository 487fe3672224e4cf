"""Two runners of the outbox at the same moment. Needs PostgreSQL; empties the database."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core import mail

from lms.accounts.api import User
from lms.accounts.mail import send_waiting
from lms.accounts.models import OutgoingMail
from tests.lms.accounts.test_outbox import owed
from tests.quizzes.test_races import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_two_runners_send_each_message_once(now: datetime) -> None:
    person = User.objects.create_user("waiting@test.example", "correct horse battery", display_name="Waiting")
    for number in range(12):
        owed(person, now, f"message-{number}")
    sent = together(2, lambda _number: send_waiting(at=now)[0])
    # Whoever passes a message that is being sent does not wait for it, so a last round may be needed.
    assert sum(sent) + send_waiting(at=now)[0] == 12
    assert len(mail.outbox) == 12
    assert set(OutgoingMail.objects.values_list("tries", flat=True)) == {1}
