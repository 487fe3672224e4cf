"""API of practical examinations: one's own, and the examiner's table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import has_role
from lms.core.clock import arrival
from lms.core.pagination import PAGE_PARAMETERS, Pagination
from lms.core.parsers import taken

from . import commands, queries, viewing
from .examination_serializers import (
    PaginatedPracticalsSerializer,
    PracticalAttemptSerializer,
    PracticalOpenInputSerializer,
    PracticalSerializer,
    PracticalSignatureInputSerializer,
    SignOffInputSerializer,
    SignOffWithdrawalInputSerializer,
    StationRulingInputSerializer,
    TableAttemptSerializer,
)
from .models import Practical, PracticalAttempt, SignOff, StationRuling

# What goes out ------------------------------------------------------------------------------------------------------


def sheet_data(sheet: viewing.Sheet, *, counts: bool) -> dict[str, Any]:
    """A sign-off, as far as it may be seen."""
    row, withdrawal = sheet.sign_off, sheet.withdrawal
    judgements = sorted(sheet.judgements.items())
    return {
        "id": row.uuid,
        "examiner": row.examiner.get_full_name(),
        "has_taught": row.has_taught,
        "counts": counts,
        "points": row.points if sheet.is_open else None,
        "max_points": row.max_points,
        "passed": row.passed if sheet.is_open else None,
        "comment": row.comment if sheet.is_open else None,
        "lines": [{"points": line.points, "comment": line.comment} for _place, line in judgements]
        if sheet.is_open
        else None,
        "critical_fails": [{"text": fail.text, "comment": fail.comment} for fail in sheet.critical_fails]
        if sheet.is_open
        else None,
        "seconds": row.seconds,
        "observed_at": row.observed_at,
        "recorded_at": row.recorded_at,
        "withdrawn": {
            "reason": withdrawal.reason if sheet.is_open else "",
            "by": withdrawal.by.get_full_name(),
            "at": withdrawal.at,
        }
        if withdrawal
        else None,
    }


def ruling_data(row: StationRuling) -> dict[str, Any]:
    """What a third person decided."""
    return {"passed": row.passed, "reason": row.reason, "by": row.by.get_full_name(), "at": row.at}


def station_data(station: viewing.StationView) -> dict[str, Any]:
    """A station for its candidate."""
    return {
        "code": station.code,
        "title": station.place["title"],
        "state": station.state,
        "ruling": ruling_data(station.ruling) if station.ruling else None,
        "sign_offs": [
            *(sheet_data(sheet, counts=False) for sheet in station.before),
            *(sheet_data(sheet, counts=True) for sheet in station.round),
        ],
    }


def attempt_data(view: viewing.AttemptView) -> dict[str, Any]:
    """An attempt for its candidate."""
    row, signature = view.attempt, view.signature
    return {
        "id": row.uuid,
        "practical": row.practical.code,
        "version": row.version.number,
        "number": row.number,
        "opened_at": row.opened_at,
        "state": view.state,
        "signature": {
            "name": signature.name, "agrees": signature.agrees, "remark": signature.remark, "at": signature.at,
        } if signature else None,
        "stations": [station_data(station) for station in view.stations],
    }  # fmt: skip


def table_data(attempt: PracticalAttempt, viewer: Any) -> dict[str, Any]:
    """An attempt for an examiner or the registrar."""
    view, content = viewing.for_examiner(attempt, viewer), attempt.version.content
    return {
        **attempt_data(view),
        "candidate": {
            "id": attempt.candidate.uuid,
            "name": attempt.candidate.get_full_name(),
            "email": attempt.candidate.email,
        },
        "has_taught": view.has_taught,
        "pass_percent": content["pass_percent"],
        "examiners_needed": content["examiners_needed"],
        "critical_fail_texts": content["critical_fails"],
        "stations": [
            {
                **station_data(station),
                **{name: station.place[name] for name in ("minutes", "briefing", "criteria")},
                "ruling": {**ruling_data(station.ruling), "has_taught": station.is_ruled_by_teacher}
                if station.ruling
                else None,
                "needs_independent": station.needs_independent,
                "may_judge": view.may_judge and not station.against,
                "may_rule": bool(station.may_rule),
            }
            for station in view.stations
        ],
    }


def practical_row(row: Practical, view: viewing.AttemptView | None) -> dict[str, Any]:
    """A practical and where its candidate stands."""
    assert row.current_version is not None  # noqa: S101 - practicals_for leaves out those without one
    return {
        "code": row.code,
        "title": row.title,
        "station_count": len(row.current_version.content["stations"]),
        "state": view.state if view else None,
    }


# For the candidate --------------------------------------------------------------------------------------------------


class PracticalListView(APIView):
    """`GET /api/v1/practicals/`: mine."""

    @extend_schema(
        operation_id="practicals_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedPracticalsSerializer,
        tags=["practicals"],
    )
    def get(self, request: Request) -> Response:
        pagination = Pagination()
        rows = pagination.paginate_queryset(queries.practicals_for(request.user), request, view=self) or []
        latest: dict[int, viewing.AttemptView] = {}
        for row in queries.attempts_of(request.user).filter(practical__in=rows):
            latest.setdefault(row.practical_id, viewing.for_candidate(row))
        return pagination.get_paginated_response([practical_row(row, latest.get(row.pk)) for row in rows])


class PracticalView(APIView):
    """`GET /api/v1/practicals/{code}/`: what is to be shown, and how it went."""

    @extend_schema(responses=PracticalSerializer, tags=["practicals"])
    def get(self, request: Request, code: str) -> Response:
        row = get_object_or_404(queries.practicals_for(request.user), code=code)
        assert row.current_version is not None  # noqa: S101 - practicals_for leaves out those without one
        views = [viewing.for_candidate(each) for each in queries.attempts_of(request.user).filter(practical=row)]
        running = next((view for view in views if not view.is_over), None)
        content = (running.attempt.version if running else row.current_version).content
        return Response(
            {
                **practical_row(row, views[0] if views else None),
                "pass_percent": content["pass_percent"],
                "stations": [
                    {name: place[name] for name in ("code", "title", "minutes", "criteria")}
                    for place in content["stations"]
                ],
                "critical_fails": content["critical_fails"],
                "attempts": [attempt_data(view) for view in views],
            }
        )


class SignatureView(APIView):
    """`POST /api/v1/practicals/attempts/{id}/signature/`: read and sign, agreeing or not."""

    @extend_schema(
        request=PracticalSignatureInputSerializer, responses={201: PracticalAttemptSerializer}, tags=["practicals"]
    )
    def post(self, request: Request, attempt_id: UUID) -> Response:
        row = get_object_or_404(queries.attempts_of(request.user), uuid=attempt_id)
        data = taken(PracticalSignatureInputSerializer, request)
        commands.sign_attempt(attempt=row, **data, by=request.user, at=arrival(request))
        signed = queries.attempts_of(request.user).get(pk=row.pk)
        return Response(attempt_data(viewing.for_candidate(signed)), status=201)


# For those who examine ----------------------------------------------------------------------------------------------


def table_attempt(request: Request, attempt_id: UUID) -> PracticalAttempt:
    """An attempt of somebody else."""
    return get_object_or_404(queries.table_attempts(request.user), uuid=attempt_id)


def table_response(request: Request, attempt_id: UUID, status: int = 200) -> Response:
    """The attempt as it stands now."""
    return Response(table_data(table_attempt(request, attempt_id), request.user), status=status)


class AttemptListView(APIView):
    """`POST /api/v1/examine/practicals/attempts/`: open an attempt (201), or go on with the one that runs (200)."""

    permission_classes = [has_role("examiner")]

    @extend_schema(
        request=PracticalOpenInputSerializer,
        responses={201: TableAttemptSerializer, 200: TableAttemptSerializer},
        tags=["practicals"],
    )
    def post(self, request: Request) -> Response:
        data = taken(PracticalOpenInputSerializer, request)
        person = queries.person_named(request.user, data["candidate"])
        if person is None:
            raise Http404
        practical = get_object_or_404(queries.practicals_for(person), code=data["practical"])
        row, is_new = commands.open_attempt(candidate=person, practical=practical, by=request.user, at=arrival(request))
        return table_response(request, row.uuid, status=201 if is_new else 200)


class AttemptView(APIView):
    """`GET /api/v1/examine/practicals/attempts/{id}/`."""

    permission_classes = [has_role("examiner", "registrar")]

    @extend_schema(responses=TableAttemptSerializer, tags=["practicals"])
    def get(self, request: Request, attempt_id: UUID) -> Response:
        return table_response(request, attempt_id)


class SignOffView(APIView):
    """`PUT /api/v1/examine/practicals/attempts/{id}/sign-offs/{uuid}/`: the client chooses the identifier."""

    permission_classes = [has_role("examiner")]

    @extend_schema(
        request=SignOffInputSerializer,
        responses={201: TableAttemptSerializer, 200: TableAttemptSerializer},
        tags=["practicals"],
        description="The same identifier again records nothing new and answers 200.",
    )
    def put(self, request: Request, attempt_id: UUID, key: UUID) -> Response:
        row = table_attempt(request, attempt_id)
        data = taken(SignOffInputSerializer, request)
        data.setdefault("comments", [""] * len(data["points"]))
        data.setdefault("critical_fails", {})
        _row, is_new = commands.sign_off(attempt=row, **data, key=key, by=request.user, at=arrival(request))
        return table_response(request, attempt_id, status=201 if is_new else 200)


class WithdrawalView(APIView):
    """`POST /api/v1/examine/practicals/attempts/{id}/sign-offs/{uuid}/withdrawal/`: it stays in the record."""

    permission_classes = [has_role("examiner", "registrar")]

    @extend_schema(
        request=SignOffWithdrawalInputSerializer, responses={201: TableAttemptSerializer}, tags=["practicals"]
    )
    def post(self, request: Request, attempt_id: UUID, key: UUID) -> Response:
        row = get_object_or_404(SignOff, attempt=table_attempt(request, attempt_id), uuid=key)
        data = taken(SignOffWithdrawalInputSerializer, request)
        commands.withdraw_sign_off(sign_off=row, **data, by=request.user, at=arrival(request))
        return table_response(request, attempt_id, status=201)


class RulingView(APIView):
    """`POST /api/v1/examine/practicals/attempts/{id}/stations/{code}/ruling/`: a third person decides."""

    permission_classes = [has_role("examiner", "registrar")]

    @extend_schema(request=StationRulingInputSerializer, responses={201: TableAttemptSerializer}, tags=["practicals"])
    def post(self, request: Request, attempt_id: UUID, station: str) -> Response:
        row = table_attempt(request, attempt_id)
        data = taken(StationRulingInputSerializer, request)
        commands.rule(attempt=row, station=station, **data, by=request.user, at=arrival(request))
        return table_response(request, attempt_id, status=201)
