"""API of the item analysis."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response as ApiResponse
from rest_framework.views import APIView

from lms.accounts.api import has_role
from lms.core.clock import arrival
from quizzes.statistics.report import in_words

from .access import STAFF, assessments_for
from .analysis import current_analysis, note_looks

ATTEMPTS = ("first", "all")


def number(help_text: str = "") -> serializers.FloatField:
    """A figure, null while it is not known or answers are too few."""
    return serializers.FloatField(allow_null=True, help_text=help_text)


def interval(help_text: str = "95 %, from and to.") -> serializers.ListField:
    """Two bounds."""
    return serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True, help_text=help_text
    )


class FlagSerializer(serializers.Serializer):
    code = serializers.CharField()
    weight = serializers.ChoiceField(choices=["alarm", "warning", "note"])
    sentence = serializers.CharField()
    advice = serializers.CharField()


class DecisionSerializer(serializers.Serializer):
    effective_length = serializers.IntegerField(allow_null=True)
    pass_rate = serializers.FloatField()
    consistency = serializers.FloatField()
    kappa = number()
    accuracy = serializers.FloatField()
    false_pass = serializers.FloatField()
    false_fail = serializers.FloatField()


class ScoresSerializer(serializers.Serializer):
    attempts = serializers.IntegerField()
    items = serializers.IntegerField()
    maximum = number()
    in_percent = serializers.BooleanField()
    mean = number()
    median = number()
    sd = number()
    skewness = number()
    kurtosis = number()
    cic = number("Coefficient of internal consistency: 100 × alpha.")
    alpha = number()
    is_kr20 = serializers.BooleanField(allow_null=True)
    error_ratio = number()
    sem = number("Standard error of measurement.")
    sem_at_cut = number()
    cut_percent = number()
    passed = serializers.IntegerField()
    pass_rate = number()
    pass_rate_interval = interval()
    decision = DecisionSerializer(allow_null=True)
    flags = FlagSerializer(many=True)


class FormScoresSerializer(ScoresSerializer):
    label = serializers.CharField()
    form = serializers.UUIDField()


class OptionSerializer(serializers.Serializer):
    id = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    is_key = serializers.BooleanField()
    count = serializers.IntegerField()
    share = number()
    upper_share = number()
    lower_share = number()
    point_biserial = number()
    shares_by_group = serializers.ListField(child=serializers.FloatField(allow_null=True))


class ItemFiguresSerializer(serializers.Serializer):
    question = serializers.CharField()
    versions = serializers.ListField(child=serializers.IntegerField())
    version = serializers.UUIDField()
    summary = serializers.CharField()
    type = serializers.CharField()
    domain = serializers.CharField()
    objective = serializers.CharField()
    counts = serializers.BooleanField()
    answers = serializers.IntegerField()
    maximum = serializers.FloatField()
    mean = number()
    facility = number()
    facility_interval = interval()
    sd = number()
    intended_weight = number()
    effective_weight = number()
    negative_covariance = serializers.BooleanField(allow_null=True)
    discrimination = number("100 × corrected item-total correlation.")
    efficiency = number()
    upper_lower = number("Facility of the upper minus that of the lower 27 %.")
    is_binary = serializers.BooleanField(allow_null=True)
    chance = number("What blind guessing earns, 0 to 1.")
    key = serializers.CharField(allow_blank=True)
    options = OptionSerializer(many=True)
    blank_share = number()
    mean_seconds = number()
    median_seconds = number()
    flags = FlagSerializer(many=True)


class ChanceSerializer(serializers.Serializer):
    true_percent = serializers.FloatField()
    margin = serializers.FloatField()
    passes = serializers.FloatField()
    wrong = serializers.FloatField()


class HurdleFiguresSerializer(serializers.Serializer):
    domain = serializers.CharField()
    percent = serializers.FloatField()
    items = serializers.IntegerField()
    cut_items = serializers.IntegerField()
    chances = ChanceSerializer(many=True)


class AnalysisSerializer(serializers.Serializer):
    quiz = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    attempts = serializers.ChoiceField(choices=ATTEMPTS)
    input_digest = serializers.CharField()
    overall = ScoresSerializer()
    forms = FormScoresSerializer(many=True)
    items = ItemFiguresSerializer(many=True)
    hurdles = HurdleFiguresSerializer(many=True)


class AnalysisView(APIView):
    """`GET /api/v1/quizzes/{slug}/analysis/`: classical statistics of a quiz, its forms and its items."""

    permission_classes = [has_role(*STAFF)]

    @extend_schema(
        responses=AnalysisSerializer,
        tags=["examining"],
        parameters=[
            OpenApiParameter("attempts", enum=ATTEMPTS, default="first", description="First finished attempts, or all.")
        ],
    )
    def get(self, request: Request, slug: str) -> ApiResponse:
        assessment = assessments_for(request.user).select_related("current_version").filter(code=slug).first()
        if assessment is None:
            raise Http404
        at = arrival(request)
        which = request.query_params.get("attempts", "first")
        if which not in ATTEMPTS:
            raise serializers.ValidationError({"attempts": ["This is “first” or “all”."]})
        report = in_words(current_analysis(assessment, includes_retakes=which == "all", at=at))
        note_looks(report["items"], request.user, at)
        return ApiResponse(report)
