"""Pages of the registrar for awarding many applications together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import InvalidInput
from lms.core.forms import show_errors
from lms.learning.api import Cohort

from . import batches as commands
from . import queries
from .forms import BatchForm
from .models import AwardBatch, Path
from .tasks import award_batch

PER_PAGE = 50
#: So many can be ticked on one page.
MOST_TICKED = 1000
#: A batch that has not moved for so long was interrupted.
STILL = timedelta(minutes=2)


@role_required("registrar")
@never_cache
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch with how far it is."""
    page = Paginator(queries.batches_with_progress(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "lms/certification/registrar/batches.html", {"page_obj": page})


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    """Tick applications of a path or a cohort, and award them together."""
    path = Path.objects.filter(code=request.GET.get("path", "")).first()
    cohort = Cohort.objects.filter(code=request.GET.get("cohort", "")).first()
    form = BatchForm(request.POST or None)
    ticked = set(request.POST.getlist("application"))
    if request.method == "POST" and form.is_valid():
        try:
            batch = commands.open_batch(
                applications=_ids(ticked), title=form.cleaned_data["title"], by=request.user, at=arrival(request)
            )
        except InvalidInput as error:
            show_errors(form, error)
        else:
            award_batch.enqueue(str(batch.uuid), str(request.user.uuid))  # type: ignore[union-attr]
            return redirect("registrar:batch", batch.uuid)
    waiting = queries.applications_to_award(request.user, path, cohort)
    is_narrowed = bool(path or cohort) and request.method == "GET"
    context: dict[str, Any] = {
        "form": form,
        "lines": [
            {"application": row, "is_ticked": is_narrowed or str(row.uuid) in ticked} for row in waiting[:MOST_TICKED]
        ],
        "count": waiting.count(),
        "paths": Path.objects.filter(admissions__in=queries.open_applications().values("admission")).distinct(),
        "cohorts": Cohort.objects.order_by("-starts_on", "code")[:200],
        "path": path,
        "cohort": cohort,
    }
    return render(request, "lms/certification/registrar/batch_new.html", context)


def _ids(ticked: set[str]) -> list[UUID]:
    found = []
    for text in ticked:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@role_required("registrar")
@never_cache
@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """How far a batch is: certificates, and problems in words."""
    row = get_object_or_404(queries.batches_with_progress().annotate(moved_at=Max("items__done_at")), uuid=batch_id)
    items = row.items.select_related("application", "certificate").order_by(
        F("problem").asc(nulls_last=True), F("done_at").desc(nulls_last=True), "pk"
    )
    context = {
        "batch": row,
        "total": row.total,
        "done": row.done,
        "awarded": row.awarded,
        "problems": row.done - row.awarded,
        "left": row.total - row.done,
        "is_moving": row.finished_at is None and arrival(request) - (row.moved_at or row.opened_at) < STILL,
        "page_obj": Paginator(items, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "lms/certification/registrar/batch.html", context)


@role_required("registrar")
@require_POST
def batch_go_on(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Go on with what is left; nothing that is done is done again."""
    row = get_object_or_404(AwardBatch, uuid=batch_id)
    if row.finished_at is None:
        award_batch.enqueue(str(row.uuid), str(request.user.uuid))  # type: ignore[union-attr]
        messages.success(request, _("What is left is being decided."))
    return redirect("registrar:batch", row.uuid)
