"""Writes of the CMS in one piece.

The CMS publishes outside the transaction that saved the draft; a freeze that fails there would leave a changed live
question behind. So each writing request of the CMS is one transaction, and a domain error becomes a message on the
page that the person came from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from .exceptions import DomainError

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def atomic_writes(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view of the CMS: all or nothing for anything but reading."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in READING:
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response.render()
                return response
        except DomainError as error:
            messages.error(request, error.message)
            back = request.headers.get("Referer", "")
            if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
                back = request.path
            return redirect(back)

    return wrapped
