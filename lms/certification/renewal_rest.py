"""API of renewal and continuing education."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import has_role
from lms.core.clock import arrival, school_day
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated

from . import renewal_commands as commands
from . import renewal_queries as reads
from .enums import ClaimState, CourseType, DecisionOutcome, RenewalStage
from .models import CeClaim, Certificate, Renewal
from .rest import RequirementSerializer


class HoursSerializer(serializers.Serializer):
    have = serializers.CharField()
    need = serializers.IntegerField()


class CategoryHoursSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    accepted = serializers.CharField()
    counted = serializers.CharField()
    waiting = serializers.CharField()
    min_hours = serializers.IntegerField()
    max_hours = serializers.IntegerField(allow_null=True)


class CountedClaimSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    category = serializers.CharField()
    completed_on = serializers.DateField()
    state = serializers.ChoiceField(choices=ClaimState.choices)
    hours = serializers.CharField()
    counted = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class StatementSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    digest = serializers.CharField()


class RenewalSerializer(serializers.Serializer):
    """An application for renewal."""

    id = serializers.UUIDField()
    certificate = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    state = serializers.ChoiceField(choices=["open", *DecisionOutcome.values])
    reason = serializers.CharField(allow_blank=True)
    renewed_as = serializers.CharField(allow_null=True)


class RegistrarRenewalSerializer(RenewalSerializer):
    holder = serializers.EmailField()
    is_audited = serializers.BooleanField()


class RenewalLedgerSerializer(serializers.Serializer):
    """Where a renewal stands. Hours are decimal numbers as text, days the first or last of a stage."""

    stage = serializers.ChoiceField(choices=RenewalStage.choices)
    opens_on = serializers.DateField()
    expires_on = serializers.DateField()
    grace_until = serializers.DateField()
    refresher_from = serializers.DateField()
    recertify_from = serializers.DateField()
    counts_from = serializers.DateField()
    counts_until = serializers.DateField(allow_null=True)
    hours = HoursSerializer()
    met = serializers.BooleanField()
    lines = RequirementSerializer(many=True)
    categories = CategoryHoursSerializer(many=True)
    claims = CountedClaimSerializer(many=True)
    statements = StatementSerializer(many=True)
    application = RenewalSerializer(allow_null=True)


class RenewalInputSerializer(serializers.Serializer):
    """`statements` maps the code of each statement to the digest of the text that was read."""

    statements = serializers.DictField(child=serializers.CharField(max_length=64), required=False, default=dict)


class ClaimSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    provider = serializers.CharField()
    category = serializers.CharField()
    course_type = serializers.ChoiceField(choices=CourseType.choices)
    hours = serializers.CharField()
    completed_on = serializers.DateField()
    submitted_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=ClaimState.choices)
    accepted_hours = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    used_for = serializers.CharField(allow_null=True)


class RegistrarClaimSerializer(ClaimSerializer):
    holder = serializers.EmailField()
    evidence_url = serializers.CharField()


class ClaimInputSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    provider = serializers.CharField(max_length=200)
    category = serializers.CharField(max_length=40)
    course_type = serializers.ChoiceField(choices=CourseType.choices)
    hours = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=Decimal(0))
    completed_on = serializers.DateField()
    file = serializers.FileField()


class ReviewInputSerializer(serializers.Serializer):
    accepted_hours = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=Decimal(0))
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class RenewalDecisionInputSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=DecisionOutcome.choices)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class PaginatedClaimsSerializer(PageSerializer):
    results = ClaimSerializer(many=True)


class PaginatedRegistrarClaimsSerializer(PageSerializer):
    results = RegistrarClaimSerializer(many=True)


class PaginatedRegistrarRenewalsSerializer(PageSerializer):
    results = RegistrarRenewalSerializer(many=True)


def claim_data(row: CeClaim, *, for_registrar: bool = False) -> dict[str, Any]:
    """A claim for its holder or a registrar."""
    line = reads.claim_row(row, {})
    data = {
        "id": str(row.uuid),
        "title": row.title,
        "provider": row.provider,
        "category": row.category,
        "course_type": row.course_type,
        "hours": line["hours"],
        "completed_on": row.completed_on,
        "submitted_at": row.submitted_at,
        "state": line["state"].value,
        "accepted_hours": line["accepted"] or None,
        "reason": line["reason"],
        "used_for": line["used_for"] or None,
    }
    if for_registrar:
        data |= {
            "holder": row.user.email,
            "evidence_url": reverse("registrar:ce_evidence", args=[row.uuid]),
        }
    return data


def renewal_data(row: Renewal, *, for_registrar: bool = False) -> dict[str, Any]:
    """An application for its holder, who is not told of an audit, or for a registrar."""
    decision = getattr(row, "decision", None)
    successor = None
    if decision and decision.outcome == DecisionOutcome.AWARD:
        successor = Certificate.objects.filter(renews=row.certificate).first()
    data = {
        "id": str(row.uuid),
        "certificate": row.certificate.number,
        "submitted_at": row.submitted_at,
        "is_late": row.is_late,
        "state": decision.outcome if decision else "open",
        "reason": decision.reason if decision and decision.outcome != DecisionOutcome.AWARD else "",
        "renewed_as": successor.number if successor else None,
    }
    if for_registrar:
        data |= {"holder": row.certificate.holder.email, "is_audited": row.is_audited}
    return data


class RenewalView(APIView):
    """`GET` and `POST /api/v1/certificates/{number}/renewal/`."""

    @extend_schema(operation_id="certificates_renewal", responses=RenewalLedgerSerializer, tags=["certificates"])
    def get(self, request: Request, number: str) -> Response:
        row = get_object_or_404(reads.own_renewable(request.user, number))
        ledger = reads.renewal_ledger(row, school_day(arrival(request)))
        assert ledger is not None  # noqa: S101 - the certificate has a policy
        last = reads.last_renewal(row)
        statements = [
            {"code": code, "title": one.title, "text": one.text, "digest": one.digest}
            for code, one in reads.statements_of(row).items()
        ]
        return Response(
            {
                **ledger.as_dict(),
                "statements": statements,
                "application": renewal_data(last) if last else None,
            }
        )

    @extend_schema(
        operation_id="certificates_renewal_apply",
        request=RenewalInputSerializer,
        responses={201: RenewalSerializer, 200: RenewalSerializer},
        tags=["certificates"],
    )
    def post(self, request: Request, number: str) -> Response:
        certificate = get_object_or_404(reads.own_renewable(request.user, number))
        serializer = RenewalInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row, is_new = commands.apply_for_renewal(
            certificate=certificate, by=request.user, at=arrival(request), **serializer.validated_data
        )
        return Response(renewal_data(row), status=201 if is_new else 200)


class CeListView(APIView):
    """`GET` and `POST /api/v1/continuing-education/`: mine; what is handed in comes as a form with its file."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="continuing_education_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedClaimsSerializer,
        tags=["certificates"],
    )
    def get(self, request: Request) -> Response:
        return paginated(self, request, reads.claims_of(request.user), claim_data)

    @extend_schema(
        operation_id="continuing_education_submit",
        request={"multipart/form-data": ClaimInputSerializer},
        responses={201: ClaimSerializer},
        tags=["certificates"],
    )
    def post(self, request: Request) -> Response:
        serializer = ClaimInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = commands.submit_ce_claim(user=request.user, at=arrival(request), **serializer.validated_data)
        return Response(claim_data(row), status=201)


class CeWithdrawalView(APIView):
    """`POST /api/v1/continuing-education/{id}/withdrawal/`."""

    @extend_schema(request=None, responses={201: ClaimSerializer}, tags=["certificates"])
    def post(self, request: Request, claim_id: UUID) -> Response:
        row = get_object_or_404(CeClaim, user=request.user, uuid=claim_id)
        commands.withdraw_ce_claim(claim=row, by=request.user, at=arrival(request))
        return Response(claim_data(reads.claims_of(request.user).get(pk=row.pk)), status=201)


class RegistrarRenewalListView(APIView):
    """`GET /api/v1/registrar/renewals/`: what waits for a decision, oldest first."""

    permission_classes = [has_role("registrar")]

    @extend_schema(parameters=PAGE_PARAMETERS, responses=PaginatedRegistrarRenewalsSerializer, tags=["registrar"])
    def get(self, request: Request) -> Response:
        return paginated(self, request, reads.renewals_waiting(), lambda row: renewal_data(row, for_registrar=True))


class RegistrarRenewalDecisionView(APIView):
    """`POST /api/v1/registrar/renewals/{id}/decision/`: award (and issue), return or refuse."""

    permission_classes = [has_role("registrar")]

    @extend_schema(
        request=RenewalDecisionInputSerializer, responses={201: RegistrarRenewalSerializer}, tags=["registrar"]
    )
    def post(self, request: Request, renewal_id: UUID) -> Response:
        row = get_object_or_404(reads.renewals(), uuid=renewal_id)
        serializer = RenewalDecisionInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        commands.decide_renewal(renewal=row, by=request.user, at=arrival(request), **serializer.validated_data)
        return Response(renewal_data(reads.renewals().get(pk=row.pk), for_registrar=True), status=201)


class RegistrarCeListView(APIView):
    """`GET /api/v1/registrar/continuing-education/`: what nobody has looked at, oldest first."""

    permission_classes = [has_role("registrar")]

    @extend_schema(parameters=PAGE_PARAMETERS, responses=PaginatedRegistrarClaimsSerializer, tags=["registrar"])
    def get(self, request: Request) -> Response:
        return paginated(self, request, reads.claims_waiting(), lambda row: claim_data(row, for_registrar=True))


class RegistrarCeReviewView(APIView):
    """`POST /api/v1/registrar/continuing-education/{id}/review/`."""

    permission_classes = [has_role("registrar")]

    @extend_schema(request=ReviewInputSerializer, responses={201: RegistrarClaimSerializer}, tags=["registrar"])
    def post(self, request: Request, claim_id: UUID) -> Response:
        rows = reads.with_outcome(CeClaim.objects.all())
        row = get_object_or_404(rows, uuid=claim_id)
        serializer = ReviewInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        commands.review_ce_claim(claim=row, by=request.user, at=arrival(request), **serializer.validated_data)
        return Response(claim_data(rows.get(pk=row.pk), for_registrar=True), status=201)
