"""Pages of the CMS for the bank that the CMS does not bring along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from lms.core.clock import arrival

from .commands import note_access
from .enums import BankAction
from .models import Picture
from .pictures import content_type_of
from .queries import purposes_for


@require_GET
def picture(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A picture of a bank, for those who may open the bank; there is none for anybody else. Looks are logged."""
    user: Any = request.user
    row = Picture.objects.filter(uuid=uuid, bank__purpose__in=purposes_for(user)).select_related("bank").first()
    if row is None:
        raise Http404
    note_access(bank=row.bank, action=BankAction.VIEWED, by=user, at=arrival(request))
    return picture_response(row, "private, no-store")


def picture_response(row: Picture, caching: str) -> FileResponse:
    """The file as what it is, to be shown inside a page."""
    file = row.file.open("rb")
    response = FileResponse(file, content_type=content_type_of(file))
    response["Cache-Control"] = caching
    response["Content-Disposition"] = "inline"
    return response


urlpatterns = [path("question-pictures/<uuid:uuid>/", picture, name="question_picture")]
