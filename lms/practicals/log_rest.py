"""API of the hours log: the student's own entries, and what supervisors decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import has_role
from lms.core.clock import arrival
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated
from lms.core.parsers import taken

from . import log_commands, log_queries
from .enums import SessionCategory, SessionSetting, Technique
from .exceptions import InvalidEntry
from .models import SupervisedSession

MOST_AT_ONCE = 500
STATES = ["waiting", "approved", "refused"]
FLAGS = ["overlap", "long_day", "late_entry"]


@extend_schema_field({"type": "string", "pattern": r"^\d{2}:\d{2}$", "example": "14:30"})
class ClockField(serializers.TimeField):
    """A time by the clock on the wall, without a zone."""


class LoggedSessionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    client = serializers.CharField()
    supervisor = serializers.EmailField()
    held_on = serializers.DateField()
    starts_at = ClockField(format="%H:%M")
    minutes = serializers.IntegerField()
    setting = serializers.ChoiceField(choices=SessionSetting.choices)
    categories = serializers.ListField(child=serializers.ChoiceField(choices=SessionCategory.choices))
    techniques = serializers.ListField(child=serializers.ChoiceField(choices=Technique.choices))
    note = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=STATES)
    reason = serializers.CharField(allow_blank=True, help_text="What the supervisor said, above all of a refusal.")
    flags = serializers.ListField(child=serializers.ChoiceField(choices=FLAGS))
    recorded_at = serializers.DateTimeField()


class SupervisedStudentSerializer(serializers.Serializer):
    name = serializers.CharField()
    email = serializers.EmailField()


class SupervisedSessionSerializer(LoggedSessionSerializer):
    student = SupervisedStudentSerializer()


class PaginatedLoggedSessionsSerializer(PageSerializer):
    results = LoggedSessionSerializer(many=True)


class PaginatedSupervisedSessionsSerializer(PageSerializer):
    results = SupervisedSessionSerializer(many=True)


class LoggedSessionInputSerializer(serializers.Serializer):
    client = serializers.RegexField(
        r"^C-\d{2,5}$",
        required=False,
        allow_null=True,
        help_text="The code of one of my clients; absent or null for somebody new. Names are refused.",
        error_messages={"invalid": "Give a code such as C-01, never a name."},
    )
    supervisor = serializers.EmailField()
    held_on = serializers.DateField()
    starts_at = ClockField(input_formats=["%H:%M", "%H:%M:%S"])
    minutes = serializers.IntegerField(min_value=1, max_value=720)
    setting = serializers.ChoiceField(choices=SessionSetting.choices)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=SessionCategory.choices), allow_empty=False, max_length=50
    )
    techniques = serializers.ListField(
        child=serializers.ChoiceField(choices=Technique.choices), allow_empty=False, max_length=50
    )
    note = serializers.CharField(max_length=log_commands.NOTE_LENGTH, required=False, allow_blank=True, default="")


class SessionDecisionsInputSerializer(serializers.Serializer):
    ids = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=MOST_AT_ONCE)
    approved = serializers.BooleanField()
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default="", help_text="Needed for a refusal."
    )


class SessionDecisionsSerializer(serializers.Serializer):
    approved = serializers.BooleanField()
    decided = serializers.ListField(child=serializers.UUIDField(), help_text="Decided so now.")
    unchanged = serializers.ListField(child=serializers.UUIDField(), help_text="Decided so before.")
    taken_back = serializers.ListField(
        child=serializers.UUIDField(), help_text="Taken back by the student meanwhile, and left out."
    )


def session_data(row: Any) -> dict[str, Any]:
    """An entry with state and flags, as `log_of` gives it."""
    return {
        "id": row.uuid,
        "client": row.client.code,
        "supervisor": row.supervisor.email,
        "held_on": row.held_on.isoformat(),
        "starts_at": row.starts_at.strftime("%H:%M"),
        "minutes": row.minutes,
        "setting": row.setting,
        "categories": row.categories,
        "techniques": row.techniques,
        "note": row.note,
        "state": log_queries.session_state(row),
        "reason": row.reason or "",
        "flags": row.flags,
        "recorded_at": row.recorded_at,
    }


def supervised_data(row: Any) -> dict[str, Any]:
    """An entry for who supervised it."""
    return {**session_data(row), "student": {"name": row.student.get_full_name(), "email": row.student.email}}


class HoursView(APIView):
    """`/api/v1/hours/`: my log, newest first; a session is added to it."""

    @extend_schema(
        operation_id="hours_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedLoggedSessionsSerializer,
        tags=["hours"],
    )
    def get(self, request: Request) -> Response:
        """My entries with state and flags, newest first; what was taken back is not among them."""
        return paginated(self, request, log_queries.log_of(request.user), session_data)

    @extend_schema(request=LoggedSessionInputSerializer, responses={201: LoggedSessionSerializer}, tags=["hours"])
    def post(self, request: Request) -> Response:
        """Log a supervised session; without `client` it is somebody new, who gets the next code."""
        fields = taken(LoggedSessionInputSerializer, request)
        supervisor = log_commands.supervisors().filter(email__iexact=fields.pop("supervisor")).first()
        if supervisor is None:
            raise InvalidEntry(errors={"supervisor": ["This is nobody who may supervise."]})
        client = None
        if code := fields.pop("client", None):
            client = log_queries.client_by_code(request.user, code)
            if client is None:
                raise InvalidEntry(errors={"client": ["You have no client of this code."]})
        row = log_commands.log_session(
            student=request.user, client=client, supervisor=supervisor, at=arrival(request), **fields
        )
        [entry] = log_queries.flagged(list(log_queries.with_decision(SupervisedSession.objects.filter(pk=row.pk))))
        return Response(session_data(entry), status=201)


class HoursWithdrawalView(APIView):
    """`POST /api/v1/hours/{id}/withdrawal/`: take an entry back that nobody has approved."""

    @extend_schema(request=None, responses={204: None}, tags=["hours"])
    def post(self, request: Request, session_id: UUID) -> Response:
        row = get_object_or_404(SupervisedSession, uuid=session_id, student=request.user)
        log_commands.withdraw_session(session=row, by=request.user, at=arrival(request))
        return Response(status=204)


class SupervisionView(APIView):
    """`GET /api/v1/supervision/hours/`: entries that wait for me, oldest first."""

    permission_classes = [has_role("instructor", "examiner", "registrar")]

    @extend_schema(
        operation_id="supervision_hours_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedSupervisedSessionsSerializer,
        tags=["hours"],
    )
    def get(self, request: Request) -> Response:
        return paginated(self, request, log_queries.waiting_for(request.user), supervised_data)


class SupervisionDecisionsView(APIView):
    """`POST /api/v1/supervision/hours/decisions/`: approve or refuse entries, one or many."""

    permission_classes = [has_role("instructor", "examiner", "registrar")]

    @extend_schema(request=SessionDecisionsInputSerializer, responses=SessionDecisionsSerializer, tags=["hours"])
    def post(self, request: Request) -> Response:
        fields = taken(SessionDecisionsInputSerializer, request)
        wanted = set(fields["ids"])
        rows = {row.pk: row for row in log_queries.decidable(request.user).filter(uuid__in=wanted)}
        if len(rows) < len(wanted):
            raise Http404
        decided = log_commands.decide_sessions(
            sessions=rows.values(),
            approved=fields["approved"],
            reason=fields["reason"],
            by=request.user,
            at=arrival(request),
        )
        new = {row.session_id for row in decided.decisions}
        gone = {row.pk for row in decided.taken_back}
        return Response(
            {
                "approved": fields["approved"],
                "decided": [row.uuid for key, row in rows.items() if key in new],
                "unchanged": [row.uuid for key, row in rows.items() if key not in new | gone],
                "taken_back": [row.uuid for key, row in rows.items() if key in gone],
            }
        )
