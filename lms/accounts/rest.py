"""API: keys for scripts, and who am I."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from lms.core.clock import arrival

from .commands import accept_agreement, issue_api_token
from .models import Acceptance, Agreement, User
from .permissions import SecondFactorRequired, lacks_required_second_factor
from .queries import acceptances_of, current_agreements


class CredentialsSerializer(serializers.Serializer):
    """What a person signs in with."""

    email = serializers.EmailField()
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    otp = serializers.CharField(max_length=20, required=False, allow_blank=True)


class TokenSerializer(serializers.Serializer):
    """A key, shown this once."""

    token = serializers.CharField()


class MeSerializer(serializers.Serializer):
    """The person behind the request."""

    email = serializers.EmailField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())


class TokenThrottle(AnonRateThrottle):
    """Guessing passwords is slow work here."""

    scope = "token"


class InvalidCredentials(exceptions.APIException):
    """Wrong address or password; which of them is not said."""

    status_code = 400
    default_code = "invalid_credentials"
    default_detail = "This address and password do not fit together."


def _second_factor_is_right(user: User, otp: str) -> bool:
    for authenticator in Authenticator.objects.filter(user=user):
        if authenticator.type == Authenticator.Type.TOTP and TOTP(authenticator).validate_code(otp):
            return True
        if authenticator.type == Authenticator.Type.RECOVERY_CODES and RecoveryCodes(authenticator).validate_code(otp):
            return True
    return False


class TokenView(APIView):
    """`POST /api/v1/auth/token/`: a key for scripts in exchange for credentials."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [TokenThrottle]

    @extend_schema(request=CredentialsSerializer, responses={200: TokenSerializer}, tags=["auth"])
    def post(self, request: Request) -> Response:
        serializer = CredentialsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        user = authenticate(request._request, email=given["email"], password=given["password"])
        if user is None or not user.emailaddress_set.filter(verified=True, email__iexact=user.email).exists():
            raise InvalidCredentials()
        if Authenticator.objects.filter(user=user).exists():
            if not _second_factor_is_right(user, given.get("otp", "")):
                raise SecondFactorRequired("This account needs its one-time code in “otp”.")
        elif lacks_required_second_factor(user):
            raise SecondFactorRequired()
        _token, key = issue_api_token(user=user, name="API", at=arrival(request))
        return Response({"token": key})


class MeView(APIView):
    """`GET /api/v1/me/`."""

    @extend_schema(responses=MeSerializer, tags=["auth"])
    def get(self, request: Request) -> Response:
        user: User = request.user
        return Response({"email": user.email, "name": user.get_full_name(), "roles": sorted(user.role_codes)})


class AgreementSerializer(serializers.Serializer):
    """An agreement in force, and whether this person accepted it."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    digest = serializers.CharField()
    accepted_at = serializers.DateTimeField(allow_null=True)


class AcceptanceInputSerializer(serializers.Serializer):
    """The digest of the text that was read."""

    digest = serializers.CharField(max_length=64)


def agreement_data(agreement: Agreement, acceptance: Acceptance | None) -> dict[str, Any]:
    """An agreement for the API."""
    return {
        "code": agreement.code,
        "version": agreement.version,
        "kind": agreement.kind,
        "title": agreement.title,
        "text": agreement.text,
        "digest": agreement.digest,
        "accepted_at": acceptance.accepted_at if acceptance else None,
    }


class AgreementView(APIView):
    """`GET /api/v1/agreements/{code}/`."""

    @extend_schema(responses=AgreementSerializer, tags=["agreements"])
    def get(self, request: Request, code: str) -> Response:
        agreement = current_agreements([code]).get(code)
        if agreement is None:
            raise Http404
        return Response(agreement_data(agreement, acceptances_of(request.user, [code]).get(code)))


class AcceptanceView(APIView):
    """`POST /api/v1/agreements/{code}/acceptance/`: sign the text that was read. Idempotent."""

    @extend_schema(request=AcceptanceInputSerializer, responses={201: AgreementSerializer}, tags=["agreements"])
    def post(self, request: Request, code: str) -> Response:
        agreement = current_agreements([code]).get(code)
        if agreement is None:
            raise Http404
        serializer = AcceptanceInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        if serializer.validated_data["digest"] != agreement.digest:
            raise exceptions.ValidationError({"digest": ["The text has changed; read it again."]})
        row = accept_agreement(agreement=agreement, user=request.user, context="api", at=arrival(request))
        return Response(agreement_data(agreement, row), status=201)
