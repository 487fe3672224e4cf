"""API of cases: one's own, and those that are handled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import STAFF_ROLES, User, has_role
from lms.core.clock import arrival, school_day
from lms.core.exceptions import InvalidInput
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated
from lms.core.uploads import is_kept

from . import case_commands, case_queries
from .enums import CaseKind, CaseState, CaseSubject


class CaseEventSerializer(serializers.Serializer):
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    text = serializers.CharField(allow_blank=True)


class CaseSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=CaseKind.choices)
    subject = serializers.ChoiceField(choices=CaseSubject.choices)
    reference = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=CaseState.choices)
    opened_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    overdue = serializers.BooleanField()
    title = serializers.CharField(allow_null=True, help_text="Null where only those who handle the case read it.")
    text = serializers.CharField(allow_null=True, required=False)
    has_file = serializers.BooleanField(required=False)
    opened_by = serializers.CharField(required=False)
    events = CaseEventSerializer(many=True, required=False)


class PaginatedCasesSerializer(PageSerializer):
    results = CaseSerializer(many=True)


class CaseInputSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=CaseKind.choices)
    subject = serializers.ChoiceField(choices=CaseSubject.choices, default=CaseSubject.OTHER.value)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    title = serializers.CharField(max_length=case_commands.TITLE_LENGTH)
    text = serializers.CharField(max_length=case_commands.TEXT_LENGTH)
    file = serializers.FileField(required=False, allow_null=True, default=None)


class CaseAssignmentSerializer(serializers.Serializer):
    assignee = serializers.EmailField(help_text="Address of somebody of the school who is no part of the case.")


class CaseConditionsSerializer(serializers.Serializer):
    time_factor = serializers.DecimalField(max_digits=4, decimal_places=2, required=False)
    extra_minutes = serializers.IntegerField(required=False)
    break_minutes = serializers.IntegerField(required=False)
    notes_for_invigilators = serializers.CharField(max_length=300, required=False, allow_blank=True)
    valid_until = serializers.DateTimeField(required=False, allow_null=True)


class CaseDecisionSerializer(serializers.Serializer):
    upheld = serializers.BooleanField()
    reason = serializers.CharField(max_length=case_commands.TEXT_LENGTH)
    conditions = CaseConditionsSerializer(required=False)


def case_data(request: Request, row: Any, *, whole: bool, for_desk: bool) -> dict[str, Any]:
    """A case for its opener or for those who handle it; what they may not read is null."""
    standing = case_queries.standing_of_case(row)
    reads = case_queries.may_read(request.user, row)
    data: dict[str, Any] = {
        "id": str(row.uuid),
        "kind": row.kind,
        "subject": row.subject,
        "reference": row.reference,
        "state": standing.state.value,
        "opened_at": row.opened_at,
        "due_on": standing.due_on,
        "overdue": standing.is_overdue(school_day(arrival(request))),
        "title": row.title if reads else None,
    }
    if for_desk:
        data["opened_by"] = row.opened_by.get_full_name()
    if whole:
        data["text"] = row.text if reads else None
        data["has_file"] = is_kept(row.file)
        data["events"] = [
            {
                "kind": event.kind,
                "at": event.at,
                "by": event.by.get_full_name(),
                "assignee": event.assignee.get_full_name() if event.assignee else None,
                "due_on": event.due_on,
                "text": event.text if reads else "",
            }
            for event in row.events.all()
            if for_desk or event.is_shared
        ]
    return data


class CaseListView(APIView):
    """`/api/v1/cases/`: mine."""

    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="cases_list", parameters=PAGE_PARAMETERS, responses=PaginatedCasesSerializer, tags=["cases"]
    )
    def get(self, request: Request) -> Response:
        rows = case_queries.own_cases(request.user)
        return paginated(self, request, rows, lambda row: case_data(request, row, whole=False, for_desk=False))

    @extend_schema(request=CaseInputSerializer, responses={201: CaseSerializer}, tags=["cases"])
    def post(self, request: Request) -> Response:
        serializer = CaseInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = case_commands.open_case(by=request.user, at=arrival(request), **serializer.validated_data)
        fresh = case_queries.own_cases(request.user).get(pk=row.pk)
        return Response(case_data(request, fresh, whole=True, for_desk=False), status=201)


def _own(request: Request, case_id: UUID) -> Any:
    row = case_queries.own_cases(request.user).filter(uuid=case_id).first()
    if row is None:
        raise Http404
    return row


class CaseView(APIView):
    """`GET /api/v1/cases/{id}/`."""

    @extend_schema(responses=CaseSerializer, tags=["cases"])
    def get(self, request: Request, case_id: UUID) -> Response:
        return Response(case_data(request, _own(request, case_id), whole=True, for_desk=False))


class CaseWithdrawalView(APIView):
    """`POST /api/v1/cases/{id}/withdrawal/`."""

    @extend_schema(request=None, responses={201: CaseSerializer}, tags=["cases"])
    def post(self, request: Request, case_id: UUID) -> Response:
        case_commands.withdraw_case(case=_own(request, case_id), by=request.user, at=arrival(request))
        return Response(case_data(request, _own(request, case_id), whole=True, for_desk=False), status=201)


class DeskCaseListView(APIView):
    """`GET /api/v1/registrar/cases/`: open cases, those due first first; staff get what they were given."""

    permission_classes = [has_role(*STAFF_ROLES)]

    @extend_schema(
        operation_id="registrar_cases_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedCasesSerializer,
        tags=["registrar"],
    )
    def get(self, request: Request) -> Response:
        rows = case_queries.desk_cases(request.user).filter(is_closed=False)
        return paginated(self, request, rows, lambda row: case_data(request, row, whole=False, for_desk=True))


def _on_desk(request: Request, case_id: UUID) -> Any:
    row = case_queries.desk_cases(request.user).filter(uuid=case_id).first()
    if row is None:
        raise Http404
    return row


class DeskCaseView(APIView):
    """`GET /api/v1/registrar/cases/{id}/`."""

    permission_classes = [has_role(*STAFF_ROLES)]

    @extend_schema(responses=CaseSerializer, tags=["registrar"])
    def get(self, request: Request, case_id: UUID) -> Response:
        return Response(case_data(request, _on_desk(request, case_id), whole=True, for_desk=True))


class CaseAssignmentView(APIView):
    """`POST /api/v1/registrar/cases/{id}/assignment/`: to a third person."""

    permission_classes = [has_role("registrar")]

    @extend_schema(request=CaseAssignmentSerializer, responses={201: CaseSerializer}, tags=["registrar"])
    def post(self, request: Request, case_id: UUID) -> Response:
        row = _on_desk(request, case_id)
        serializer = CaseAssignmentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        assignee = User.objects.filter(email__iexact=serializer.validated_data["assignee"]).first()
        if assignee is None:
            raise InvalidInput(errors={"assignee": [_("Choose somebody of the school.")]})
        case_commands.assign_case(case=row, assignee=assignee, by=request.user, at=arrival(request))
        return Response(case_data(request, _on_desk(request, case_id), whole=True, for_desk=True), status=201)


class CaseDecisionView(APIView):
    """`POST /api/v1/registrar/cases/{id}/decision/`: by the person to whom the case was given."""

    permission_classes = [has_role(*STAFF_ROLES)]

    @extend_schema(request=CaseDecisionSerializer, responses={201: CaseSerializer}, tags=["registrar"])
    def post(self, request: Request, case_id: UUID) -> Response:
        row = _on_desk(request, case_id)
        serializer = CaseDecisionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        case_commands.decide_case(
            case=row,
            is_upheld=data["upheld"],
            reason=data["reason"],
            conditions=data.get("conditions"),
            by=request.user,
            at=arrival(request),
        )
        return Response(case_data(request, _on_desk(request, case_id), whole=True, for_desk=True), status=201)
