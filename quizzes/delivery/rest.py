"""API of quizzes and attempts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as ApiResponse
from rest_framework.views import APIView

from lms.core.clock import arrival
from lms.core.pagination import PAGE_PARAMETERS, Pagination
from quizzes.attempts.commands import (
    UNCHANGED,
    has_time_left,
    note_presence,
    record_response,
)
from quizzes.attempts.enums import InputMode
from quizzes.attempts.exceptions import InvalidAnswer
from quizzes.attempts.models import Attempt, AttemptItem

from . import presenters
from .entering import begin
from .outcome import result_data
from .review import review_items
from .serializers import (
    AttemptSerializer,
    HeartbeatSerializer,
    PaginatedQuizzesSerializer,
    QuizSerializer,
    ResponseSavedSerializer,
    ResponseSerializer,
    ResultSerializer,
    ReviewSerializer,
    StartSerializer,
    SubmitSerializer,
)

CLIENT_KEY_LENGTH = 80


def my_attempt(request: Request, attempt_id: UUID) -> Attempt:
    """The attempt, if it is this person's, else 404."""
    found = presenters.attempt_of(request.user, attempt_id)
    if found is None:
        raise Http404
    return found


def my_quiz(request: Request, slug: str) -> presenters.QuizView:
    """The quiz, if it belongs to what this person is enrolled in, else 404."""
    views = presenters.quiz_views(request.user, arrival(request), [slug])
    if not views:
        raise Http404
    return views[0]


class QuizListView(APIView):
    """`GET /api/v1/quizzes/`."""

    @extend_schema(
        operation_id="quizzes_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedQuizzesSerializer,
        tags=["quizzes"],
    )
    def get(self, request: Request) -> ApiResponse:
        views = presenters.quiz_views(request.user, arrival(request))
        pagination = Pagination()
        page = pagination.paginate_queryset(views, request, view=self)  # type: ignore[type-var]
        return pagination.get_paginated_response([presenters.quiz_data(view) for view in page or []])


class QuizView(APIView):
    """`GET /api/v1/quizzes/{slug}/`."""

    @extend_schema(responses=QuizSerializer, tags=["quizzes"])
    def get(self, request: Request, slug: str) -> ApiResponse:
        return ApiResponse(presenters.quiz_data(my_quiz(request, slug)))


class AttemptListView(APIView):
    """`POST /api/v1/quizzes/{slug}/attempts/`: begin, or get the open attempt back."""

    @extend_schema(
        request=StartSerializer, responses={201: AttemptSerializer, 200: AttemptSerializer}, tags=["quizzes"]
    )
    def post(self, request: Request, slug: str) -> ApiResponse:
        assessment = presenters.startable(request.user, slug)
        if assessment is None:
            raise Http404
        at = arrival(request)
        given = StartSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        code = given.validated_data.get("start_code", "")
        attempt, is_new = begin(assessment, start_code=code, by=request.user, at=at)
        return ApiResponse(presenters.attempt_data(attempt, None, at), status=201 if is_new else 200)


class AttemptView(APIView):
    """`GET /api/v1/attempts/{id}/`."""

    @extend_schema(responses=AttemptSerializer, tags=["quizzes"])
    def get(self, request: Request, attempt_id: UUID) -> ApiResponse:
        attempt, at = my_attempt(request, attempt_id), arrival(request)
        result = presenters.settle(attempt, at)
        return ApiResponse(presenters.attempt_data(attempt, result, at))


def expected_revision(request: Request) -> int | None:
    """The number in `If-Match: "3"`; None without the header or with `*`."""
    header = request.headers.get("If-Match", "").strip()
    if header in {"", "*"}:
        return None
    digits = header.removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise ValidationError({"If-Match": ['This header takes the revision in quotes, such as “"3"”.']})
    return int(digits)


def client_key(request: Request) -> str:
    """The `Idempotency-Key`; empty without the header."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > CLIENT_KEY_LENGTH or not key.isprintable():
        raise ValidationError({"Idempotency-Key": [f"At most {CLIENT_KEY_LENGTH} printable characters."]})
    return key


class ResponseView(APIView):
    """`PUT /api/v1/attempts/{id}/responses/{slot}/`: save one answer."""

    @extend_schema(
        request=ResponseSerializer,
        responses=ResponseSavedSerializer,
        tags=["quizzes"],
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "maxLength": CLIENT_KEY_LENGTH},
                OpenApiParameter.HEADER,
                description="The same key again stores nothing new and answers the same.",
            ),
            OpenApiParameter(
                "If-Match",
                {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,9}")$'},
                OpenApiParameter.HEADER,
                description="The revision that the client knows; 412 when there is a newer one.",
            ),
        ],
    )
    def put(self, request: Request, attempt_id: UUID, slot: int) -> ApiResponse:
        try:
            serializer = ResponseSerializer(data=request.data)
            serializer.is_valid(raise_exception=True)
            given: dict[str, Any] = serializer.validated_data
            key, revision = client_key(request), expected_revision(request)
        except (ValidationError, ParseError, InvalidAnswer):
            # To others the attempt does not exist, whatever they send.
            mine = AttemptItem.objects.filter(attempt__uuid=attempt_id, attempt__candidate=request.user, slot=slot)
            if not mine.exists():
                raise Http404 from None
            raise
        try:
            saved = record_response(
                attempt_uuid=attempt_id,
                slot=slot,
                answer=given.get("answer", UNCHANGED),
                flagged=given.get("flagged"),
                confidence=given.get("confidence", UNCHANGED),
                client_key=key,
                expected_revision=revision,
                elapsed_ms=given.get("elapsed_ms"),
                input_mode=InputMode.SCRIPTED if request.auth is None else InputMode.API,
                by=request.user,
                at=arrival(request),
            )
        except AttemptItem.DoesNotExist as error:
            raise Http404 from error
        data = {
            "slot": slot,
            "revision": saved.revision,
            "saved_at": presenters.moment(saved.response.received_at),
            "deadline": presenters.moment(saved.item.attempt.deadline_at),
        }
        if saved.response.feedback_shown:
            data["feedback"] = presenters.answer_feedback(saved.item, saved.response)
        response = ApiResponse(data)
        response["ETag"] = f'"{saved.revision}"'
        return response


class HeartbeatView(APIView):
    """`POST /api/v1/attempts/{id}/heartbeat/`: the page is there; how much time it has, and whether the clock runs."""

    @extend_schema(request=None, responses=HeartbeatSerializer, tags=["quizzes"])
    def post(self, request: Request, attempt_id: UUID) -> ApiResponse:
        attempt, at = my_attempt(request, attempt_id), arrival(request)
        result = presenters.settle(attempt, at)
        if attempt.is_open:
            note_presence(attempt=attempt, at=at)
        return ApiResponse(presenters.heartbeat_data(attempt, result, at))


class SubmitView(APIView):
    """`POST /api/v1/attempts/{id}/submit/`: seal and grade; again gives the same answer.

    A page whose clock ran out too early, because the time was changed meanwhile, seals nothing and hears the deadline.
    """

    @extend_schema(request=SubmitSerializer, responses=ResultSerializer, tags=["quizzes"])
    def post(self, request: Request, attempt_id: UUID) -> ApiResponse:
        attempt, at = my_attempt(request, attempt_id), arrival(request)
        given = SubmitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data.get("reason") == "time_up" and has_time_left(attempt, at):
            result = None
        else:
            result = presenters.hand_in(attempt, by=request.user, at=at)
        return ApiResponse(result_data(attempt, result, at))


class ReviewView(APIView):
    """`GET /api/v1/attempts/{id}/review/`: what the feedback rule allows at this moment."""

    @extend_schema(responses=ReviewSerializer, tags=["quizzes"])
    def get(self, request: Request, attempt_id: UUID) -> ApiResponse:
        attempt, at = my_attempt(request, attempt_id), arrival(request)
        result = presenters.settle(attempt, at)
        return ApiResponse(
            {
                "id": str(attempt.uuid),
                "quiz": attempt.assessment.code,
                **result_data(attempt, result, at),
                "items": review_items(attempt, result, at),
            }
        )
