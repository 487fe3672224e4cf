"""API of programmes, applications and certificates."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import has_role
from lms.core.clock import arrival, school_day
from lms.core.exceptions import InvalidInput
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated
from lms.core.parsers import taken

from . import commands, issuing, queries
from .credentials import credential_of
from .enums import CertificateStatus, DecisionOutcome, PublicReason, StatusForm
from .limits import VerifyThrottle
from .models import Application, Certificate
from .views import any_certificate, name_to_print, own_certificate, pdf_response, verify_address, visible_path


class ActionSerializer(serializers.Serializer):
    label = serializers.CharField()
    url = serializers.CharField()


class ProgressSerializer(serializers.Serializer):
    have = serializers.IntegerField()
    need = serializers.IntegerField()


class RequirementSerializer(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=["met", "in_progress", "not_started", "waived"])
    progress = ProgressSerializer()
    detail = serializers.CharField(allow_blank=True)
    evidence = serializers.ListField(child=serializers.DictField())
    next_action = ActionSerializer(allow_null=True)
    items = serializers.ListField(child=serializers.DictField(), required=False)


class LedgerSerializer(serializers.Serializer):
    programme = serializers.CharField()
    title = serializers.CharField()
    admitted_at = serializers.DateTimeField(allow_null=True)
    eligible = serializers.BooleanField()
    requirements = RequirementSerializer(many=True)


class ProgrammeSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    credential_title = serializers.CharField()
    credential_kind = serializers.CharField()
    admitted = serializers.BooleanField()


class PaginatedProgrammesSerializer(PageSerializer):
    results = ProgrammeSerializer(many=True)


class ApplyInputSerializer(serializers.Serializer):
    legal_name = serializers.CharField(max_length=200, required=False)


class ApplicationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    programme = serializers.CharField()
    legal_name = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["open", *DecisionOutcome.values])
    reason = serializers.CharField(allow_blank=True)
    certificate = serializers.CharField(allow_null=True)
    candidate = serializers.EmailField(required=False)


class PaginatedApplicationsSerializer(PageSerializer):
    results = ApplicationSerializer(many=True)


class DecisionInputSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=DecisionOutcome.choices)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RevokeInputSerializer(serializers.Serializer):
    public_reason = serializers.ChoiceField(choices=PublicReason.choices)
    internal_reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class VerificationSerializer(serializers.Serializer):
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=CertificateStatus.choices)
    valid = serializers.BooleanField()
    public_reason = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    title = serializers.CharField()
    credential_kind = serializers.CharField()
    awarded_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)
    school = serializers.CharField()
    hours_label = serializers.CharField(allow_blank=True)
    scope_note = serializers.CharField(allow_blank=True)
    is_demonstration = serializers.BooleanField()


class CertificateEvidenceSerializer(serializers.Serializer):
    """Why the certificate was given; the facts are as they were at that moment."""

    kind = serializers.CharField()
    title = serializers.CharField()
    facts = serializers.DictField()


class CertificateSerializer(VerificationSerializer):
    verify_url = serializers.URLField()
    pdf_url = serializers.CharField()
    evidence = CertificateEvidenceSerializer(many=True, required=False)


class PaginatedCertificatesSerializer(PageSerializer):
    results = CertificateSerializer(many=True)


def verification_data(row: Certificate, at: datetime) -> dict[str, Any]:
    """Public facts without the labels for people."""
    facts = queries.public_facts(row, school_day(at))
    return {key: value for key, value in facts.items() if not key.endswith("_label") or key == "hours_label"}


def certificate_data(request: Request, row: Certificate) -> dict[str, Any]:
    """A certificate for its holder or a registrar."""
    return {
        **verification_data(row, arrival(request)),
        "verify_url": verify_address(request._request, row.number),
        "pdf_url": f"/api/v1/certificates/{row.number}/pdf/",
    }


def application_data(row: Application, *, with_candidate: bool = False) -> dict[str, Any]:
    """An application for its candidate or a registrar."""
    decision = getattr(row, "decision", None)
    certificate = decision.certificates.first() if decision else None
    data = {
        "id": str(row.uuid),
        "programme": row.admission.path.code,
        "legal_name": row.legal_name,
        "submitted_at": row.submitted_at,
        "state": decision.outcome if decision else "open",
        "reason": decision.reason if decision else "",
        "certificate": certificate.number if certificate else None,
    }
    if with_candidate:
        data["candidate"] = row.admission.user.email
    return data


class ProgrammeListView(APIView):
    """`GET /api/v1/programmes/`."""

    @extend_schema(
        operation_id="programmes_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedProgrammesSerializer,
        tags=["programmes"],
    )
    def get(self, request: Request) -> Response:
        admitted = set(request.user.admissions.filter(ended_at=None).values_list("path_id", flat=True))
        return paginated(
            self,
            request,
            queries.paths_for(request.user),
            lambda row: {
                "slug": row.code,
                "title": row.title,
                "credential_title": row.credential_title,
                "credential_kind": row.credential_kind,
                "admitted": row.pk in admitted,
            },
        )


class ProgressView(APIView):
    """`GET /api/v1/programmes/{slug}/progress/`: the ledger."""

    @extend_schema(responses=LedgerSerializer, tags=["programmes"])
    def get(self, request: Request, slug: str) -> Response:
        path = visible_path(request, slug)
        admission, ledger = queries.standing_on(request.user, path)
        return Response(
            {
                "programme": path.code,
                "title": path.title,
                "admitted_at": admission.admitted_at if admission else None,
                "eligible": ledger.is_eligible,
                "requirements": ledger.as_list(),
            }
        )


class ApplicationView(APIView):
    """`POST /api/v1/programmes/{slug}/application/`."""

    @extend_schema(
        request=ApplyInputSerializer,
        responses={201: ApplicationSerializer, 200: ApplicationSerializer},
        tags=["programmes"],
    )
    def post(self, request: Request, slug: str) -> Response:
        path = visible_path(request, slug)
        name = taken(ApplyInputSerializer, request).get("legal_name") or name_to_print(request.user)
        row, is_new = commands.apply(user=request.user, path=path, legal_name=name, at=arrival(request))
        return Response(application_data(row), status=201 if is_new else 200)


class CertificateListView(APIView):
    """`GET /api/v1/certificates/`: mine."""

    @extend_schema(
        operation_id="certificates_list",
        parameters=PAGE_PARAMETERS,
        responses=PaginatedCertificatesSerializer,
        tags=["certificates"],
    )
    def get(self, request: Request) -> Response:
        return paginated(
            self, request, queries.held_certificates(request.user), lambda row: certificate_data(request, row)
        )


class CertificateView(APIView):
    """`GET /api/v1/certificates/{number}/`."""

    @extend_schema(responses=CertificateSerializer, tags=["certificates"])
    def get(self, request: Request, number: str) -> Response:
        row = own_certificate(request, number)
        evidence = [{"kind": fact.kind, "title": fact.title, "facts": fact.facts} for fact in row.evidence.all()]
        return Response({**certificate_data(request, row), "evidence": evidence})


class CertificatePdfView(APIView):
    """`GET /api/v1/certificates/{number}/pdf/`."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY}, tags=["certificates"])
    def get(self, request: Request, number: str) -> HttpResponse:
        return pdf_response(own_certificate(request, number))


class CertificateCredentialView(APIView):
    """`GET /api/v1/certificates/{number}/credential/`: the signed Open Badges 3.0 credential.

    It names the list of revocations; with `?status=full` the list of suspensions too.
    """

    @extend_schema(
        parameters=[OpenApiParameter("status", str, enum=StatusForm.values, description="Which status lists it names")],
        responses={(200, "application/vc"): OpenApiTypes.OBJECT},
        tags=["certificates"],
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        asked = request.query_params.get("status", StatusForm.BADGE)
        if asked not in StatusForm.values:
            raise InvalidInput(errors={"status": [_("Ask for “badge” or “full”.")]})
        form = StatusForm(asked)
        document = credential_of(own_certificate(request, number), arrival(request), form)
        response = HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/vc")
        response["Cache-Control"] = "private, no-store"
        return response


class VerifyView(APIView):
    """`GET /api/v1/verify/{number}/`: public."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [VerifyThrottle]

    @extend_schema(responses=VerificationSerializer, tags=["certificates"])
    def get(self, request: Request, number: str) -> Response:
        return Response(verification_data(any_certificate(number), arrival(request)))


class RegistrarApplicationListView(APIView):
    """`GET /api/v1/registrar/applications/`: what waits for a decision."""

    permission_classes = [has_role("registrar")]

    @extend_schema(parameters=PAGE_PARAMETERS, responses=PaginatedApplicationsSerializer, tags=["registrar"])
    def get(self, request: Request) -> Response:
        rows = queries.open_applications().order_by("submitted_at", "id")
        return paginated(self, request, rows, lambda row: application_data(row, with_candidate=True))


class RegistrarDecisionView(APIView):
    """`POST /api/v1/registrar/applications/{id}/decision/`: award (and issue), return or refuse."""

    permission_classes = [has_role("registrar")]

    @extend_schema(request=DecisionInputSerializer, responses={201: ApplicationSerializer}, tags=["registrar"])
    def post(self, request: Request, application_id: UUID) -> Response:
        row = get_object_or_404(queries.applications(), uuid=application_id)
        terms = taken(DecisionInputSerializer, request)
        commands.decide(application=row, by=request.user, at=arrival(request), **terms)
        decided = queries.applications().get(pk=row.pk)
        return Response(application_data(decided, with_candidate=True), status=201)


class RegistrarRevokeView(APIView):
    """`POST /api/v1/registrar/certificates/{number}/revocation/`: for good."""

    permission_classes = [has_role("registrar")]

    @extend_schema(request=RevokeInputSerializer, responses={201: VerificationSerializer}, tags=["registrar"])
    def post(self, request: Request, number: str) -> Response:
        row = any_certificate(number)
        terms = taken(RevokeInputSerializer, request)
        issuing.revoke(certificate=row, by=request.user, at=arrival(request), **terms)
        return Response(verification_data(any_certificate(number), arrival(request)), status=201)
