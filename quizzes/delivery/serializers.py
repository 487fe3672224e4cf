"""Shapes of the quiz API: input validation, and what the OpenAPI document says of the output."""

from __future__ import annotations

import math
import re
from typing import Any

from rest_framework import serializers

from quizzes.attempts.exceptions import InvalidAnswer

MAX_DEPTH = 6
# No database keeps the one, no UTF-8 the others.
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def refuse_odd_values(value: Any, depth: int = 0) -> None:
    """NaN, half characters and bottomless nesting are JSON to some writers and answers to nobody."""
    if depth > MAX_DEPTH:
        raise _invalid("The answer is nested too deeply.")
    if isinstance(value, float) and not math.isfinite(value):
        raise _invalid("The answer holds a number that is not finite.")
    if isinstance(value, str) and NOT_TEXT.search(value):
        raise _invalid("The answer holds a character that is none.")
    if isinstance(value, dict):
        for name, part in value.items():
            refuse_odd_values(name, depth + 1)
            refuse_odd_values(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            refuse_odd_values(part, depth + 1)


def _invalid(message: str) -> InvalidAnswer:
    return InvalidAnswer(message, errors={"answer": [message]})


class ResponseSerializer(serializers.Serializer):
    """An answer, its flag and its certainty; each may come alone."""

    answer = serializers.JSONField(required=False, allow_null=True)
    flagged = serializers.BooleanField(required=False)
    confidence = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=3)
    elapsed_ms = serializers.IntegerField(required=False, min_value=0, max_value=2_000_000_000)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(name): ["There is no such member."] for name in unknown})
        return super().to_internal_value(data)

    def validate_answer(self, value: Any) -> Any:
        refuse_odd_values(value)
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not {"answer", "flagged", "confidence"} & set(attrs):
            raise serializers.ValidationError({"answer": ["Nothing to save was sent."]})
        return attrs


class FeedbackSerializer(serializers.Serializer):
    score = serializers.FloatField(allow_null=True)
    correct_answer = serializers.JSONField()
    rationale_html = serializers.CharField()
    choice_feedback = serializers.DictField(child=serializers.CharField())


class ResponseSavedSerializer(serializers.Serializer):
    slot = serializers.IntegerField()
    revision = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    feedback = FeedbackSerializer(required=False)


class StoredResponseSerializer(serializers.Serializer):
    answer = serializers.JSONField(allow_null=True)
    revision = serializers.IntegerField()
    flagged = serializers.BooleanField()
    confidence = serializers.IntegerField(allow_null=True)


class PictureSerializer(serializers.Serializer):
    src = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()


class ItemSerializer(serializers.Serializer):
    slot = serializers.IntegerField()
    type = serializers.CharField()
    stem_html = serializers.CharField()
    max_score = serializers.FloatField()
    interaction = serializers.JSONField()
    stimulus_html = serializers.CharField(required=False)
    picture = PictureSerializer(required=False)
    response = StoredResponseSerializer(allow_null=True)


class AttemptSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    quiz = serializers.CharField()
    state = serializers.CharField()
    paused = serializers.BooleanField()
    started_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    server_time = serializers.DateTimeField()
    items = ItemSerializer(many=True)


class HurdleRuleSerializer(serializers.Serializer):
    code = serializers.CharField()
    percent = serializers.FloatField()


class MissingSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)


class AttemptLineSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    ordinal = serializers.IntegerField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    passed = serializers.BooleanField(allow_null=True)


class QuizSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    time_limit_seconds = serializers.IntegerField(allow_null=True)
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    max_attempts = serializers.IntegerField(allow_null=True)
    attempts_window_seconds = serializers.IntegerField(allow_null=True)
    cooldown_seconds = serializers.IntegerField(allow_null=True)
    pass_percent = serializers.FloatField()
    pass_percent_basis = serializers.CharField()
    hurdles = HurdleRuleSerializer(many=True)
    item_count = serializers.IntegerField()
    feedback = serializers.CharField()
    results = serializers.CharField()
    attempts = AttemptLineSerializer(many=True)
    can_start = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)
    retry_at = serializers.DateTimeField(allow_null=True)
    missing = MissingSerializer(many=True)


class PaginatedQuizzesSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = QuizSerializer(many=True)


class HurdleSerializer(serializers.Serializer):
    code = serializers.CharField()
    need = serializers.FloatField()
    have = serializers.FloatField()
    met = serializers.BooleanField()


class DomainScoreSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    score = serializers.FloatField(required=False)
    max_score = serializers.FloatField(required=False)
    band = serializers.ChoiceField(choices=["below", "at", "above"], required=False)


class ResultSerializer(serializers.Serializer):
    state = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    max_score = serializers.FloatField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    passed = serializers.BooleanField(allow_null=True)
    hurdles = HurdleSerializer(many=True)
    domains = DomainScoreSerializer(many=True)


class ReviewItemSerializer(ItemSerializer):
    score = serializers.FloatField(required=False, allow_null=True)
    correct_answer = serializers.JSONField(required=False)
    rationale_html = serializers.CharField(required=False)
    choice_feedback = serializers.DictField(child=serializers.CharField(), required=False)
    objectives = serializers.ListField(child=serializers.DictField(), required=False)
    lessons = serializers.ListField(child=serializers.DictField(), required=False)


class ReviewSerializer(ResultSerializer):
    id = serializers.UUIDField()
    quiz = serializers.CharField()
    items = ReviewItemSerializer(many=True)
