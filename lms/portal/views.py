"""The front doors of each role. They show everything and nothing depends on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.api import next_step
from courses.api import outline as read_outline
from lms.accounts.api import role_required
from lms.certification.api import (
    has_changes,
    held_certificates,
    ledger_for,
    published_paths,
    renewal_dues,
    standing_of_certificate,
    waiting_cases,
)
from lms.core.clock import arrival, school_day
from lms.core.exceptions import NotAllowed
from lms.knowledge.api import domain_titles
from lms.learning.api import cohorts_for, standing_of
from quizzes.api import (
    Attempt,
    Result,
    banks_for,
    desk_for,
    practice_summary,
    purposes_for,
    questions_for,
    release_result,
    watches_over,
)

from .coverage import ENOUGH, by_claims, by_domain
from .covered import read_coverage
from .dashboard import choose_next, in_order, milestones


@login_required
@never_cache
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """What is next, how far one has come, and the way to the certificate."""
    user: Any = request.user
    at = arrival(request)
    today = school_day(at)
    outline = read_outline()
    state = standing_of(user, outline)
    admissions = {row.path_id: row for row in user.admissions.filter(ended_at=None).select_related("path_version")}
    offered = list(published_paths())
    # Whoever follows nothing yet sees where the first course leads.
    shown = [path for path in offered if path.pk in admissions] or [p for p in offered if p.admits_on_enrolment][:1]
    paths: list[Any] = []
    for path in shown:
        admission = admissions.get(path.pk)
        version = admission.path_version if admission else path.current_version
        paths.append({"path": path, "admission": admission, "ledger": ledger_for(user, version, admission)})
    courses = [
        {
            "code": course.code,
            "title": course.title,
            "url": course.url,
            "state": state.state(course.code),
            "percent": state.progress_percent(course),
            "minutes": course.minutes,
            "credited_minutes": state.credited_minutes.get(course.code, 0),
            "next_step": next_step(course, state) if course.code in state.enrolled else None,
            "is_enrolled": course.code in state.enrolled,
            "evaluate_url": state.evaluate_urls.get(course.code),
        }
        for course in outline.courses
    ]
    open_attempts = list(
        Attempt.objects.open()
        .filter(candidate=user, kind="candidate")
        .select_related("assessment")
        .order_by("-started_at")
    )
    certificates = [
        {"certificate": row, "standing": standing_of_certificate(row, today)} for row in held_certificates(user)
    ]
    paths = in_order(paths, certificates)
    dues = renewal_dues(user, today) if certificates else []
    here = [row for row in certificates if paths and row["certificate"].path_version.path_id == paths[0]["path"].pk]
    context = {
        "next": choose_next(open_attempts, courses, paths, certificates, dues),
        "courses": courses,
        "paths": paths,
        "milestones": milestones(paths[0]["ledger"], here) if paths else [],
        "open_attempts": open_attempts,
        "certificates": certificates,
        "renewal_dues": dues,
        "has_changes": has_changes(user),
        "practice": practice_summary(user, at),
    }
    return render(request, "lms/portal/dashboard.html", context)


@role_required("instructor")
@never_cache
@require_GET
def teach(request: HttpRequest) -> HttpResponse:
    """The instructor's side: cohorts, banks to write for, lessons to author."""
    user: Any = request.user
    outline = read_outline()
    context = {
        "cohorts": cohorts_for(user)[:20],
        "banks": banks_for(user).annotate(question_count=Count("questions")),
        "drafts": questions_for(user).filter(Q(live=False) | Q(has_unpublished_changes=True)).order_by("code")[:20],
        "courses": outline.courses,
        "lesson_count": sum(len(course.lessons) for course in outline.courses),
        "sittings": watches_over(user, arrival(request)),
        "case_count": waiting_cases(user),
    }
    return render(request, "lms/portal/teach.html", context)


@role_required("instructor", "examiner")
@never_cache
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Objectives with the lessons and questions that cover them; exam banks only for those who may open them."""
    purposes = purposes_for(request.user)
    found = read_coverage(purposes)
    domain = request.GET.get("domain", "")
    only_gaps = request.GET.get("show") == "gaps"
    rows = found.gaps if only_gaps else found.rows
    parts = [
        {
            "code": code,
            "rows": [{"row": row, "banks": [(bank, row.banks.get(bank, 0)) for bank in found.banks]} for row in group],
        }
        for code, group in by_domain(rows)
        if domain in {"", code}
    ]
    titles = domain_titles()
    for part in parts:
        part["title"] = titles.get(str(part["code"]), "")
    context = {
        "found": found,
        "parts": parts,
        "banks": found.banks,
        "domain": domain,
        "domains": [{"code": code, "title": titles.get(code, "")} for code, _rows in by_domain(found.rows)],
        "only_gaps": only_gaps,
        "without_lesson": sum(row.lacks_lesson for row in found.rows),
        "asked_too_little": sum(row.lacks_questions for row in found.rows),
        "teaching_count": sum(row.teaching_total for row in found.rows),
        "enough": ENOUGH,
        "weak": by_claims(found.weak),
    }
    return render(request, "lms/portal/coverage.html", context)


@role_required("examiner")
@never_cache
@require_GET
def examine(request: HttpRequest) -> HttpResponse:
    """The examiner's desk: what waits, then the ways to everything else."""
    user: Any = request.user
    banks: Any = banks_for(user).annotate(question_count=Count("questions"))
    context = {"desk": desk_for(user, arrival(request)), "banks": banks, "case_count": waiting_cases(user)}
    return render(request, "lms/portal/examine.html", context)


@role_required("examiner")
@require_POST
def release(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Show a held result to its candidate. Nobody releases their own."""
    attempt = get_object_or_404(Attempt.objects.select_related("assessment", "candidate"), uuid=attempt_id)
    result = Result.objects.filter(attempt=attempt).order_by("-id").first()
    if result is None:
        messages.error(request, _("This attempt still waits for marking."))
        return redirect("portal:examine")
    try:
        is_new = release_result(result=result, by=request.user, at=arrival(request))
    except NotAllowed as error:
        raise PermissionDenied from error
    if is_new:
        name = attempt.candidate.get_full_name()
        messages.success(request, _("%(name)s sees the result now.") % {"name": name})
    return redirect("portal:examine")
