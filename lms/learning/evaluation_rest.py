"""API of evaluations: which courses I may still evaluate, and evaluating one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import Course
from courses.api import outline as read_outline
from lms.core.clock import arrival, school_day
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated

from .evaluation_commands import evaluate_course
from .evaluation_queries import open_evaluations
from .evaluation_statements import LONGEST_TEXT, SCALE, VERSION, WORDINGS
from .models import CourseCompletion
from .rest import course_or_404


class CourseStatementSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()


class OpenEvaluationSerializer(serializers.Serializer):
    """A course that I have completed and not evaluated, with what is asked about it."""

    course = serializers.CharField(help_text="The slug of the course.")
    title = serializers.CharField()
    completed_at = serializers.DateTimeField()
    version = serializers.IntegerField(help_text="Of the statements; send it with the answers.")
    statements = CourseStatementSerializer(many=True)
    url = serializers.CharField(help_text="Where the answers are sent.")


class PaginatedOpenEvaluationsSerializer(PageSerializer):
    results = OpenEvaluationSerializer(many=True)


class EvaluationInputSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=1, max_value=VERSION)
    answers = serializers.DictField(
        child=serializers.IntegerField(min_value=SCALE[0], max_value=SCALE[-1], allow_null=True),
        allow_empty=False,
        help_text="By code of the statement: 1 (disagree) to 5 (agree), or null where it does not apply. All of them.",
    )
    helped = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default="", help_text="What helped most."
    )
    change = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default="", help_text="What should change."
    )


class EvaluationGivenSerializer(serializers.Serializer):
    """That I evaluated a course. What I said is kept without my name, so it is not told again."""

    course = serializers.CharField()
    on = serializers.DateField()


class EvaluationListView(APIView):
    """`GET /api/v1/evaluations/`: those that I may still give."""

    @extend_schema(
        operation_id="evaluations_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedOpenEvaluationsSerializer,
        tags=["evaluations"],
    )
    def get(self, request: Request) -> Response:
        statements = [{"code": row.code, "text": str(row.text)} for row in WORDINGS[VERSION]]

        def present(row: tuple[Course, CourseCompletion]) -> dict[str, Any]:
            course, completion = row
            return {
                "course": course.slug,
                "title": course.title,
                "completed_at": completion.completed_at,
                "version": VERSION,
                "statements": statements,
                "url": reverse("api-evaluation", args=[course.slug]),
            }

        return paginated(self, request, open_evaluations(request.user, read_outline()), present)


class EvaluationView(APIView):
    """`POST /api/v1/evaluations/{slug}/`: once for each course."""

    @extend_schema(request=EvaluationInputSerializer, responses={201: EvaluationGivenSerializer}, tags=["evaluations"])
    def post(self, request: Request, slug: str) -> Response:
        course = course_or_404(slug)
        serializer = EvaluationInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        at = arrival(request)
        evaluate_course(course_code=course.code, **serializer.validated_data, by=request.user, at=at)
        return Response({"course": course.slug, "on": school_day(at)}, status=201)
