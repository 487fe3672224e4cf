"""The page on which people see what the school keeps about them, and take it with them."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lms.core.clock import arrival

from .personal_data import as_zip


@login_required
@never_cache
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """What there is, what must stay, and the button."""
    return render(request, "lms/portal/data.html")


@login_required
@never_cache
@require_POST
@reauthentication_required
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Everything, once the password was given again."""
    user: Any = request.user
    at = arrival(request)
    response = StreamingHttpResponse(as_zip(user, at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{at:%Y-%m-%d}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
