"""How a request of the API says who it is."""

from __future__ import annotations

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions

from lms.core.clock import arrival

from .models import User
from .queries import user_of_token


class CsrfFailed(exceptions.PermissionDenied):
    """A browser's request without a valid CSRF token."""

    default_code = "csrf_failed"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token <key>` for scripts."""

    def authenticate(self, request: HttpRequest) -> tuple[User, str] | None:
        header = authentication.get_authorization_header(request).decode("latin-1").split()
        if not header or header[0].lower() not in {"token", "bearer"}:
            return None
        if len(header) != 2:
            raise exceptions.AuthenticationFailed("The Authorization header needs the form “Token <key>”.")
        user = user_of_token(header[1], arrival(request))
        if user is None:
            raise exceptions.AuthenticationFailed("This key is not valid.")
        return user, "token"

    def authenticate_header(self, request: HttpRequest) -> str:
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; a failed CSRF check has its own code."""

    def enforce_csrf(self, request: HttpRequest) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise CsrfFailed(str(error.detail), code="csrf_failed") from error


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names the key."""

    target_class = "lms.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names the session."""

    target_class = "lms.accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "lms_session"}
