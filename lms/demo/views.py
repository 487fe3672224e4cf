"""The outbox of a demonstration: mail is written to files and read here. Not routed on a live instance."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

NEWEST = 30
SEPARATOR = b"-" * 79


def outbox() -> list[dict[str, Any]]:
    """The newest mails, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    mails = []
    for file in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:NEWEST]:
        for raw in reversed([part for part in file.read_bytes().split(SEPARATOR) if part.strip()]):
            message = BytesParser(policy=policy.default).parsebytes(raw.lstrip())
            body = message.get_body(("plain",))
            mails.append(
                {
                    "subject": message["subject"],
                    "to": message["to"],
                    "sent_at": datetime.fromtimestamp(file.stat().st_mtime, tz=UTC),
                    "body": body.get_content().strip() if body else "",
                }
            )
    return mails[:NEWEST]


@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    """Read the mail that this demonstration would have sent."""
    if settings.INSTANCE == "live":
        raise Http404
    return render(request, "lms/demo/mail.html", {"mails": outbox()})
