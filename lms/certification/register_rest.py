"""API of what candidates hand in, of the public register, and of the check of a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.core.clock import arrival, school_day
from lms.core.pagination import PAGE_PARAMETERS, PageSerializer, paginated
from lms.core.parsers import taken

from . import papers_queries, register
from .documents import certificate_by_file
from .limits import VerifyThrottle
from .register_views import DIGEST
from .registrar_rest import PageOfHandedInSerializer, document_data
from .rest import VerificationSerializer, verification_data
from .views import own_certificate


class ListingSerializer(serializers.Serializer):
    listed = serializers.BooleanField()


class RegisterRowSerializer(serializers.Serializer):
    number = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    awarded_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)


class PageOfRegisterSerializer(PageSerializer):
    results = RegisterRowSerializer(many=True)


class DigestSerializer(serializers.Serializer):
    digest = serializers.RegexField(DIGEST, help_text="SHA-256 of the file, in hexadecimal.")

    def to_internal_value(self, data: Any) -> Any:
        """Capitals are as good."""
        return super().to_internal_value({"digest": str(data.get("digest", "")).strip().lower()})


class DocumentListView(APIView):
    """`GET /api/v1/documents/`: what I handed in, newest first. A file is handed in on its page."""

    @extend_schema(
        operation_id="documents_list",
        parameters=PAGE_PARAMETERS,
        responses=PageOfHandedInSerializer,
        tags=["programmes"],
    )
    def get(self, request: Request) -> Response:
        at = arrival(request)
        rows = papers_queries.documents_of(request.user)
        return paginated(self, request, rows, lambda row: document_data(row, at))


class ListingView(APIView):
    """`GET` and `PUT /api/v1/certificates/{number}/listing/`: whether I want it in the public register."""

    @extend_schema(responses=ListingSerializer, tags=["certificates"])
    def get(self, request: Request, number: str) -> Response:
        return Response({"listed": register.is_publicly_listed(own_certificate(request, number))})

    @extend_schema(request=ListingSerializer, responses=ListingSerializer, tags=["certificates"])
    def put(self, request: Request, number: str) -> Response:
        row = own_certificate(request, number)
        wish = taken(ListingSerializer, request)["listed"]
        register.list_publicly(certificate=row, is_listed=wish, by=request.user, at=arrival(request))
        return Response({"listed": wish})


class Public(APIView):
    """For everybody, and not too often from one address."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [VerifyThrottle]


class PublicRegisterView(Public):
    """`GET /api/v1/register/?q=`: certificates that hold, of those who agreed to be found."""

    @extend_schema(
        operation_id="register_list",
        parameters=[
            *PAGE_PARAMETERS,
            OpenApiParameter("q", str, description="A part of a name or title, or a number."),
        ],
        responses=PageOfRegisterSerializer,
        tags=["certificates"],
    )
    def get(self, request: Request) -> Response:
        rows = register.public_register(school_day(arrival(request)), request.query_params.get("q", "").strip()[:100])
        return paginated(
            self,
            request,
            rows,
            lambda row: {
                "number": row.number,
                "name": row.holder_name,
                "title": row.title,
                "awarded_on": row.awarded_on,
                "expires_on": row.expires_on,
            },
        )


class VerifyFileView(Public):
    """`GET /api/v1/verify/file/?digest=`: the certificate that this file is, or 404 for a file that we do not know."""

    @extend_schema(parameters=[DigestSerializer], responses=VerificationSerializer, tags=["certificates"])
    def get(self, request: Request) -> Response:
        asked = DigestSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        row = certificate_by_file(asked.validated_data["digest"])
        if row is None:
            raise Http404
        return Response(verification_data(row, arrival(request)))
