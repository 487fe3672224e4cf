"""Pages of practical examinations for the candidate: what will be shown, how it went, and the signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors

from . import commands, queries, viewing
from .enums import AttemptState
from .examination_forms import SignatureForm
from .exceptions import InvalidSignOff
from .models import Practical


def candidate_address(request: HttpRequest) -> str:
    """The full address where an examiner finds this candidate: on a live instance the same from whichever host."""
    path = reverse("practicals:candidate", args=[request.user.uuid])  # type: ignore[union-attr]
    return settings.BASE_URL.rstrip("/") + path if settings.INSTANCE == "live" else request.build_absolute_uri(path)


def code_of(address: str) -> SafeString:
    """The address as a QR code, an SVG without a size of its own."""
    drawn = segno.make_qr(address, error="m").svg_inline(omitsize=True, border=2, svgclass="qr__code", lineclass=None)
    # Drawn by us from an address of ours; nothing that anybody wrote is in it.
    return mark_safe(drawn)


@login_required
@never_cache
@require_GET
def practicals(request: HttpRequest) -> HttpResponse:
    """The practical examinations there are, and where one stands."""
    latest: dict[int, viewing.AttemptView] = {}
    for row in queries.attempts_of(request.user):
        latest.setdefault(row.practical_id, viewing.for_candidate(row))
    rows = [{"practical": row, "view": latest.get(row.pk)} for row in queries.practicals_for(request.user)]
    return render(request, "lms/practicals/examination/practicals.html", {"rows": rows})


@login_required
@never_cache
@require_GET
def practical(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be shown, the code for the examiner, and what was recorded."""
    return _page(request, get_object_or_404(queries.practicals_for(request.user), code=code))


def _page(request: HttpRequest, row: Practical, form: SignatureForm | None = None) -> HttpResponse:
    """The page; `form` is a signature that was not taken. The latest attempt is the one to sign."""
    person: Any = request.user
    views = [viewing.for_candidate(attempt) for attempt in queries.attempts_of(person).filter(practical=row)]
    running = next((view for view in views if not view.is_over), None)
    version = running.attempt.version if running else row.current_version
    assert version is not None  # noqa: S101 - practicals_for leaves out those without one
    address = candidate_address(request)
    context = {
        "practical": row,
        "content": version.content,
        "views": views,
        "to_sign": next((view for view in views if view.is_over and not view.signature), None),
        "form": form or SignatureForm(initial={"name": person.legal_name or person.display_name}),
        "is_done": any(view.state is AttemptState.PASSED for view in views),
        "address": address,
        "qr": code_of(address),
    }
    return render(request, "lms/practicals/examination/practical.html", context)


@login_required
@require_POST
def sign(request: HttpRequest, code: str, attempt_id: UUID) -> HttpResponse:
    """Read and sign, agreeing or not."""
    attempt = get_object_or_404(queries.attempts_of(request.user), practical__code=code, uuid=attempt_id)
    form = SignatureForm(request.POST)
    if form.is_valid():
        try:
            commands.sign_attempt(attempt=attempt, **form.cleaned_data, by=request.user, at=arrival(request))
        except InvalidSignOff as error:
            show_errors(form, error)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("practicals:practical", code)
        else:
            messages.success(request, _("Signed. Thank you."))
            return redirect("practicals:practical", code)
    return _page(request, attempt.practical, form)
