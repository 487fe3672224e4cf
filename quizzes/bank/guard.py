"""The gate in front of a confidential item in the CMS.

The CMS checks permissions by model; ours go by the purpose of the bank. Every address of the CMS that names a question,
stimulus or picture passes here, whatever view stands behind it: editing, history, revisions, preview, usage, workflow.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve

from lms.core.clock import arrival

from .commands import note_access
from .enums import BankAction
from .models import Picture, Question, Stimulus
from .queries import purposes_for

GUARDED: dict[str, Any] = {
    "wagtailsnippets_quizzes_question": Question,
    "wagtailsnippets_quizzes_stimulus": Stimulus,
    "wagtailsnippets_quizzes_picture": Picture,
    "wagtailsnippetchoosers_quizzes_question": Question,
    "wagtailsnippetchoosers_quizzes_stimulus": Stimulus,
    "wagtailsnippetchoosers_quizzes_picture": Picture,
}


def guard_banks(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view of the CMS: 404 for an item of a bank that the person may not open; looks are logged."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match = request.resolver_match or resolve(request.path_info)
        model = GUARDED.get(match.namespace)
        key = kwargs.get("pk")
        if model is not None and key is not None and request.user.is_authenticated:
            row = model.objects.filter(pk=key).select_related("bank").first() if str(key).isdigit() else None
            if row is None or row.bank.purpose not in purposes_for(request.user):
                raise Http404
            action = BankAction.PREVIEWED if "preview" in match.url_name else BankAction.VIEWED
            note_access(
                bank=row.bank,
                action=action,
                question_code=getattr(row, "code", ""),
                by=request.user,
                at=arrival(request),
            )
        return view(request, *args, **kwargs)

    return wrapped
