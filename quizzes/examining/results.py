"""Releasing held results: first whether the keys hold, then which candidates wait, then the release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from quizzes.assembly.models import Assessment
from quizzes.attempts.models import Attempt, Response
from quizzes.grading.held import release_results, waiting_results
from quizzes.grading.models import Regrade, Result
from quizzes.statistics.models import AnalysisSnapshot

from .access import STAFF, assessment_or_404, attempts_for

PER_PAGE = 50


@dataclass(frozen=True)
class Readiness:
    """What should be settled before results go out."""

    snapshot: AnalysisSnapshot | None
    graded_since: int
    open_regrades: int
    late_answers: int
    unmarked: int

    @property
    def is_settled(self) -> bool:
        """True when the analysis covers every graded attempt and nothing else is open."""
        return (
            self.snapshot is not None
            and not self.graded_since
            and not self.open_regrades
            and not self.late_answers
            and not self.unmarked
        )


def readiness_of(assessment: Assessment, attempts: QuerySet[Attempt]) -> Readiness:
    """The state of things (five statements)."""
    counted = attempts.filter(assessment=assessment, submitted_at__isnull=False, voided_at=None)
    snapshot = AnalysisSnapshot.objects.filter(assessment=assessment).order_by("-at").first()
    results = Result.objects.filter(attempt__in=counted.values("pk"))
    since = results.filter(at__gt=snapshot.at) if snapshot else results
    undecided = Response.objects.filter(item__attempt=OuterRef("pk"), counted=False, late_decision=None)
    return Readiness(
        snapshot=snapshot,
        graded_since=since.values("attempt").distinct().count(),
        open_regrades=Regrade.objects.filter(assessment=assessment, approved_at=None, declined_at=None).count(),
        late_answers=counted.filter(Exists(undecided)).count(),
        unmarked=counted.filter(~Exists(Result.objects.filter(attempt=OuterRef("pk")))).count(),
    )


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Who waits for a held result; POST releases one (`attempt`) or all of them."""
    assessment = assessment_or_404(request.user, slug)
    mine: Any = attempts_for(request.user)
    if request.method == "POST":
        return _release(request, assessment, mine)
    waiting = waiting_results(assessment).filter(attempt__in=mine.values("pk"))
    others = waiting.exclude(attempt__candidate=request.user.pk)
    rows = waiting.select_related("attempt__candidate").order_by("attempt__submitted_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "assessment": assessment,
        "readiness": readiness_of(assessment, mine),
        "page_obj": page,
        "release_count": others.count(),
        "passed_count": others.filter(passed=True).count(),
    }
    return render(request, "quizzes/examining/results.html", context)


def _release(request: HttpRequest, assessment: Assessment, mine: QuerySet[Attempt]) -> HttpResponse:
    waiting = mine.filter(pk__in=waiting_results(assessment).values("attempt"))
    if wanted := request.POST.get("attempt", ""):
        waiting = waiting.filter(uuid__in=[row.uuid for row in waiting if str(row.uuid) == wanted])
    count = release_results(assessment=assessment, attempts=list(waiting), by=request.user, at=arrival(request))
    if count:
        said = ngettext("%(n)d candidate sees the result now.", "%(n)d candidates see their results now.", count)
        messages.success(request, said % {"n": count})
    else:
        messages.info(request, _("Nothing was released: the results are out already, or they are your own."))
    return redirect("examining:results", assessment.code)
