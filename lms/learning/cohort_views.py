"""Pages of registrars and administrators on cohorts, and the page of a member that instructors read too."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.api import outline
from lms.accounts.api import Role, User, role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError, InvalidInput
from lms.core.forms import show_errors

from . import cohort_commands as commands
from . import cohort_queries as queries
from .attendance_queries import cohorts_for, minutes_by_kind
from .cohort_forms import CHECK, CONFIRM, EDIT, FIND, CohortForm, MembersForm, RemovalForm, with_picked
from .cohort_plan import Plan
from .exceptions import MembersChanged
from .models import Attendance, Cohort, SessionKind
from .queries import standing_of

keepers_only = role_required(Role.REGISTRAR)


def _cohort(request: HttpRequest, cohort_id: UUID) -> Cohort:
    return get_object_or_404(cohorts_for(request.user).prefetch_related("instructors"), uuid=cohort_id)


def _facts(form: CohortForm) -> dict[str, Any]:
    return dict(form.cleaned_data)


@keepers_only
@never_cache
@require_http_methods(["GET", "POST"])
def cohort_new(request: HttpRequest) -> HttpResponse:
    """Make a cohort."""
    form = CohortForm.as_typed(request.POST)
    if request.method == "POST" and request.POST.get("action") != FIND:
        form = CohortForm(request.POST)
        if form.is_valid():
            try:
                row = commands.open_cohort(**_facts(form), by=request.user, at=arrival(request))
            except InvalidInput as error:
                show_errors(form, error)
            else:
                messages.success(request, _("Made: %(title)s. Say who is in it.") % {"title": row.title})
                return redirect("learning:members_add", row.uuid)
    return render(request, "lms/learning/cohort_new.html", {"form": form, "words": request.POST.get("find", "")})


@keepers_only
@never_cache
@require_http_methods(["GET", "POST"])
def cohort_edit(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Change a cohort, and see how it came to be what it is."""
    row = _cohort(request, cohort_id)
    initial: dict[str, Any] = {name: getattr(row, name) for name in commands.FIELDS}
    initial["instructors"] = [person.uuid for person in row.instructors.all()]
    form = CohortForm(initial=initial, cohort=row)
    if request.method == "POST" and request.POST.get("action") == FIND:
        form = CohortForm.as_typed(request.POST, row)
    elif request.method == "POST":
        form = CohortForm(request.POST, cohort=row)
        if form.is_valid():
            try:
                commands.change_cohort(cohort=row, facts=_facts(form), by=request.user, at=arrival(request))
            except InvalidInput as error:
                show_errors(form, error)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("The cohort is changed."))
                return redirect("learning:cohort", row.uuid)
    context = {
        "cohort": row,
        "form": form,
        "words": request.POST.get("find", ""),
        "changes": [(change, _in_words(change.before)) for change in queries.changes_of(row)],
        "may_go": not any(queries.counts_of(row).values()),
    }
    return render(request, "lms/learning/cohort_edit.html", context)


def _in_words(before: dict[str, Any]) -> list[tuple[str, str]]:
    """What fields were before, with their labels."""
    found = []
    for name, value in before.items():
        words = ", ".join(value) if isinstance(value, list) else str(value or "")
        if value and name in {"starts_on", "ends_on"}:
            words = date_format(date.fromisoformat(value), "j M Y")
        found.append((str(CohortForm.base_fields[name].label), words or _("nothing")))
    return found


@keepers_only
@require_POST
def cohort_remove(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Remove a cohort that nobody was ever in."""
    row = _cohort(request, cohort_id)
    try:
        commands.remove_cohort(cohort=row, by=request.user, at=arrival(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("learning:cohort_edit", row.uuid)
    messages.success(request, _("Removed: %(title)s") % {"title": row.title})
    return redirect("learning:cohorts")


# Members -------------------------------------------------------------------------------------------------------------


@keepers_only
@never_cache
@require_http_methods(["GET", "POST"])
def members_add(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Name people, see line by line what would become of them, and confirm it."""
    row = _cohort(request, cohort_id)
    action = request.POST.get("action", "")
    if request.method == "GET" or action in {FIND, EDIT}:
        form = MembersForm.as_typed(request.POST) if action else MembersForm(initial=_initial(request, row))
        return _members_form(request, row, form)
    form = MembersForm(with_picked(request.POST))
    if not form.is_valid():
        return _members_form(request, row, form)
    at = arrival(request)
    asked: dict[str, Any] = {"addresses": form.cleaned_data["people"], "courses": form.cleaned_data["courses"]}
    try:
        if action == CONFIRM:
            plan = commands.add_members(cohort=row, **asked, seen=form.cleaned_data["seen"], by=request.user, at=at)
            _say_who_came(request, row, plan)
            return redirect("learning:cohort", row.uuid)
        plan = commands.check_members(cohort=row, **asked, at=at)
    except MembersChanged as error:
        messages.warning(request, error.message)
        plan = commands.check_members(cohort=row, **asked, at=at)
    except InvalidInput as error:
        show_errors(form, error)
        return _members_form(request, row, form)
    except DomainError as error:
        form.add_error(None, error.message)
        return _members_form(request, row, form)
    chosen = [course for course in outline().courses if course.code in asked["courses"]]
    context = {"cohort": row, "plan": plan, "courses": chosen, "people": "\n".join(asked["addresses"])}
    return render(request, "lms/learning/members_check.html", {**context, "CONFIRM": CONFIRM, "EDIT": EDIT})


def _initial(request: HttpRequest, cohort: Cohort) -> dict[str, Any]:
    courses = queries.courses_of(cohort) or [course.code for course in outline().courses[:1]]
    if request.GET.get("who") != "members":
        return {"courses": courses}
    people = "\n".join(person.email for person in queries.members_of(cohort))
    return {"people": people, "courses": []}


def _members_form(request: HttpRequest, cohort: Cohort, form: MembersForm) -> HttpResponse:
    context = {"cohort": cohort, "form": form, "most": queries.MOST_FOUND, "FIND": FIND, "CHECK": CHECK}
    return render(request, "lms/learning/members_add.html", context)


def _say_who_came(request: HttpRequest, cohort: Cohort, plan: Plan) -> None:
    count = len(plan.adding)
    if not count:
        messages.info(request, _("Nothing has changed: nobody was to be added."))
        return
    said = ngettext("%(n)d person added to %(cohort)s.", "%(n)d people added to %(cohort)s.", count)
    messages.success(request, said % {"n": count, "cohort": cohort.title})


@role_required(Role.INSTRUCTOR, Role.REGISTRAR)
@never_cache
@require_GET
def member(request: HttpRequest, cohort_id: UUID, person_id: UUID) -> HttpResponse:
    """How far one member is in the courses of the cohort. Who has left is shown to registrars alone."""
    row, person, rows = _member(request, cohort_id, person_id)
    running = {enrolment.course_code: enrolment for enrolment in rows if enrolment.ended_at is None}
    keeps = queries.keeps_cohorts(request.user)
    if not running and not keeps:
        raise Http404
    known = outline()
    standing = standing_of(person, known)
    minutes = minutes_by_kind(Attendance.objects.filter(user=person, session__cohort=row)).get(person.pk, {})
    context = {
        "cohort": row,
        "person": person,
        "courses": [
            {
                "course": course,
                "state": standing.state(course.code),
                "percent": standing.progress_percent(course),
                "done": sum(standing.is_complete(lesson.code) for lesson in course.lessons),
                "modules": [{"module": module, "state": standing.state(module.code)} for module in course.modules],
            }
            for course in known.courses
            if course.code in running
        ],
        "kinds": [{"label": label, "minutes": minutes.get(kind, 0)} for kind, label in SessionKind.choices],
        "enrolments": [
            {"row": enrolment, "course": known.course(enrolment.course_code)} for enrolment in rows
        ] if keeps else [],
        "is_member": bool(running),
        "keeps_cohorts": keeps,
    }  # fmt: skip
    return render(request, "lms/learning/member.html", context)


@keepers_only
@never_cache
@require_http_methods(["GET", "POST"])
def member_remove(request: HttpRequest, cohort_id: UUID, person_id: UUID) -> HttpResponse:
    """Take somebody off the cohort, with the reason."""
    row, person, rows = _member(request, cohort_id, person_id)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keeps_courses = form.cleaned_data["what"] == RemovalForm.KEEP
        try:
            commands.remove_member(
                cohort=row,
                person=person,
                reason=form.cleaned_data["reason"],
                keeps_courses=keeps_courses,
                by=request.user,
                at=arrival(request),
            )
        except InvalidInput as error:
            show_errors(form, error)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("learning:cohort", row.uuid)
        else:
            messages.success(request, _("%(name)s is not in the cohort any more.") % {"name": person.get_full_name()})
            return redirect("learning:cohort", row.uuid)
    known = outline()
    running = [known.course(enrolment.course_code) for enrolment in rows if enrolment.ended_at is None]
    context = {"cohort": row, "person": person, "form": form, "courses": [course for course in running if course]}
    return render(request, "lms/learning/member_remove.html", context)


def _member(request: HttpRequest, cohort_id: UUID, person_id: UUID) -> tuple[Cohort, User, list[Any]]:
    """A cohort that one runs, somebody who is or was in it, and their enrolments there."""
    row = _cohort(request, cohort_id)
    person = get_object_or_404(User, uuid=person_id)
    rows = queries.enrolments_in(row, person)
    if not rows:
        raise Http404
    return row, person, rows
