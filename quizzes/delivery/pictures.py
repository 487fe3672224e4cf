"""Pictures of questions as candidates get them: under a name that holds in one attempt only."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.urls import reverse

from quizzes.attempts.models import Attempt
from quizzes.bank.models import Picture, QuestionVersion
from quizzes.types.registry import AnyType


def add_picture(data: dict[str, Any], attempt: Attempt, version: QuestionVersion, kind: AnyType) -> None:
    """Put the picture beside the stem, or into the interaction of a type that is answered on it."""
    if version.picture is None:
        return
    shown = {
        "src": reverse("quizzes:picture", args=[attempt.uuid, picture_token(attempt, version.picture_id)]),
        "width": version.picture.width,
        "height": version.picture.height,
        "alt": version.picture.alt,
    }
    if kind.uses_picture:
        data["interaction"] = {"image": shown, **data["interaction"]}
    else:
        data["picture"] = shown


def picture_token(attempt: Attempt, picture_id: int | None) -> str:
    """A name for a picture that holds in one attempt and tells nothing."""
    message = f"{attempt.uuid}/{picture_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]


def picture_named(attempt: Attempt, token: str) -> Picture | None:
    """The picture behind such a name, if it belongs to the attempt."""
    shown = Picture.objects.filter(pk__in=attempt.items.values("version__picture"))
    return next(
        (row for row in shown if hmac.compare_digest(picture_token(attempt, row.pk).encode(), token.encode())), None
    )
