"""The page from which an audit pack is taken."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival

from .audit_pack import stream
from .audit_pack_forms import AuditPackForm

logger = logging.getLogger(__name__)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def audit_pack(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Choose, and download."""
    user: Any = request.user
    form = AuditPackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.selection()
        logger.warning("Audit pack %s taken by %s", chosen.name, user.pk)
        response = StreamingHttpResponse(
            stream(chosen, by=user.get_full_name(), at=arrival(request)), content_type="application/zip"
        )
        response["Content-Disposition"] = f'attachment; filename="{chosen.name}.zip"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
    return render(request, "lms/certification/registrar/audit_pack.html", {"form": form})
