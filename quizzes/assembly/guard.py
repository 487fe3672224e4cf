"""The gate in front of exams in the CMS: teaching staff neither read nor change their rules and items."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve

from quizzes.bank.enums import BankPurpose
from quizzes.bank.queries import purposes_for

from .enums import HIGH_STAKES, AssessmentKind
from .models import Assessment

NAMESPACE = "wagtailsnippets_quizzes_assessment"
#: Which right to banks goes with which kind of assessment.
PURPOSE_OF_KIND = {kind: (BankPurpose.EXAM if kind in HIGH_STAKES else BankPurpose.TEACHING) for kind in AssessmentKind}


def kinds_for(user: Any) -> list[str]:
    """Kinds of assessment that this person may write: those whose banks they may open."""
    open_to = purposes_for(user)
    return [kind.value for kind, purpose in PURPOSE_OF_KIND.items() if purpose in open_to]


def guard_exams(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view of the CMS: 404 for an assessment of a kind that the person may not write."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match = request.resolver_match or resolve(request.path_info)
        key = kwargs.get("pk")
        if match.namespace == NAMESPACE and key is not None and request.user.is_authenticated:
            mine = Assessment.objects.filter(kind__in=kinds_for(request.user))
            if not str(key).isdigit() or not mine.filter(pk=key).exists():
                raise Http404
        return view(request, *args, **kwargs)

    return wrapped
