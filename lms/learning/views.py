"""The two buttons of learning: enrol, and “I have read this”."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.api import outline
from lms.core.clock import arrival
from lms.core.exceptions import DomainError

from . import commands


@login_required
@require_POST
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a course."""
    course = outline().course_by_slug(slug)
    if course is None:
        raise Http404
    try:
        _enrolment, is_new = commands.enrol(user=request.user, course=course, by=request.user, at=arrival(request))
        if is_new:
            messages.success(request, _("You are enrolled in %(course)s.") % {"course": course.title})
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(course.url)


@login_required
@require_POST
def complete(request: HttpRequest, code: str) -> HttpResponse:
    """I have read this."""
    found = outline().lesson(code)
    if found is None:
        raise Http404
    course, _module, lesson = found
    try:
        commands.complete_lesson(user=request.user, lesson=lesson, at=arrival(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(f"{lesson.url}#completion")
    messages.success(request, _("Completed: %(lesson)s") % {"lesson": lesson.title})
    order = course.lessons
    place = next(index for index, row in enumerate(order) if row.code == code)
    return redirect(order[place + 1].url if place + 1 < len(order) else course.url)
