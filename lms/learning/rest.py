"""API of courses and lessons, each with the person's own state."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import Course, Standing, lesson_page
from courses.api import outline as read_outline
from lms.core.clock import arrival
from lms.core.markup import plain_text
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated

from .commands import complete_lesson, enrol
from .queries import standing_of


class BarrierSerializer(serializers.Serializer):
    """What stands before something, and where to do something about it."""

    code = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)


class LessonLineSerializer(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    summary = serializers.CharField()
    state = serializers.CharField()
    knowledge_check = serializers.CharField(allow_null=True)


class ModuleSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    quiz = serializers.CharField(allow_null=True)
    missing = BarrierSerializer(many=True)
    lessons = LessonLineSerializer(many=True)


class CourseLineSerializer(serializers.Serializer):
    slug = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    state = serializers.CharField()
    enrolled = serializers.BooleanField()
    minutes = serializers.IntegerField()
    lessons_total = serializers.IntegerField()
    progress_percent = serializers.IntegerField()
    prerequisites = serializers.ListField(child=serializers.CharField())


class PaginatedCoursesSerializer(PageSerializer):
    results = CourseLineSerializer(many=True)


class CourseSerializer(CourseLineSerializer):
    credited_minutes = serializers.IntegerField()
    missing = BarrierSerializer(many=True)
    modules = ModuleSerializer(many=True)


class EnrolmentSerializer(serializers.Serializer):
    course = serializers.CharField()
    enrolled_at = serializers.DateTimeField()


class LessonObjectiveSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()


class LessonSourceSerializer(serializers.Serializer):
    code = serializers.CharField()
    citation = serializers.CharField()
    url = serializers.CharField(allow_blank=True)


class LessonSerializer(LessonLineSerializer):
    course = serializers.CharField()
    module = serializers.CharField()
    why = serializers.CharField()
    objectives = LessonObjectiveSerializer(many=True)
    sources = LessonSourceSerializer(many=True)
    body_html = serializers.CharField(allow_null=True)
    is_reviewed = serializers.BooleanField()
    missing = BarrierSerializer(many=True)
    url = serializers.CharField()


class CompletionSerializer(serializers.Serializer):
    id = serializers.CharField()
    state = serializers.CharField()
    completed_at = serializers.DateTimeField()
    credited_minutes = serializers.IntegerField()


def course_line(course: Course, state: Standing) -> dict[str, Any]:
    """A course in the catalogue."""
    return {
        "slug": course.slug,
        "code": course.code,
        "title": course.title,
        "summary": plain_text(course.summary_html),
        "state": state.state(course.code),
        "enrolled": course.code in state.enrolled,
        "minutes": course.minutes,
        "lessons_total": len(course.lessons),
        "progress_percent": state.progress_percent(course),
        "prerequisites": list(course.prerequisites),
    }


def missing_of(code: str, state: Standing) -> list[dict[str, str]]:
    """What stands before something."""
    return [row.as_dict() for row in state.missing.get(code, ())]


def lesson_line(lesson: Any, state: Standing) -> dict[str, Any]:
    """A lesson in a list."""
    return {
        "id": lesson.code,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "summary": lesson.summary,
        "state": state.state(lesson.code),
        "knowledge_check": lesson.check,
    }


def course_or_404(slug: str) -> Course:
    """A published course by its public name."""
    course = read_outline().course_by_slug(slug)
    if course is None:
        raise Http404
    return course


class CourseListView(APIView):
    """`GET /api/v1/courses/`."""

    @extend_schema(
        operation_id="courses_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedCoursesSerializer,
        tags=["courses"],
    )
    def get(self, request: Request) -> Response:
        outline = read_outline()
        state = standing_of(request.user, outline)
        return paginated(self, request, outline.courses, lambda course: course_line(course, state))


class CourseView(APIView):
    """`GET /api/v1/courses/{slug}/`."""

    @extend_schema(responses=CourseSerializer, tags=["courses"])
    def get(self, request: Request, slug: str) -> Response:
        course = course_or_404(slug)
        state = standing_of(request.user)
        return Response(
            {
                **course_line(course, state),
                "credited_minutes": state.credited_minutes.get(course.code, 0),
                "missing": missing_of(course.code, state),
                "modules": [
                    {
                        "code": module.code,
                        "title": module.title,
                        "state": state.state(module.code),
                        "quiz": module.quiz,
                        "missing": missing_of(module.code, state),
                        "lessons": [lesson_line(lesson, state) for lesson in module.lessons],
                    }
                    for module in course.modules
                ],
            }
        )


class EnrolView(APIView):
    """`POST /api/v1/courses/{slug}/enrol/`."""

    @extend_schema(request=None, responses={201: EnrolmentSerializer, 200: EnrolmentSerializer}, tags=["courses"])
    def post(self, request: Request, slug: str) -> Response:
        course = course_or_404(slug)
        row, is_new = enrol(user=request.user, course=course, by=request.user, at=arrival(request))
        return Response({"course": course.slug, "enrolled_at": row.enrolled_at}, status=201 if is_new else 200)


def lesson_or_404(code: str) -> tuple[Any, Any, Any]:
    """A published lesson with its course and module."""
    found = read_outline().lesson(code)
    if found is None:
        raise Http404
    return found


class LessonView(APIView):
    """`GET /api/v1/lessons/{id}/`: a locked lesson comes without its body."""

    @extend_schema(responses=LessonSerializer, tags=["courses"])
    def get(self, request: Request, code: str) -> Response:
        course, module, lesson = lesson_or_404(code)
        state = standing_of(request.user)
        page = lesson_page(code)
        if page is None:
            raise Http404
        is_locked = state.state(code) == "locked"
        return Response(
            {
                **lesson_line(lesson, state),
                "course": course.slug,
                "module": module.code,
                "why": page.why,
                "objectives": list(page.objectives.values("code", "text")),
                "sources": [{"code": row.code, "citation": row.citation, "url": row.url} for row in page.sources.all()],
                "body_html": None if is_locked else page.body.render_as_block(),
                "is_reviewed": page.is_reviewed,
                "missing": missing_of(code, state),
                "url": lesson.url,
            }
        )


class LessonCompleteView(APIView):
    """`POST /api/v1/lessons/{id}/complete/`: idempotent."""

    @extend_schema(request=None, responses=CompletionSerializer, tags=["courses"])
    def post(self, request: Request, code: str) -> Response:
        _course, _module, lesson = lesson_or_404(code)
        row, _is_new = complete_lesson(user=request.user, lesson=lesson, at=arrival(request))
        return Response(
            {
                "id": code,
                "state": "completed",
                "completed_at": row.completed_at,
                "credited_minutes": row.credited_minutes,
            }
        )
