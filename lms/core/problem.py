"""Errors of the API as RFC 9457 `application/problem+json`: type, title, status, detail, code, and more."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.encoding import force_str
from rest_framework import exceptions
from rest_framework.response import Response

from .exceptions import DomainError

PROBLEM_JSON = "application/problem+json"


def problem_body(status: int, code: str, title: str, detail: str = "", **extra: Any) -> dict[str, Any]:
    """The members of RFC 9457 with our stable `code`; `about:blank` since the code names the kind."""
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
        **extra,
    }


def problem_response(status: int, code: str, title: str, detail: str = "", **extra: Any) -> HttpResponse:
    """A problem as a plain Django response, for middleware and lean views."""
    response = JsonResponse(problem_body(status, code, title, detail, **extra), status=status)
    response["Content-Type"] = PROBLEM_JSON
    if status == 401:
        response["WWW-Authenticate"] = "Token"
    return response


def domain_problem(error: DomainError) -> HttpResponse:
    """A domain error as a problem."""
    return problem_response(error.status, error.code, error.title, error.message, **error.extra)


def _as_lists(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    if isinstance(detail, dict):
        merged: dict[str, list[str]] = {}
        for name, value in detail.items():
            path = f"{prefix}.{name}" if prefix else str(name)
            merged.update(_as_lists(value, path))
        return merged
    items = detail if isinstance(detail, list) else [detail]
    nested = [item for item in items if isinstance(item, dict)]
    if nested:
        return {key: value for item in nested for key, value in _as_lists(item, prefix).items()}
    return {prefix or "non_field_errors": [force_str(item) for item in items]}


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | Response | None:
    """DRF's hook: domain errors, DRF's own exceptions and Django's 404/403, all as problems."""
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    if isinstance(error, DomainError):
        return domain_problem(error)
    if isinstance(error, Http404):
        return problem_response(404, "not_found", "There is nothing here for you")
    if isinstance(error, PermissionDenied):
        return problem_response(403, "forbidden", "Not allowed")
    if not isinstance(error, exceptions.APIException):
        return None
    status = error.status_code
    if isinstance(error, exceptions.ValidationError):
        return problem_response(
            400, "invalid_input", "Something in the input is not right", errors=_as_lists(error.detail)
        )
    code = str(error.get_codes()) if isinstance(error.get_codes(), str) else error.default_code
    if isinstance(error, exceptions.Throttled):
        response = problem_response(429, "throttled", "Too many requests", force_str(error.detail))
        if error.wait:
            response["Retry-After"] = str(int(error.wait) + 1)
        return response
    if isinstance(error, exceptions.NotAuthenticated):
        code, status = "not_signed_in", 401
    elif isinstance(error, exceptions.AuthenticationFailed) and status == 401:
        code = "not_signed_in" if code == "authentication_failed" else code
    return problem_response(status, code, force_str(error.detail), force_str(error.detail))
