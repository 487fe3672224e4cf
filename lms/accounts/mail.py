"""The outbox: who owes a message writes it down in its transaction, and a runner sends it once.

A message is a name of templates below `templates/mail/` (`NAME.subject.txt`, `NAME.txt`, `NAME.html`) and a context of
plain data. What went wrong is kept beside it, and it is tried again by the next run, a limited number of times.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .models import OutgoingMail, User

logger = logging.getLogger(__name__)

#: So often a message is tried; then somebody has to look at its problem.
MOST_TRIES = 10


def owe(*, key: str, to: User, template: str, context: dict[str, Any], at: datetime) -> tuple[OutgoingMail, bool]:
    """Write down that somebody is owed a message. The same key is owed once, however often it is said."""
    return OutgoingMail.objects.get_or_create(
        key=key, defaults={"to": to, "template": template, "context": context, "created_at": at}
    )


def forgive(*, prefix: str, but: Iterable[str] = ()) -> int:
    """Take back messages that were not sent and are no longer true: those whose keys begin so, except these."""
    rows = OutgoingMail.objects.filter(key__startswith=prefix, sent_at=None).exclude(key__in=list(but))
    return rows.delete()[0]


def send_waiting(*, at: datetime) -> tuple[int, int]:
    """Send what waits, oldest first; how many were sent, and how many could not be.

    Each message is sent under a lock of its own: of two runners one sends it and the other passes on.
    """
    sent = failed = 0
    last = 0
    while True:
        with transaction.atomic():
            rows = OutgoingMail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("to")
            row = rows.filter(sent_at=None, tries__lt=MOST_TRIES, pk__gt=last).order_by("pk").first()
            if row is None:
                return sent, failed
            last = row.pk
            if problem := _send(row):
                failed += 1
            else:
                sent += 1
                row.sent_at = at
            row.problem = problem
            row.save(update_fields=["sent_at", "tries", "problem"])


def _send(row: OutgoingMail) -> str:
    """Send one message; what went wrong, in a line, or nothing."""
    if not row.to.is_active:
        row.tries = MOST_TRIES
        return "The account is closed."
    row.tries += 1
    try:
        message(row).send()
    except Exception as error:
        # Whatever it was, the others wait for their turn.
        logger.warning("Mail %s was not sent", row.uuid, exc_info=True)
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def message(row: OutgoingMail) -> EmailMultiAlternatives:
    """The message in the language and the time zone of whom it is for, as text and as HTML."""
    context = {"person": row.to, "base_url": settings.BASE_URL.rstrip("/"), **row.context}
    with translation.override(row.to.language), timezone.override(row.to.time_zone):
        name = f"mail/{row.template}"
        subject = " ".join(render_to_string(f"{name}.subject.txt", context).split())
        text = render_to_string(f"{name}.txt", context).strip() + "\n"
        html = render_to_string(f"{name}.html", context)
    made = EmailMultiAlternatives(subject, text, to=[row.to.email])
    made.attach_alternative(html, "text/html")
    return made
