"""A start code is short and read aloud, so that guessing it is slowed down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lms.core.exceptions import DomainError
from quizzes.assembly.models import Assessment

MOST_TRIES = 10
WITHIN = timedelta(minutes=15)


class TooManyTries(DomainError):
    """Too many start codes were tried. `retry_at` says when the next one is listened to."""

    code = "too_many_tries"
    status = 429
    title = "Too many start codes"


def count_code_try(user: Any, assessment: Assessment, at: datetime) -> None:
    """Count a try before it is looked at, so that tries side by side are counted too; raises `TooManyTries`."""
    key, seconds = _key(user, assessment), int(WITHIN.total_seconds())
    if cache.add(key, 0, seconds):
        cache.set(f"{key}/until", (at + WITHIN).isoformat(), seconds)
    try:
        tries = cache.incr(key)
    except ValueError:  # It ran out between the two calls.
        return
    if tries > MOST_TRIES:
        until = datetime.fromisoformat(cache.get(f"{key}/until") or (at + WITHIN).isoformat())
        raise TooManyTries(
            _("That was the wrong code too often. Ask the invigilator, and try again at %(time)s.")
            % {"time": date_format(localtime(until), "H:i")},
            retry_at=until.isoformat(),
        )


def take_back_code_try(user: Any, assessment: Assessment) -> None:
    """The code was right, or was not what kept the person out."""
    try:
        cache.decr(_key(user, assessment))
    except ValueError:  # It ran out meanwhile.
        return


def _key(user: Any, assessment: Assessment) -> str:
    return f"start-code/{assessment.pk}/{user.pk}"
