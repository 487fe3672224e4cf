"""Documents that a stranger's software reads: who issues, what an achievement is, and what holds no longer."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lms.core.clock import arrival

from . import credentials
from .badges import baking, picture
from .badges.documents import CREDENTIALS, OPEN_BADGES
from .enums import StatusForm
from .models import PathVersion
from .views import own_certificate

MEDIA_TYPE = "application/vc"


def public_document(document: dict[str, Any], media_type: str = "application/ld+json") -> JsonResponse:
    """JSON that any page may fetch and keep for a while."""
    response = JsonResponse(document, content_type=media_type)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_GET
def issuer(request: HttpRequest) -> JsonResponse:
    """The school as an issuer, with its public keys."""
    return public_document(credentials.controller_document(arrival(request)))


@require_GET
def achievement(request: HttpRequest, code: str, number: int) -> JsonResponse:
    """What certificates of a path, in one version of it, stand for."""
    version = get_object_or_404(PathVersion.objects.select_related("path"), path__code=code, number=number)
    row = credentials.achievement_of(version)
    return public_document(
        {
            "@context": [CREDENTIALS, OPEN_BADGES],
            "id": row.id,
            "type": ["Achievement"],
            "achievementType": row.kind,
            "name": row.name,
            "description": row.description,
            "criteria": {"narrative": row.criteria},
        }
    )


@require_GET
def status(request: HttpRequest, purpose: str, number: int) -> JsonResponse:
    """A signed status list."""
    if purpose not in {"revocation", "suspension"} or not credentials.list_exists(number):
        raise Http404
    return public_document(
        credentials.status_list_of(purpose, number, arrival(request)),  # type: ignore[arg-type]
        MEDIA_TYPE,
    )


# For the holder -----------------------------------------------------------------------------------------------------


def _download(content: bytes | str, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def asked_form(status: str | None) -> StatusForm:
    """The form of a credential that a query asks for."""
    return StatusForm.FULL if status == StatusForm.FULL else StatusForm.BADGE


@login_required
@never_cache
@require_GET
def credential(request: HttpRequest, number: str) -> HttpResponse:
    """One's own credential as signed; `?status=full` names the list of suspensions too."""
    row = own_certificate(request, number)
    form = asked_form(request.GET.get("status"))
    return _download(_written(credentials.credential_of(row, arrival(request), form)), MEDIA_TYPE, f"{row.number}.json")


@login_required
@never_cache
@require_GET
def badge(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """One's own badge with the credential inside, as PNG or SVG."""
    row = own_certificate(request, number)
    said = {"number": row.number, "title": row.title, "school": row.facts["school"]}
    drawn = picture.share_picture if form == "png" else picture.badge_svg
    plain = drawn(**said, is_demonstration=row.is_demonstration)
    baked = baking.bake(plain, _written(credentials.credential_of(row, arrival(request))))
    return _download(baked, "image/png" if form == "png" else "image/svg+xml", f"{row.number}.{form}")
