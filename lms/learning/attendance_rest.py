"""API of class sessions and attendance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import Role, User, has_role
from lms.core.clock import arrival
from lms.core.exceptions import InvalidInput
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, Pagination, paginated
from lms.core.parsers import taken

from . import attendance_queries as queries
from . import commands
from .models import ClassSession, Cohort, SessionFormat, SessionKind

IsTeaching = has_role(Role.INSTRUCTOR, Role.REGISTRAR)


class MinutesSerializer(serializers.Serializer):
    """Attended minutes by what they count for."""

    theory = serializers.IntegerField()
    technique_lab = serializers.IntegerField()


class CorrectionSerializer(serializers.Serializer):
    """What was noted before, what took its place, and why."""

    before = serializers.IntegerField()
    after = serializers.IntegerField()
    reason = serializers.CharField()


class SessionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    cohort = serializers.CharField()
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SessionKind.choices)
    format = serializers.ChoiceField(choices=SessionFormat.choices)
    course = serializers.CharField(allow_null=True)
    place = serializers.CharField(allow_blank=True)
    teachers = serializers.ListField(child=serializers.CharField(), help_text="Names.")


class NotedSessionSerializer(SessionSerializer):
    noted = serializers.IntegerField(help_text="People whose attendance is noted.")


class VisitSerializer(SessionSerializer):
    attended_minutes = serializers.IntegerField(allow_null=True, help_text="Null while nothing is noted.")
    corrections = CorrectionSerializer(many=True)


class PaginatedVisitsSerializer(PageSerializer):
    results = VisitSerializer(many=True)


class PaginatedClassSessionsSerializer(PageSerializer):
    results = NotedSessionSerializer(many=True)


class SessionInputSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=1, max_value=commands.LONGEST_SESSION)
    kind = serializers.ChoiceField(choices=SessionKind.choices, default=SessionKind.THEORY)
    format = serializers.ChoiceField(choices=SessionFormat.choices, default=SessionFormat.LIVE)
    course = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    place = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    teachers = serializers.ListField(
        child=serializers.EmailField(), required=False, max_length=20, help_text="Addresses; without it, who asks."
    )


class RosterLineSerializer(serializers.Serializer):
    email = serializers.EmailField()
    name = serializers.CharField()
    attended_minutes = serializers.IntegerField(allow_null=True, help_text="Null while nothing is noted.")
    noted_by = serializers.CharField(allow_null=True)
    noted_at = serializers.DateTimeField(allow_null=True)
    enrolled_later = serializers.BooleanField()
    corrections = CorrectionSerializer(many=True)


class RosterSerializer(serializers.Serializer):
    session = SessionSerializer()
    people = RosterLineSerializer(many=True)


class AttendanceInputSerializer(serializers.Serializer):
    minutes = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=commands.LONGEST_SESSION),
        allow_empty=False,
        help_text="Minutes by e-mail address. Who is not named stays as noted.",
    )
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default="", help_text="Needed where a note is corrected."
    )


def session_data(row: ClassSession, cohort: Cohort) -> dict[str, Any]:
    """A session for a program."""
    return {
        "id": str(row.uuid),
        "cohort": cohort.code,
        "title": row.title,
        "starts_at": row.starts_at,
        "minutes": row.minutes,
        "kind": row.kind,
        "format": row.format,
        "course": row.course_code or None,
        "place": row.place,
        "teachers": [person.get_full_name() for person in row.teachers.all()],
    }


def corrections_data(rows: Iterable[queries.Correction]) -> list[dict[str, Any]]:
    """What was corrected, in order."""
    return [{"before": row.before, "after": row.after, "reason": row.reason} for row in rows]


def cohort_or_404(request: Request, code: str) -> Cohort:
    """A cohort that the person runs."""
    return get_object_or_404(queries.cohorts_for(request.user).prefetch_related("instructors"), code=code)


def session_or_404(request: Request, session_id: UUID) -> ClassSession:
    """A session whose roster the person keeps."""
    return get_object_or_404(queries.sessions_for(request.user), uuid=session_id)


def people_by_address(found: Mapping[str, User], addresses: Iterable[str], name: str) -> list[User]:
    """These people, in order; refuses an address that is not there."""
    unknown = [address for address in addresses if address.strip().lower() not in found]
    if unknown:
        raise InvalidInput(errors={f"{name}.{address}": [_("Nobody here has this address.")] for address in unknown})
    return [found[address.strip().lower()] for address in addresses]


class AttendanceListView(APIView):
    """`GET /api/v1/attendance/`: mine."""

    @extend_schema(
        operation_id="attendance_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedVisitsSerializer,
        tags=["attendance"],
    )
    def get(self, request: Request) -> Response:
        pagination = Pagination()
        rows = queries.sessions_of_student(request.user).order_by("-starts_at", "-pk")
        page = pagination.paginate_queryset(rows, request, view=self) or []
        return pagination.get_paginated_response(
            [
                {
                    **session_data(row.session, row.session.cohort),
                    "attended_minutes": row.minutes,
                    "corrections": corrections_data(row.corrections),
                }
                for row in queries.visits(request.user, page)
            ]
        )


class CohortSessionsView(APIView):
    """`GET` and `POST /api/v1/cohorts/{code}/sessions/`."""

    permission_classes = [IsTeaching]

    @extend_schema(
        operation_id="cohort_sessions_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedClassSessionsSerializer,
        tags=["cohorts"],
    )
    def get(self, request: Request, code: str) -> Response:
        cohort = cohort_or_404(request, code)
        rows = queries.with_counts(cohort.sessions.all()).order_by("-starts_at", "-pk")
        return paginated(self, request, rows, lambda row: {**session_data(row, cohort), "noted": row.noted_count})

    @extend_schema(request=SessionInputSerializer, responses={201: SessionSerializer}, tags=["cohorts"])
    def post(self, request: Request, code: str) -> Response:
        cohort = cohort_or_404(request, code)
        facts = taken(SessionInputSerializer, request)
        facts["course_code"] = facts.pop("course")
        if "teachers" in facts:
            found = {person.email.lower(): person for person in queries.teachers_to_choose(cohort)}
            facts["teachers"] = people_by_address(found, facts["teachers"], "teachers")
        row = commands.plan_session(cohort=cohort, **facts, by=request.user, at=arrival(request))
        return Response(session_data(row, cohort), status=201)


class RosterView(APIView):
    """`GET` and `PUT /api/v1/class-sessions/{id}/attendance/`."""

    permission_classes = [IsTeaching]

    @extend_schema(responses=RosterSerializer, tags=["attendance"])
    def get(self, request: Request, session_id: UUID) -> Response:
        row = session_or_404(request, session_id)
        return Response(self._roster(row, queries.roster_of(row)))

    @extend_schema(request=AttendanceInputSerializer, responses=RosterSerializer, tags=["attendance"])
    def put(self, request: Request, session_id: UUID) -> Response:
        """Note or correct. The same again notes nothing new."""
        row = session_or_404(request, session_id)
        told = taken(AttendanceInputSerializer, request)
        given = told["minutes"]
        found = {line.person.email.lower(): line.person for line in queries.roster_of(row).lines}
        people = people_by_address(found, given, "minutes")
        try:
            commands.note_attendance(
                session=row,
                minutes=dict(zip(people, given.values(), strict=True)),
                reason=told["reason"],
                by=request.user,
                at=arrival(request),
            )
        except InvalidInput as error:
            named = {str(person.uuid): f"minutes.{person.email}" for person in people}
            errors = {named.get(name, name): texts for name, texts in error.extra["errors"].items()}
            raise InvalidInput(error.message, errors=errors) from error
        return Response(self._roster(row, queries.roster_of(row)))

    @staticmethod
    def _roster(row: ClassSession, roster: queries.Roster) -> dict[str, Any]:
        corrections: dict[int, list[queries.Correction]] = {}
        for act in reversed(roster.acts):
            for correction in act.corrections:
                corrections.setdefault(correction.person.pk, []).append(correction)
        people = [
            {
                "email": line.person.email,
                "name": line.person.get_full_name(),
                "attended_minutes": line.minutes,
                "noted_by": line.note.noted_by.get_full_name() if line.note else None,
                "noted_at": line.note.noted_at if line.note else None,
                "enrolled_later": line.came_later,
                "corrections": corrections_data(corrections.get(line.person.pk, [])),
            }
            for line in roster.lines
        ]
        return {"session": session_data(row, row.cohort), "people": people}
