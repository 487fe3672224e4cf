"""API of case reports: handed in as text or as a PDF, read by a rubric."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import has_role
from lms.core.clock import arrival
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated
from lms.core.parsers import JSONParser, taken

from . import log_commands, log_queries
from .enums import ReviewOutcome
from .exceptions import InvalidEntry
from .models import CaseReport

STATES = ["submitted", *ReviewOutcome.values]


class CaseReportRowSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    client = serializers.CharField()
    title = serializers.CharField()
    word_count = serializers.IntegerField(allow_null=True, help_text="Null for a PDF.")
    file_url = serializers.CharField(allow_null=True, help_text="Null for a text.")
    digest = serializers.CharField(help_text="SHA-256 of text or file.")
    revises = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=STATES)
    submitted_at = serializers.DateTimeField()


class PaginatedCaseReportsSerializer(PageSerializer):
    results = CaseReportRowSerializer(many=True)


class RubricLineSerializer(serializers.Serializer):
    criterion = serializers.CharField(max_length=1000)
    points = serializers.IntegerField(min_value=0, max_value=2)
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class CaseReportReviewSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=ReviewOutcome.choices)
    rubric = RubricLineSerializer(many=True)
    comment = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()


class CaseReportSerializer(CaseReportRowSerializer):
    student = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    consent = serializers.CharField()
    criteria = serializers.ListField(child=serializers.CharField(), help_text="What it is read by now.")
    review = CaseReportReviewSerializer(allow_null=True)


class CaseReportInputSerializer(serializers.Serializer):
    """Either a text or, as multipart/form-data, a PDF."""

    client = serializers.RegexField(r"^C-\d{2,5}$", help_text="The code of one of my clients.")
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=log_commands.REPORT_LENGTH, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False, allow_null=True, default=None, allow_empty_file=True)
    has_consent = serializers.BooleanField(help_text=log_commands.CONSENT)
    revises = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A returned report of mine, handed in anew."
    )


class CaseReportReviewInputSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=ReviewOutcome.choices)
    rubric = RubricLineSerializer(many=True, allow_empty=False, max_length=100)
    comment = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")


def row_data(row: CaseReport) -> dict[str, Any]:
    """A report in a list."""
    return {
        "id": row.uuid,
        "client": row.client.code,
        "title": row.title,
        "word_count": row.word_count,
        "file_url": reverse("practicals:report_file", args=[row.uuid]) if row.file else None,
        "digest": row.digest,
        "revises": row.revises.uuid if row.revises else None,
        "state": log_queries.report_state(row),
        "submitted_at": row.submitted_at,
    }


def report_data(row: CaseReport) -> dict[str, Any]:
    """The whole of a report for its student or a reader."""
    review = getattr(row, "review", None)
    return {
        **row_data(row),
        "student": row.student.get_full_name(),
        "text": row.text,
        "consent": row.consent,
        "criteria": log_queries.report_terms(row.student).criteria,
        "review": {
            "outcome": review.outcome,
            "rubric": review.rubric,
            "comment": review.comment,
            "by": review.by.get_full_name(),
            "at": review.at,
        }
        if review
        else None,
    }


def readable_or_404(request: Request, report_id: UUID) -> CaseReport:
    """A report, if this person may open it."""
    rows = log_queries.readable_reports(request.user).select_related("student", "client", "revises", "review__by")
    return get_object_or_404(rows, uuid=report_id)


class CaseReportListView(APIView):
    """`/api/v1/case-reports/`: mine, and handing one in."""

    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="case_reports_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedCaseReportsSerializer,
        tags=["case reports"],
    )
    def get(self, request: Request) -> Response:
        """The last edition of each of my reports, newest first."""
        rows = log_queries.standing_reports(CaseReport.objects.filter(student=request.user))
        return paginated(self, request, rows.select_related("revises").defer("text"), row_data)

    @extend_schema(request=CaseReportInputSerializer, responses={201: CaseReportSerializer}, tags=["case reports"])
    def post(self, request: Request) -> Response:
        """Hand in a text, or a PDF of at most 1 MB; the page takes larger ones."""
        fields = taken(CaseReportInputSerializer, request)
        client = log_queries.client_by_code(request.user, fields.pop("client"))
        if client is None:
            raise InvalidEntry(errors={"client": ["You have no client of this code."]})
        revises = None
        if key := fields.pop("revises"):
            revises = CaseReport.objects.filter(student=request.user, uuid=key).first()
            if revises is None:
                raise InvalidEntry(errors={"revises": ["You have no report of this id."]})
        terms = log_queries.report_terms(request.user)
        row = log_commands.submit_report(
            student=request.user,
            client=client,
            min_words=terms.min_words,
            max_words=terms.max_words,
            revises=revises,
            at=arrival(request),
            **fields,
        )
        return Response(report_data(row), status=201)


class CaseReportView(APIView):
    """`GET /api/v1/case-reports/{id}/`: one of mine, or one that I may read."""

    @extend_schema(operation_id="case_report", responses=CaseReportSerializer, tags=["case reports"])
    def get(self, request: Request, report_id: UUID) -> Response:
        return Response(report_data(readable_or_404(request, report_id)))


class CaseReportReviewView(APIView):
    """`POST /api/v1/case-reports/{id}/review/`: accept a report or return it, by its criteria."""

    permission_classes = [has_role("instructor", "examiner", "registrar")]

    @extend_schema(
        request=CaseReportReviewInputSerializer, responses={201: CaseReportSerializer}, tags=["case reports"]
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        row = readable_or_404(request, report_id)
        fields = taken(CaseReportReviewInputSerializer, request)
        log_commands.review_report(
            report=row,
            criteria=log_queries.report_terms(row.student).criteria,
            by=request.user,
            at=arrival(request),
            **fields,
        )
        return Response(report_data(readable_or_404(request, report_id)), status=201)
