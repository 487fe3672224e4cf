"""API of marking: the answers that wait, and judging one. Blind, as the pages are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response as ApiResponse
from rest_framework.views import APIView

from lms.accounts.api import has_role
from lms.core.clock import arrival
from lms.core.pagination import PAGE_PARAMETERS, Pagination
from quizzes.attempts.models import AttemptItem, Response
from quizzes.grading import queue
from quizzes.grading.marking import MOST_COMMENT, MOST_REASON, MarkingState, mark_item, moderate_item
from quizzes.types import registry
from quizzes.types.essay import EssayKey

from .access import STAFF, attempts_for


class LevelSerializer(serializers.Serializer):
    points = serializers.IntegerField()
    html = serializers.CharField()


class CriterionSerializer(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    points = serializers.IntegerField()
    required = serializers.BooleanField()
    levels = LevelSerializer(many=True)


class RubricSerializer(serializers.Serializer):
    criteria = CriterionSerializer(many=True)
    cap_percent = serializers.IntegerField(allow_null=True)


class WaitingAnswerSerializer(serializers.Serializer):
    attempt = serializers.UUIDField()
    slot = serializers.IntegerField()
    candidate = serializers.CharField(help_text="A pseudonym; it tells nothing about the person.")
    quiz = serializers.CharField()
    question = serializers.UUIDField(help_text="The version of the question.")
    stem_html = serializers.CharField()
    stimulus_html = serializers.CharField(allow_blank=True)
    interaction = serializers.JSONField()
    answer = serializers.JSONField()
    revision = serializers.IntegerField()
    rubric = RubricSerializer()


class PaginatedWaitingAnswersSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = WaitingAnswerSerializer(many=True)


class MarkingInputSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=1, help_text="Of the answer that was read.")
    points = serializers.DictField(
        child=serializers.DecimalField(max_digits=6, decimal_places=2), help_text="Points by criterion of the rubric."
    )
    comment = serializers.CharField(max_length=MOST_COMMENT, required=False, allow_blank=True, default="")
    reason = serializers.CharField(
        max_length=MOST_REASON, required=False, allow_blank=True, default="", help_text="Why a mark given is corrected."
    )
    moderation = serializers.BooleanField(
        default=False, help_text="True to decide between two markers, or to correct what was decided so."
    )


class MarkedSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=[state.value for state in MarkingState])
    fraction = serializers.FloatField(help_text="The share of the marks that these points are worth.")


class MarkingQueueView(APIView):
    """`GET /api/v1/marking/`: answers for this person to mark, in an order that tells nothing."""

    permission_classes = (has_role(*STAFF),)

    @extend_schema(
        operation_id="marking_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedWaitingAnswersSerializer,
        tags=["marking"],
    )
    def get(self, request: Request) -> ApiResponse:
        rows = queue.to_mark(attempts_for(request.user), request.user)
        places = queue.in_blind_order(rows, request.user)
        pagination = Pagination()
        page = pagination.paginate_queryset(places, request, view=self) or []  # type: ignore[type-var]
        wanted = rows.filter(attempt__uuid__in={attempt for attempt, _slot in page}).select_related(
            "attempt__assessment", "version__answer_key"
        )
        found = {(item.attempt.uuid, item.slot): item for item in wanted}
        # Whoever marked in this very moment takes an answer out of the queue.
        items = [found[place] for place in page if place in found]
        answers = Response.objects.in_bulk([item.response_now for item in items])  # type: ignore[attr-defined]
        return pagination.get_paginated_response(
            [_waiting(item, answers[item.response_now]) for item in items]  # type: ignore[attr-defined]
        )


class MarkingView(APIView):
    """`POST /api/v1/marking/{attempt}/{slot}/`: judge one answer."""

    permission_classes = (has_role(*STAFF),)

    @extend_schema(request=MarkingInputSerializer, responses={201: MarkedSerializer}, tags=["marking"])
    def post(self, request: Request, attempt_id: UUID, slot: int) -> ApiResponse:
        mine = AttemptItem.objects.filter(attempt__uuid=attempt_id, attempt__in=attempts_for(request.user), slot=slot)
        if not mine.exists():
            raise Http404
        serializer = MarkingInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(serializer.validated_data)
        command = moderate_item if given.pop("moderation") else mark_item
        done = command(attempt_uuid=attempt_id, slot=slot, **given, by=request.user, at=arrival(request))
        data = {"state": done.state.value, "fraction": float(done.marking.fraction)}
        return ApiResponse(data, status=201)


def _waiting(item: AttemptItem, response: Response) -> dict[str, Any]:
    version = item.version
    kind = registry.get(version.type)
    key = EssayKey.model_validate(version.answer_key.key)
    return {
        "attempt": str(item.attempt.uuid),
        "slot": item.slot,
        "candidate": queue.pseudonym(item.attempt),
        "quiz": item.attempt.assessment.code,
        "question": str(version.uuid),
        "stem_html": version.stem_html,
        "stimulus_html": version.stimulus_html,
        "interaction": kind.interaction(kind.Presentation.model_validate(version.presentation), item.arrangement),
        "answer": response.data,
        "revision": response.sequence,
        "rubric": key.rubric.model_dump(mode="json"),
    }
