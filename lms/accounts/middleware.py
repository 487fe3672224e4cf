"""Per-person settings of a request, and the second factor for staff of a live instance."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from lms.core.problem import problem_response

from .permissions import lacks_required_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]
# Where a person without a second factor may still go: to set one up, to sign out, and to what everybody may see.
OPEN_PATHS = ("/accounts/", "/static/", "/media/", "/verify/", "/healthz", "/readyz")


class PersonalSettingsMiddleware:
    """Times are shown in the person's zone, text in the person's language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The API speaks UTC, and resolving the user there would cost a query before the token is even read.
        if request.path.startswith(("/api/", "/static/")) or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)), translation.override(request.user.language):
            return self.get_response(request)


class SecondFactorMiddleware:
    """On a live instance staff set up two-factor authentication before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_PATHS) or not lacks_required_second_factor(request.user):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return problem_response(
                403, "second_factor_required", "Your role needs two-factor authentication: set it up on the site first"
            )
        return redirect("mfa_activate_totp")
