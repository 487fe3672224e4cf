"""Shapes of the quiz API: input validation, and what the OpenAPI document says of the output."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from quizzes.attempts.odd_values import refuse_odd_values


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


class DrawingSerializer(serializers.Serializer):
    """Hotspots: where the regions are, and the region that holds each point of the answer."""

    outlines = serializers.DictField(child=serializers.ListField(child=serializers.ListField()))
    hits = serializers.ListField(child=serializers.CharField(allow_null=True))


class FeedbackSerializer(serializers.Serializer):
    score = serializers.FloatField(allow_null=True)
    correct_answer = serializers.JSONField()
    rationale_html = serializers.CharField()
    choice_feedback = serializers.DictField(child=serializers.CharField())
    drawing = DrawingSerializer(required=False)


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


class StartSerializer(serializers.Serializer):
    """What a start may need: the code that the invigilator reads out."""

    start_code = serializers.CharField(required=False, allow_blank=True, max_length=40)


class SubmitSerializer(serializers.Serializer):
    """Why it is handed in; a page whose clock ran out says `time_up`, which is advice and not a decision."""

    reason = serializers.ChoiceField(choices=["candidate", "time_up"], required=False)


class HeartbeatSerializer(serializers.Serializer):
    """How things stand with an attempt that a page shows."""

    server_time = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    paused = serializers.BooleanField()
    state = serializers.CharField()


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
    starts_until = serializers.DateTimeField(allow_null=True)
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
    asks_certainty = serializers.BooleanField()
    needs_authorisation = serializers.BooleanField()
    needs_sitting = serializers.BooleanField()
    asks_start_code = serializers.BooleanField()
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


class CertaintyLevelSerializer(serializers.Serializer):
    certainty = serializers.IntegerField()
    answers = serializers.IntegerField()
    right = serializers.IntegerField(allow_null=True)


class CertaintySerializer(serializers.Serializer):
    """How sure the candidate was, and how often that was right; nulls where it would tell single answers."""

    levels = CertaintyLevelSerializer(many=True)
    average = serializers.FloatField(allow_null=True)


class ResultSerializer(serializers.Serializer):
    state = serializers.CharField()
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    score = serializers.FloatField(allow_null=True)
    max_score = serializers.FloatField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    passed = serializers.BooleanField(allow_null=True)
    hurdles = HurdleSerializer(many=True)
    domains = DomainScoreSerializer(many=True)
    certainty = CertaintySerializer(required=False)


class MarkingSerializer(serializers.Serializer):
    points = serializers.DictField(child=serializers.FloatField(), help_text="Points by criterion of the rubric.")
    comment = serializers.CharField(allow_blank=True)


class ReviewObjectiveSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()


class ReviewLessonSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class ReviewItemSerializer(ItemSerializer):
    score = serializers.FloatField(required=False, allow_null=True)
    left_out = serializers.BooleanField(required=False)
    correct_answer = serializers.JSONField(required=False)
    rationale_html = serializers.CharField(required=False)
    choice_feedback = serializers.DictField(child=serializers.CharField(), required=False)
    marking = MarkingSerializer(required=False)
    drawing = DrawingSerializer(required=False)
    objectives = ReviewObjectiveSerializer(many=True, required=False)
    lessons = ReviewLessonSerializer(many=True, required=False)


class ReviewSerializer(ResultSerializer):
    id = serializers.UUIDField()
    quiz = serializers.CharField()
    items = ReviewItemSerializer(many=True)
