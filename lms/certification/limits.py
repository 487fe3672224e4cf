"""How often one address may ask the public checks: numbers are hard to guess, and guessing shall not be quick."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.throttling import SimpleRateThrottle


class VerifyThrottle(SimpleRateThrottle):
    """One count for an address over all public checks, on pages and by the API, whoever is signed in."""

    scope = "verify"

    def get_cache_key(self, request: Any, view: Any) -> str:
        """By address; a proxy's word for it counts where the settings trust one (`NUM_PROXIES`)."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def rate_limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages: 429 with the time to wait, once an address has asked too often."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = VerifyThrottle()
        if throttle.allow_request(request, view):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)
        wait = int(throttle.wait() or 0) + 1
        response = render(request, "lms/certification/too_often.html", {"wait": wait}, status=429)
        response["Retry-After"] = str(wait)
        return response

    return wrapped
