"""API of the registrar beside applications: people, documents, payments, waivers, corrections, batches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.accounts.api import User, has_role
from lms.core.clock import arrival, school_day
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated
from lms.core.parsers import taken

from . import batches, commands, issuing, papers, queries, taking_back
from . import papers_queries as reads
from .models import Admission, CandidateDocument, Payment, Waiver
from .rest import CertificateSerializer, certificate_data
from .tasks import award_batch
from .views import any_certificate


class CandidateAdmissionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    programme = serializers.CharField()
    admitted_at = serializers.DateTimeField()


class CandidateSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    admissions = CandidateAdmissionSerializer(many=True)


class PageOfCandidatesSerializer(PageSerializer):
    results = CandidateSerializer(many=True)


class HandedInSerializer(serializers.Serializer):
    """A document without the file, which is on the page."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    candidate = serializers.EmailField(required=False)
    state = serializers.ChoiceField(choices=["waiting", "accepted", "refused", "expired"])
    reason = serializers.CharField(allow_blank=True)
    file_name = serializers.CharField()
    media_type = serializers.CharField()
    digest = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    submitted_at = serializers.DateTimeField()


class PageOfHandedInSerializer(PageSerializer):
    results = HandedInSerializer(many=True)


class DocumentReviewInputSerializer(serializers.Serializer):
    accepted = serializers.BooleanField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PaymentInputSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=60)
    amount = serializers.DecimalField(max_digits=9, decimal_places=2)
    currency = serializers.CharField(min_length=3, max_length=3)
    reference = serializers.CharField(max_length=120)
    paid_on = serializers.DateField()


class PaymentSerializer(PaymentInputSerializer):
    id = serializers.UUIDField()
    reversed = serializers.BooleanField()


class ReasonInputSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class WaiverInputSerializer(serializers.Serializer):
    requirement = serializers.CharField(max_length=80)
    reason = serializers.CharField(max_length=500)
    is_equivalence = serializers.BooleanField(required=False, default=False)
    proof = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class WaiverSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    requirement = serializers.CharField()
    reason = serializers.CharField()
    is_equivalence = serializers.BooleanField()
    withdrawn = serializers.BooleanField()


class ReissueInputSerializer(serializers.Serializer):
    legal_name = serializers.CharField(max_length=200)
    internal_reason = serializers.CharField(max_length=2000)


class BatchInputSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    applications = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=1000)


class BatchSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    opened_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    awarded = serializers.IntegerField()


class PageOfBatchesSerializer(PageSerializer):
    results = BatchSerializer(many=True)


def document_data(row: CandidateDocument, at: Any, *, with_candidate: bool = False) -> dict[str, Any]:
    """A document for its candidate or a registrar."""
    review = getattr(row, "review", None)
    data = {
        "id": str(row.uuid),
        "code": row.code,
        "state": reads.document_state(row, school_day(at)),
        "reason": review.reason if review else "",
        "file_name": row.file_name,
        "media_type": row.media_type,
        "digest": row.digest,
        "issued_on": row.issued_on,
        "expires_on": row.expires_on,
        "submitted_at": row.submitted_at,
    }
    return {**data, "candidate": row.user.email} if with_candidate else data


def payment_data(row: Payment) -> dict[str, Any]:
    """A payment for a registrar."""
    return {
        "id": str(row.uuid),
        "code": row.code,
        "amount": row.amount,
        "currency": row.currency,
        "reference": row.reference,
        "paid_on": row.paid_on,
        "reversed": hasattr(row, "reversal"),
    }


class OfRegistrar(APIView):
    """Only for registrars and administrators."""

    permission_classes = [has_role("registrar")]


class RegistrarCandidateListView(OfRegistrar):
    """`GET /api/v1/registrar/candidates/?q=`: people with the paths that they follow."""

    @extend_schema(
        operation_id="registrar_candidates_list",
        parameters=PAGE_PARAMETERS,
        responses=PageOfCandidatesSerializer,
        tags=["registrar"],
    )
    def get(self, request: Request) -> Response:
        running = Admission.objects.filter(ended_at=None).select_related("path").order_by("id")
        rows = queries.candidates(request.query_params.get("q", "").strip()[:100]).prefetch_related(
            Prefetch("admissions", queryset=running, to_attr="running")
        )
        return paginated(
            self,
            request,
            rows,
            lambda row: {
                "id": str(row.uuid),
                "name": row.get_full_name(),
                "email": row.email,
                "admissions": [
                    {"id": str(way.uuid), "programme": way.path.code, "admitted_at": way.admitted_at}
                    for way in row.running
                ],
            },
        )


class RegistrarDocumentListView(OfRegistrar):
    """`GET /api/v1/registrar/documents/`: what waits for somebody to look at it."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=PageOfHandedInSerializer, tags=["registrar"])
    def get(self, request: Request) -> Response:
        at = arrival(request)
        return paginated(
            self, request, reads.waiting_documents(), lambda row: document_data(row, at, with_candidate=True)
        )


class RegistrarDocumentReviewView(OfRegistrar):
    """`POST /api/v1/registrar/documents/{id}/review/`: accept or refuse."""

    @extend_schema(request=DocumentReviewInputSerializer, responses={201: HandedInSerializer}, tags=["registrar"])
    def post(self, request: Request, document_id: UUID) -> Response:
        rows = reads.documents()
        row = get_object_or_404(rows, uuid=document_id)
        terms = taken(DocumentReviewInputSerializer, request)
        papers.review_document(document=row, by=request.user, at=arrival(request), **terms)
        fresh = rows.get(pk=row.pk)
        return Response(document_data(fresh, arrival(request), with_candidate=True), status=201)


class RegistrarAcceptanceWithdrawalView(OfRegistrar):
    """`POST /api/v1/registrar/documents/{id}/review/withdrawal/`: an accepted document no longer counts."""

    @extend_schema(request=ReasonInputSerializer, responses={201: HandedInSerializer}, tags=["registrar"])
    def post(self, request: Request, document_id: UUID) -> Response:
        rows = reads.documents()
        row = get_object_or_404(rows.exclude(review=None), uuid=document_id)
        terms = taken(ReasonInputSerializer, request)
        taking_back.withdraw_acceptance(review=row.review, by=request.user, at=arrival(request), **terms)
        return Response(document_data(rows.get(pk=row.pk), arrival(request), with_candidate=True), status=201)


class RegistrarPaymentView(OfRegistrar):
    """`POST /api/v1/registrar/candidates/{id}/payments/`: note that a fee was paid."""

    @extend_schema(request=PaymentInputSerializer, responses={201: PaymentSerializer}, tags=["registrar"])
    def post(self, request: Request, user_id: UUID) -> Response:
        candidate = get_object_or_404(User, uuid=user_id)
        terms = taken(PaymentInputSerializer, request)
        row = papers.note_payment(user=candidate, by=request.user, at=arrival(request), **terms)
        return Response(payment_data(row), status=201)


class RegistrarReversalView(OfRegistrar):
    """`POST /api/v1/registrar/payments/{id}/reversal/`: a payment no longer counts."""

    @extend_schema(request=ReasonInputSerializer, responses={201: PaymentSerializer}, tags=["registrar"])
    def post(self, request: Request, payment_id: UUID) -> Response:
        row = get_object_or_404(Payment, uuid=payment_id)
        taking_back.reverse_payment(
            payment=row, by=request.user, at=arrival(request), **taken(ReasonInputSerializer, request)
        )
        return Response(payment_data(Payment.objects.select_related("reversal").get(pk=row.pk)), status=201)


class RegistrarWaiverView(OfRegistrar):
    """`POST /api/v1/registrar/admissions/{id}/waivers/`: waive a requirement, or accept something equivalent."""

    @extend_schema(request=WaiverInputSerializer, responses={201: WaiverSerializer}, tags=["registrar"])
    def post(self, request: Request, admission_id: UUID) -> Response:
        row = get_object_or_404(Admission.objects.select_related("path_version"), uuid=admission_id)
        terms = taken(WaiverInputSerializer, request)
        made = commands.waive_requirement(admission=row, by=request.user, at=arrival(request), **terms)
        return Response(waiver_data(made), status=201)


def waiver_data(row: Waiver) -> dict[str, Any]:
    """A waiver, and whether it was taken back."""
    names = ("requirement", "reason", "is_equivalence")
    plain = {name: getattr(row, name) for name in names}
    return {"id": str(row.uuid), **plain, "withdrawn": row.withdrawn_at is not None}


class RegistrarWaiverWithdrawalView(OfRegistrar):
    """`POST /api/v1/registrar/waivers/{id}/withdrawal/`: the requirement is asked for again."""

    @extend_schema(request=ReasonInputSerializer, responses={201: WaiverSerializer}, tags=["registrar"])
    def post(self, request: Request, waiver_id: UUID) -> Response:
        row = get_object_or_404(Waiver.objects.select_related("admission"), uuid=waiver_id)
        terms = taken(ReasonInputSerializer, request)
        taking_back.withdraw_waiver(waiver=row, by=request.user, at=arrival(request), **terms)
        return Response(waiver_data(row), status=201)


class RegistrarReissueView(OfRegistrar):
    """`POST /api/v1/registrar/certificates/{number}/reissue/`: a certificate with the corrected name."""

    @extend_schema(request=ReissueInputSerializer, responses={201: CertificateSerializer}, tags=["registrar"])
    def post(self, request: Request, number: str) -> Response:
        row = any_certificate(number)
        terms = taken(ReissueInputSerializer, request)
        successor = issuing.reissue(certificate=row, by=request.user, at=arrival(request), **terms)
        return Response(certificate_data(request, successor), status=201)


def batch_data(row: Any) -> dict[str, Any]:
    """A batch with how far it is."""
    names = ("title", "opened_at", "finished_at", "total", "done", "awarded")
    return {"id": str(row.uuid), **{name: getattr(row, name) for name in names}}


class RegistrarBatchListView(OfRegistrar):
    """`GET` and `POST /api/v1/registrar/batches/`: awarding many applications together."""

    @extend_schema(
        operation_id="registrar_batches_list",
        parameters=PAGE_PARAMETERS,
        responses=PageOfBatchesSerializer,
        tags=["registrar"],
    )
    def get(self, request: Request) -> Response:
        return paginated(self, request, queries.batches_with_progress(), batch_data)

    @extend_schema(request=BatchInputSerializer, responses={201: BatchSerializer}, tags=["registrar"])
    def post(self, request: Request) -> Response:
        terms = taken(BatchInputSerializer, request)
        row = batches.open_batch(by=request.user, at=arrival(request), **terms)
        award_batch.enqueue(str(row.uuid), str(request.user.uuid))
        return Response(batch_data(queries.batches_with_progress().get(pk=row.pk)), status=201)


class RegistrarBatchView(OfRegistrar):
    """`GET /api/v1/registrar/batches/{id}/`: how far it is."""

    @extend_schema(responses=BatchSerializer, tags=["registrar"])
    def get(self, request: Request, batch_id: UUID) -> Response:
        return Response(batch_data(get_object_or_404(queries.batches_with_progress(), uuid=batch_id)))
