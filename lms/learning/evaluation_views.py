"""Pages of evaluations: saying what one thinks of a course, and what was said of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.api import outline
from lms.accounts.api import Role, role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError, InvalidInput
from lms.core.forms import show_errors
from lms.core.spreadsheet import as_csv

from . import evaluation_commands as commands
from . import evaluation_queries as queries
from .attendance_queries import OVERSEERS
from .evaluation_forms import EvaluationForm
from .evaluation_results import FEWEST, Chosen, count_of, is_shown
from .evaluation_statements import statement_texts
from .models import Cohort, CourseCompletion, EvaluationGiven

TEXTS_ON_A_PAGE = 40
staff_only = role_required(Role.INSTRUCTOR, Role.REGISTRAR)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def evaluate(request: HttpRequest, slug: str) -> HttpResponse:
    """Say once what one thinks of a course; who has done so sees when that was."""
    course = outline().course_by_slug(slug)
    if course is None:
        raise Http404
    person: Any = request.user
    given = EvaluationGiven.objects.filter(user=person, course_code=course.code).first()
    form = EvaluationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.evaluate_course(course_code=course.code, **form.facts(), by=person, at=arrival(request))
        except InvalidInput as error:
            show_errors(form, error)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(course.url)
        else:
            messages.success(request, _("Thank you. What you said is kept without your name."))
            return redirect(course.url)
    if given is None and not CourseCompletion.objects.filter(user=person, course_code=course.code).exists():
        messages.info(request, _("You can evaluate this course once you have completed it."))
        return redirect(course.url)
    context = {"course": course, "given": given, "form": form, "fewest": FEWEST}
    return render(request, "lms/learning/evaluate.html", context)


# What was said -------------------------------------------------------------------------------------------------------


class _Asked:
    """What a page of results is asked for: a year and a cohort out of those that there are."""

    def __init__(self, request: HttpRequest) -> None:
        self.person = request.user
        self.since = queries.asked_since()
        self.rows = queries.evaluations_for(request.user)
        self.cells = queries.cells_of(self.rows)
        year, code = request.GET.get("year", ""), request.GET.get("cohort", "")
        answered = {cohort for _code, _year, cohort in self.cells}
        rows = queries.cohorts_to_compare(request.user)
        self.cohorts = [row for row in rows if row.pk in answered or row.code == code]
        self.years = sorted({year for _code, year, _cohort in self.cells}, reverse=True)
        self.year = next((value for value in self.years if str(value) == year), None)
        self.cohort: Cohort | None = next((row for row in self.cohorts if row.code == code), None)

    @property
    def query(self) -> str:
        """The same again, for a link."""
        asked = {"year": self.year, "cohort": self.cohort.code if self.cohort else None}
        return urlencode({name: value for name, value in asked.items() if value})

    def of(self, course_code: str) -> Chosen:
        """The responses to a course that are asked for."""
        return Chosen(course_code, self.year, self.cohort.pk if self.cohort else None)

    def rates(self) -> dict[str, queries.Rate]:
        """How many of those who could have answered, by course."""
        if self.since is None:
            return {}
        cohort = self.cohort.pk if self.cohort else None
        return queries.rates(queries.completions_for(self.person), self.since, year=self.year, cohort=cohort)


@staff_only
@never_cache
@require_GET
def evaluations(request: HttpRequest) -> HttpResponse:
    """Each course with its responses and how many answered."""
    asked = _Asked(request)
    rates = asked.rates()
    titles = {course.code: course.title for course in outline().courses}
    codes = {code for code, _year, _cohort in asked.cells} | rates.keys()
    courses = [
        {
            "code": code,
            "title": titles.get(code, ""),
            "count": count_of(asked.cells, asked.of(code)),
            "is_shown": is_shown(asked.cells, asked.of(code)),
            "rate": rates.get(code, queries.Rate()),
        }
        for code in sorted(codes, key=lambda code: ([*titles, code].index(code), code))
    ]
    context = {"asked": asked, "courses": courses, "fewest": FEWEST}
    return render(request, "lms/learning/evaluations.html", context)


@staff_only
@never_cache
@require_GET
def course_evaluations(request: HttpRequest, code: str) -> HttpResponse:
    """What was said of one course: every statement with its answers, and the texts."""
    asked = _Asked(request)
    course = outline().course(code)
    rate = asked.rates().get(code, queries.Rate())
    if not rate.completed and not any(code == cell[0] for cell in asked.cells):
        raise Http404
    results = queries.results_of(asked.rows, asked.cells, asked.of(code))
    texts = statement_texts()
    context = {
        "asked": asked,
        "code": code,
        "title": course.title if course else code,
        "results": results,
        "rate": rate,
        "lines": [{"tally": row, "text": texts[row.code]} for row in results.tallies],
        "page_obj": Paginator(results.texts, TEXTS_ON_A_PAGE).get_page(request.GET.get("page")),
        "query": f"{asked.query}&" if asked.query else "",
        "fewest": FEWEST,
        "may_remove": request.user.has_role(*OVERSEERS),  # type: ignore[union-attr]
    }
    return render(request, "lms/learning/course_evaluations.html", context)


@staff_only
@never_cache
@require_GET
def evaluations_csv(request: HttpRequest) -> HttpResponse:
    """The results as a file, of all courses that one sees or of one."""
    asked = _Asked(request)
    codes = sorted({cell[0] for cell in asked.cells if request.GET.get("course", "") in {"", cell[0]}})
    lines = (
        row
        for code in codes
        for row in queries.result_rows(queries.results_of(asked.rows, asked.cells, asked.of(code)), asked.cohort)
    )
    response = HttpResponse("".join(as_csv(queries.COLUMNS, lines)), content_type="text/csv; charset=utf-8")
    parts: list[Any] = ["evaluations", request.GET.get("course", ""), asked.year, asked.cohort and asked.cohort.code]
    name = slugify("-".join(str(part) for part in parts if part))[:100]
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@role_required(Role.REGISTRAR)
@require_POST
def evaluation_text_remove(request: HttpRequest, evaluation_id: UUID, text: str) -> HttpResponse:
    """Take out a text that names somebody, from results that are shown."""
    rows = queries.evaluations_for(request.user)
    row = get_object_or_404(rows, pk=evaluation_id)
    if not is_shown(queries.cells_of(rows), Chosen(row.course_code)):
        raise Http404
    try:
        commands.remove_text(evaluation=row, text=text, by=request.user, at=arrival(request))
        messages.success(request, _("The text is taken out for good."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("learning:course_evaluations", row.course_code)
