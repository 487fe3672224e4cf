"""What one may examine: the list, and one assessment with its rules, its supply of items and its forms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lms.accounts.api import role_required
from lms.knowledge.api import domain_titles
from quizzes.assembly.enums import HIGH_STAKES, AssessmentKind, FormPolicy
from quizzes.assembly.models import Assessment, AssessmentVersion, Form, FormItem
from quizzes.assembly.policy import Hurdle, Policy
from quizzes.assembly.supply import disjoint_forms, supply_of
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import Attempt
from quizzes.delivery.presenters import item_count_of
from quizzes.grading.models import Result
from quizzes.statistics.decision import Chance, hurdle_misclassification, whole_items

from .access import STAFF, assessment_or_404, assessments_for, attempts_for
from .timetable import latest_start


@dataclass(frozen=True)
class Line:
    """An assessment in the list."""

    assessment: Assessment
    policy: Policy
    attempts: int
    waiting: int
    forms: int
    reviewed: int

    @property
    def lacks_review(self) -> bool:
        """True while no candidate can start for want of a reviewed form."""
        return self.policy.kind in HIGH_STAKES and self.policy.form_policy == FormPolicy.FIXED and not self.reviewed


@dataclass(frozen=True)
class HurdleView:
    """A domain that must be passed on its own, and how often so few items decide wrongly."""

    title: str
    percent: Any
    items: int
    need: int
    chances: tuple[Chance, ...]


def lines_for(user: Any, kind: str = "") -> list[Line]:
    """Assessments with their counts (three statements beside those for the roles)."""
    rows = assessments_for(user).filter(is_retired=False).select_related("current_version").order_by("title", "code")
    if kind:
        rows = rows.filter(kind=kind)
    released = Result.objects.filter(attempt=OuterRef("pk"), released_at__isnull=False)
    attempts = {
        row["assessment"]: row
        for row in attempts_for(user)
        .filter(voided_at=None)
        .annotate(is_released=Exists(released))
        .values("assessment")
        .annotate(
            count=Count("pk", distinct=True),
            waiting=Count("pk", distinct=True, filter=Q(submitted_at__isnull=False, is_released=False)),
        )
        .order_by()
    }
    assessments = list(rows)
    forms = {
        row["version"]: row
        for row in Form.objects.filter(version__in=[row.current_version_id for row in assessments])
        .values("version")
        .annotate(count=Count("pk"), reviewed=Count("reviewed_at"))
        .order_by()
    }
    none: dict[str, int] = {}
    lines = [
        Line(
            assessment=row,
            policy=Policy(**row.current_version.policy),
            attempts=attempts.get(row.pk, none).get("count", 0),
            waiting=attempts.get(row.pk, none).get("waiting", 0),
            forms=forms.get(row.current_version_id, none).get("count", 0),
            reviewed=forms.get(row.current_version_id, none).get("reviewed", 0),
        )
        for row in assessments
        if row.current_version
    ]
    order = {value: place for place, value in enumerate(reversed(AssessmentKind.values))}
    return sorted(lines, key=lambda line: order[line.assessment.kind])


@role_required(*STAFF)
@never_cache
@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """What one may examine: exams first."""
    kind = request.GET.get("kind", "")
    shown = set(assessments_for(request.user).order_by().values_list("kind", flat=True).distinct())
    context = {
        "lines": lines_for(request.user, kind if kind in AssessmentKind.values else ""),
        "kind": kind,
        "kinds": [(choice.value, choice.label) for choice in AssessmentKind if choice.value in shown],
    }
    return render(request, "quizzes/examining/assessments.html", context)


def domain_counts(version: AssessmentVersion) -> Counter[str]:
    """How many counting items of each domain an attempt has: by the first form, else by the cells of the blueprint."""
    form = version.forms.order_by("label").first()
    if form is not None:
        codes = FormItem.objects.filter(form=form, counts=True).values_list("version__domain_code", flat=True)
        return Counter(codes)
    found: Counter[str] = Counter()
    for section in version.blueprint:
        for cell in section.get("cells", ()):
            if cell["domain"] and not cell["pilot"]:
                found[cell["domain"]] += cell["count"]
    return found


def hurdle_views(version: AssessmentVersion, hurdles: Sequence[Hurdle]) -> list[HurdleView]:
    """The hurdles in items, with the chance of a wrong decision for candidates near the cut."""
    counts = domain_counts(version) if hurdles else Counter()
    titles = domain_titles() if hurdles else {}
    views = []
    for hurdle in hurdles:
        items = counts[hurdle.domain]
        need = whole_items(float(hurdle.percent) / 100, items)
        chances = hurdle_misclassification(items, need) if items else ()
        views.append(HurdleView(titles.get(hurdle.domain, hurdle.domain), hurdle.percent, items, need, chances))
    return views


def links_of(assessment: Assessment) -> list[dict[str, str]]:
    """Where else to look at an assessment."""
    wanted = [
        (_("Attempts"), "examining:report"),
        (_("Analysis"), "examining:analysis"),
        (_("Release results"), "examining:results"),
        (_("Standard setting"), "examining:standard"),
    ]
    links = []
    for label, name in wanted:
        try:
            links.append({"label": label, "url": reverse(name, args=[assessment.code])})
        except NoReverseMatch:
            continue
    return links


@role_required(*STAFF)
@never_cache
@require_GET
def assessment(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them: the rules in words, the cut and what it rests on, supply, forms."""
    row = assessment_or_404(request.user, slug)
    version = row.current_version
    assert version is not None  # noqa: S101 - `assessments_for` leaves out what has none
    policy = Policy(**version.policy)
    attempts = attempts_for(request.user).filter(assessment=row, voided_at=None)
    released = Result.objects.filter(attempt=OuterRef("pk"), released_at__isnull=False)
    supply = supply_of(version.blueprint)
    proven = disjoint_forms(version.blueprint, row.code) if supply and policy.kind in HIGH_STAKES else None
    open_previews = Attempt.objects.open().filter(assessment=row, candidate=request.user.pk, kind=AttemptKind.PREVIEW)
    forms = version.forms.select_related("reviewed_by").annotate(item_count=Count("items"))
    latest = latest_start(policy)
    context = {
        "assessment": row,
        "version": version,
        "policy": policy,
        "item_count": item_count_of(version.blueprint),
        "attempt_count": attempts.count(),
        "waiting_count": attempts.filter(submitted_at__isnull=False).filter(~Exists(released)).count(),
        "hurdles": hurdle_views(version, policy.hurdles),
        "latest": latest,
        "latest_minutes": math.floor(latest.seconds / 60) if latest else None,
        "supply": supply,
        "proven_forms": proven,
        "forms": list(forms.order_by("label")),
        "asks_review": policy.kind in HIGH_STAKES and policy.form_policy == FormPolicy.FIXED,
        "preview": open_previews.first(),
        "links": links_of(row),
        "is_exam": policy.kind in HIGH_STAKES,
    }
    return render(request, "quizzes/examining/assessment.html", context)
