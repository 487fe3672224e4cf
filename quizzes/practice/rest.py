"""API of practice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.core.clock import arrival

from . import presenters
from .commands import next_card, review_card
from .models import PracticeCard
from .retakes import Focus, focus_after


class CardSerializer(serializers.Serializer):
    """The card to answer; `item` is as in attempts."""

    card = serializers.UUIDField()
    item = serializers.JSONField()


class PracticeAnswerSerializer(serializers.Serializer):
    """An answer; null gives up. The rating says how well it was remembered, from 1 (again) to 4 (easy)."""

    answer = serializers.JSONField(allow_null=True)
    rating = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=4)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(name): ["There is no such member."] for name in unknown})
        return super().to_internal_value(data)


class PracticeDrawingSerializer(serializers.Serializer):
    """Hotspots: where the regions are, and the region that holds each point of the answer."""

    outlines = serializers.DictField(child=serializers.ListField(child=serializers.ListField()))
    hits = serializers.ListField(child=serializers.CharField(allow_null=True))


class PracticeFeedbackSerializer(serializers.Serializer):
    score = serializers.FloatField()
    correct_answer = serializers.JSONField()
    rationale_html = serializers.CharField()
    choice_feedback = serializers.DictField(child=serializers.CharField())
    drawing = PracticeDrawingSerializer(required=False)


class PracticeObjectiveSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()


class PracticeLessonSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class PracticeSourceSerializer(serializers.Serializer):
    code = serializers.CharField()
    citation = serializers.CharField()
    url = serializers.CharField(allow_blank=True)


class PracticeReviewSerializer(serializers.Serializer):
    card = serializers.UUIDField()
    score = serializers.FloatField()
    max_score = serializers.FloatField()
    rating = serializers.IntegerField()
    due = serializers.DateTimeField()
    feedback = PracticeFeedbackSerializer()
    objectives = PracticeObjectiveSerializer(many=True)
    lessons = PracticeLessonSerializer(many=True)
    sources = PracticeSourceSerializer(many=True)


def _focus(request: Request) -> Focus | None:
    """What `?after=` names: a failed attempt of the person's own."""
    asked = request.query_params.get("after")
    if asked is None:
        return None
    try:
        attempt = UUID(asked)
    except ValueError:
        raise ValidationError({"after": ["This takes the id of an attempt."]}) from None
    focus = focus_after(request.user, attempt)
    if focus is None:
        raise Http404
    return focus


class NextCardView(APIView):
    """`GET /api/v1/practice/next/`: the card that waits, else the one that is due, else a new one; 204 for none."""

    @extend_schema(
        responses={200: CardSerializer, 204: None},
        parameters=[OpenApiParameter("after", str, description="A failed attempt: what it asks to be practised.")],
        tags=["practice"],
    )
    def get(self, request: Request) -> Response:
        card = next_card(focus=_focus(request), by=request.user, at=arrival(request))
        return Response(status=204) if card is None else Response(presenters.card_data(card))


class CardView(APIView):
    """`POST /api/v1/practice/{card}/`: answer the card that was shown. A second answer gets 409 `card_not_shown`."""

    @extend_schema(request=PracticeAnswerSerializer, responses=PracticeReviewSerializer, tags=["practice"])
    def post(self, request: Request, card_id: UUID) -> Response:
        if not PracticeCard.objects.filter(uuid=card_id, user=request.user).exists():
            raise Http404
        serializer = PracticeAnswerSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given: dict[str, Any] = serializer.validated_data
        judged = review_card(
            card_uuid=card_id,
            answer=given["answer"],
            rating=given.get("rating"),
            by=request.user,
            at=arrival(request),
        )
        return Response(presenters.review_data(judged.review, judged.card))
