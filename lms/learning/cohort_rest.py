"""API of cohorts and their members: reading for those who teach, making and changing for registrars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import Role, User, has_role
from lms.core.clock import arrival
from lms.core.exceptions import InvalidInput
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated
from lms.core.parsers import taken

from . import cohort_commands as commands
from . import cohort_queries as queries
from .attendance_queries import students_of_cohort
from .attendance_rest import IsTeaching, MinutesSerializer, people_by_address
from .cohort_plan import MOST_NAMED, Line, Outcome, Plan, Step
from .models import Cohort, SessionKind

KeepsCohorts = has_role(Role.REGISTRAR)
#: Instructors that one cohort can have.
MOST_INSTRUCTORS = 50


class CohortSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    phase = serializers.ChoiceField(choices=queries.PHASES)
    instructors = serializers.ListField(child=serializers.CharField(), help_text="Names.")
    student_count = serializers.IntegerField()
    next_session_at = serializers.DateTimeField(allow_null=True)


class PaginatedCohortsSerializer(PageSerializer):
    results = CohortSerializer(many=True)


class CohortStudentSerializer(serializers.Serializer):
    email = serializers.EmailField()
    name = serializers.CharField()
    minutes = MinutesSerializer(help_text="Attended in the sessions of this cohort.")


class CohortDetailSerializer(CohortSerializer):
    students = CohortStudentSerializer(many=True)


class CohortChangeSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=commands.LONGEST_TITLE)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    instructors = serializers.ListField(
        child=serializers.EmailField(), required=False, max_length=MOST_INSTRUCTORS, help_text="Addresses."
    )


class CohortInputSerializer(CohortChangeSerializer):
    code = serializers.CharField(
        max_length=commands.LONGEST_CODE,
        required=False,
        allow_blank=True,
        default="",
        help_text="Without it, one is made from the title. It never changes.",
    )


class MembersInputSerializer(serializers.Serializer):
    people = serializers.ListField(
        child=serializers.CharField(max_length=254), allow_empty=False, max_length=MOST_NAMED, help_text="Addresses."
    )
    courses = serializers.ListField(
        child=serializers.CharField(max_length=60), allow_empty=False, max_length=100, help_text="Codes."
    )
    preview = serializers.BooleanField(default=False, help_text="Say what would happen and do nothing.")
    seen = serializers.CharField(
        max_length=64, required=False, help_text="The digest of the preview: if it holds no more, nothing is done."
    )


class MemberStepSerializer(serializers.Serializer):
    course = serializers.CharField()
    step = serializers.ChoiceField(choices=[step.value for step in Step])
    other_cohort = serializers.CharField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="Codes of the courses that come first.")


class MemberLineSerializer(serializers.Serializer):
    address = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    courses = MemberStepSerializer(many=True)
    also_in = serializers.ListField(child=serializers.CharField(), help_text="Titles of other cohorts not yet over.")


class MembersSerializer(serializers.Serializer):
    added = serializers.IntegerField(help_text="People added, or to be added when this is a preview.")
    digest = serializers.CharField()
    lines = MemberLineSerializer(many=True)


class RemovalInputSerializer(serializers.Serializer):
    email = serializers.EmailField()
    reason = serializers.CharField(max_length=commands.LONGEST_REASON)
    keeps_courses = serializers.BooleanField(
        default=False, help_text="True: they go on without a cohort. False: they leave the courses."
    )


def cohort_data(row: Any) -> dict[str, Any]:
    """A cohort in a list."""
    return {
        "code": row.code,
        "title": row.title,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "phase": row.phase,
        "instructors": [person.get_full_name() for person in row.instructors.all()],
        "student_count": row.student_count,
        "next_session_at": row.next_session_at,
    }


def line_data(line: Line) -> dict[str, Any]:
    """What becomes of one address."""
    return {
        "address": line.typed,
        "name": line.person.get_full_name() if line.person else None,
        "outcome": line.outcome,
        "courses": [
            {
                "course": step.course.code,
                "step": step.step,
                "other_cohort": step.other or None,
                "missing": [row.code for row in step.missing],
            }
            for step in line.steps
        ],
        "also_in": list(line.also_in),
    }


def plan_data(plan: Plan) -> dict[str, Any]:
    """What becomes of every address."""
    return {"added": len(plan.adding), "digest": plan.digest, "lines": [line_data(line) for line in plan.lines]}


def _one(request: Request, code: str) -> Any:
    """A cohort that the person runs, with what a list says of it."""
    return get_object_or_404(queries.cohorts_by_phase(request.user, arrival(request)), code=code)


def _facts(data: dict[str, Any], cohort: Cohort | None = None) -> dict[str, Any]:
    facts = dict(data)
    if "instructors" in facts:
        facts["instructors"] = _instructors(facts["instructors"], cohort)
    return facts


def _instructors(addresses: Iterable[str], cohort: Cohort | None) -> list[User]:
    found = {person.email.lower(): person for person in queries.instructors_to_choose(cohort)}
    return people_by_address(found, addresses, "instructors")


class CohortListView(APIView):
    """`GET` and `POST /api/v1/cohorts/`: those that I run; registrars make further ones."""

    def get_permissions(self) -> list[BasePermission]:
        """Reading is for those who teach too."""
        return [KeepsCohorts() if self.request.method == "POST" else IsTeaching()]

    @extend_schema(
        operation_id="cohorts_list", parameters=PAGE_PARAMETERS, responses=PaginatedCohortsSerializer, tags=["cohorts"]
    )
    def get(self, request: Request) -> Response:
        """Those that run, then those to come, then those that are over."""
        return paginated(self, request, queries.cohorts_by_phase(request.user, arrival(request)), cohort_data)

    @extend_schema(request=CohortInputSerializer, responses={201: CohortSerializer}, tags=["cohorts"])
    def post(self, request: Request) -> Response:
        """Make a cohort."""
        facts = _facts(taken(CohortInputSerializer, request))
        row = commands.open_cohort(**facts, by=request.user, at=arrival(request))
        return Response(cohort_data(_one(request, row.code)), status=201)


class CohortView(APIView):
    """`GET`, `PATCH` and `DELETE /api/v1/cohorts/{code}/`: with its students and their hours."""

    def get_permissions(self) -> list[BasePermission]:
        """Reading is for those who teach too."""
        return [IsTeaching() if self.request.method in {"GET", "HEAD", "OPTIONS"} else KeepsCohorts()]

    @extend_schema(responses=CohortDetailSerializer, tags=["cohorts"])
    def get(self, request: Request, code: str) -> Response:
        """The cohort with its students and their hours."""
        row = _one(request, code)
        students = [
            {
                "email": person.email,
                "name": person.get_full_name(),
                "minutes": {kind: minutes.get(kind, 0) for kind in SessionKind.values},
            }
            for person, minutes in students_of_cohort(row)
        ]
        return Response({**cohort_data(row), "students": students})

    @extend_schema(request=CohortChangeSerializer, responses=CohortSerializer, tags=["cohorts"])
    def patch(self, request: Request, code: str) -> Response:
        """Change what is named: title, first and last day, instructors."""
        row = _one(request, code)
        serializer = CohortChangeSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        facts = _facts(serializer.validated_data, row)
        commands.change_cohort(cohort=row, facts=facts, by=request.user, at=arrival(request))
        return Response(cohort_data(_one(request, code)))

    @extend_schema(request=None, responses={204: None}, tags=["cohorts"])
    def delete(self, request: Request, code: str) -> Response:
        """Remove a cohort that never had a member or a session."""
        commands.remove_cohort(cohort=_one(request, code), by=request.user, at=arrival(request))
        return Response(status=204)


class CohortMembersView(APIView):
    """`POST /api/v1/cohorts/{code}/members/`."""

    permission_classes = [KeepsCohorts]

    @extend_schema(request=MembersInputSerializer, responses=MembersSerializer, tags=["cohorts"])
    def post(self, request: Request, code: str) -> Response:
        """Enrol people in courses in this cohort; says of each address what became of it."""
        row, at = _one(request, code), arrival(request)
        data = taken(MembersInputSerializer, request)
        asked: dict[str, Any] = {"cohort": row, "addresses": data["people"], "courses": data["courses"]}
        if data["preview"]:
            return Response(plan_data(commands.check_members(**asked, at=at)))
        return Response(plan_data(commands.add_members(**asked, seen=data.get("seen"), by=request.user, at=at)))


class CohortMemberRemovalView(APIView):
    """`POST /api/v1/cohorts/{code}/members/removal/`."""

    permission_classes = [KeepsCohorts]

    @extend_schema(request=RemovalInputSerializer, responses={204: None}, tags=["cohorts"])
    def post(self, request: Request, code: str) -> Response:
        """Take somebody off the cohort, with the reason."""
        row = _one(request, code)
        data = taken(RemovalInputSerializer, request)
        person = User.objects.filter(email__iexact=data["email"]).first()
        if person is None:
            raise InvalidInput(errors={"email": [_("Nobody here has this address.")]})
        commands.remove_member(
            cohort=row,
            person=person,
            reason=data["reason"],
            keeps_courses=data["keeps_courses"],
            by=request.user,
            at=arrival(request),
        )
        return Response(status=204)
