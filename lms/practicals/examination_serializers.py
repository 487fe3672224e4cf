"""What the API of practical examinations takes and gives, for the OpenAPI document."""

from __future__ import annotations

from rest_framework import serializers

from lms.core.pagination import PageSerializer

from .enums import AttemptState, StationState
from .examination_forms import A_DAY, LONGEST_REMARK


class JudgedLineSerializer(serializers.Serializer):
    """What was given for a criterion, in the order of the station's criteria."""

    points = serializers.IntegerField(min_value=0, max_value=2)
    comment = serializers.CharField(allow_blank=True)


class CriticalFailSerializer(serializers.Serializer):
    """What happened that fails the whole practical, and what was seen."""

    text = serializers.CharField()
    comment = serializers.CharField()


class WithdrawnSignOffSerializer(serializers.Serializer):
    """Why a sign-off no longer counts."""

    reason = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()


class SignOffSerializer(serializers.Serializer):
    """A sign-off. What was judged is null while it may not be seen."""

    id = serializers.UUIDField()
    examiner = serializers.CharField()
    has_taught = serializers.BooleanField()
    counts = serializers.BooleanField(help_text="It belongs to the round that decides or waits.")
    points = serializers.IntegerField(allow_null=True)
    max_points = serializers.IntegerField()
    passed = serializers.BooleanField(allow_null=True)
    comment = serializers.CharField(allow_null=True, allow_blank=True)
    lines = JudgedLineSerializer(many=True, allow_null=True)
    critical_fails = CriticalFailSerializer(many=True, allow_null=True)
    seconds = serializers.IntegerField(allow_null=True)
    observed_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    withdrawn = WithdrawnSignOffSerializer(allow_null=True)


class StationRulingSerializer(serializers.Serializer):
    """A third person's decision where examiners disagreed."""

    passed = serializers.BooleanField()
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class TableRulingSerializer(StationRulingSerializer):
    """The same for who examines."""

    has_taught = serializers.BooleanField(help_text="Who decided has taught the candidate.")


class ShownStationSerializer(serializers.Serializer):
    """How a station stands for its candidate."""

    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=StationState.choices)
    ruling = StationRulingSerializer(allow_null=True)
    sign_offs = SignOffSerializer(many=True)


class TableStationSerializer(ShownStationSerializer):
    """How a station stands for an examiner, with what is needed to judge it."""

    ruling = TableRulingSerializer(allow_null=True)
    minutes = serializers.IntegerField()
    briefing = serializers.CharField(allow_blank=True)
    criteria = serializers.ListField(child=serializers.CharField())
    needs_independent = serializers.BooleanField()
    may_judge = serializers.BooleanField()
    may_rule = serializers.BooleanField()


class PracticalSignatureSerializer(serializers.Serializer):
    """The candidate's signature."""

    name = serializers.CharField()
    agrees = serializers.BooleanField()
    remark = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class PracticalAttemptSerializer(serializers.Serializer):
    """An attempt as its candidate sees it."""

    id = serializers.UUIDField()
    practical = serializers.CharField()
    version = serializers.IntegerField()
    number = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=AttemptState.choices)
    signature = PracticalSignatureSerializer(allow_null=True)
    stations = ShownStationSerializer(many=True)


class ExaminedPersonSerializer(serializers.Serializer):
    """Who is examined."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()


class TableAttemptSerializer(PracticalAttemptSerializer):
    """An attempt as an examiner or the registrar sees it."""

    candidate = ExaminedPersonSerializer()
    has_taught = serializers.BooleanField(help_text="You have taught this person.")
    pass_percent = serializers.IntegerField()
    examiners_needed = serializers.IntegerField()
    critical_fail_texts = serializers.ListField(child=serializers.CharField())
    stations = TableStationSerializer(many=True)


class StationToShowSerializer(serializers.Serializer):
    """What is to be shown at a station."""

    code = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    criteria = serializers.ListField(child=serializers.CharField())


class PracticalRowSerializer(serializers.Serializer):
    """A practical examination and where I stand; `state` is null before the first attempt."""

    code = serializers.CharField()
    title = serializers.CharField()
    station_count = serializers.IntegerField()
    state = serializers.ChoiceField(choices=AttemptState.choices, allow_null=True)


class PracticalSerializer(PracticalRowSerializer):
    """The same with its stations and my attempts, newest first."""

    pass_percent = serializers.IntegerField()
    stations = StationToShowSerializer(many=True)
    critical_fails = serializers.ListField(child=serializers.CharField())
    attempts = PracticalAttemptSerializer(many=True)


class PaginatedPracticalsSerializer(PageSerializer):
    """A page of practical examinations."""

    results = PracticalRowSerializer(many=True)


class PracticalOpenInputSerializer(serializers.Serializer):
    """Whom to examine, by e-mail address or id, and in what."""

    candidate = serializers.CharField(max_length=254)
    practical = serializers.SlugField(max_length=60)


class SignOffInputSerializer(serializers.Serializer):
    """A filled-in checklist. Lists follow the station's criteria; `critical_fails` maps each to what was seen."""

    station = serializers.CharField(max_length=20)
    points = serializers.ListField(child=serializers.IntegerField(allow_null=True), max_length=200)
    comments = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False, max_length=200)
    critical_fails = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    comment = serializers.CharField(allow_blank=True, required=False, default="", max_length=LONGEST_REMARK)
    seconds = serializers.IntegerField(min_value=0, max_value=A_DAY, allow_null=True, required=False, default=None)
    observed_at = serializers.DateTimeField(allow_null=True, required=False, default=None)


class SignOffWithdrawalInputSerializer(serializers.Serializer):
    """Why a sign-off no longer counts."""

    reason = serializers.CharField(max_length=500)


class StationRulingInputSerializer(serializers.Serializer):
    """A third person decides."""

    passed = serializers.BooleanField()
    critical_fail = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Whether one was shown; needed where examiners who failed the station do not agree on that.",
    )
    reason = serializers.CharField(max_length=1000)


class PracticalSignatureInputSerializer(serializers.Serializer):
    """The candidate signs; who does not agree says why."""

    name = serializers.CharField(max_length=200)
    agrees = serializers.BooleanField()
    remark = serializers.CharField(allow_blank=True, required=False, default="", max_length=LONGEST_REMARK)
