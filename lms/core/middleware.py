"""Middleware of the kernel: arrival time, problem+json for the API, content security policy."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from .problem import problem_response
from .uploads import MOST_BYTES

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

STATUS_CODES = {
    400: ("bad_request", "The request could not be understood"),
    403: ("forbidden", "Not allowed"),
    404: ("not_found", "There is nothing here"),
    405: ("method_not_allowed", "This address does not take that method"),
    413: ("too_large", "The request is too large"),
}


#: The few calls that take a file take one of full size, and a form around it.
MOST_BYTES_OF_A_FORM = MOST_BYTES + 100_000


def _most_bytes(request: HttpRequest) -> int:
    is_form = request.content_type == "multipart/form-data"
    return MOST_BYTES_OF_A_FORM if is_form else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _body_size(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdigit() else 0


class ArrivalTimeMiddleware:
    """Stamp the arrival before anything slow happens, so that nobody pays for our processing time."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.arrived_at = timezone.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class ProblemMiddleware:
    """Every error under /api/ is RFC 9457 problem+json, also those that never reached a view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") and _body_size(request) > _most_bytes(request):
            # The API's parser reads the stream itself, where Django's own limit does not reach.
            return problem_response(413, "too_large", "The request is too large")
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.status_code < 400:
            return response
        if response.get("Content-Type", "").startswith("application/problem+json"):
            return response
        code, title = STATUS_CODES.get(response.status_code, ("error", "The request failed"))
        if response.status_code >= 500:
            code, title = "internal_error", "Something went wrong on our side"
        return problem_response(response.status_code, code, title)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Unexpected faults of the API: a reference for support, no detail for the client."""
        if not request.path.startswith("/api/") or settings.DEBUG_PROPAGATE_EXCEPTIONS:
            return None
        from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
        from django.http import Http404

        if isinstance(exception, Http404):
            return problem_response(404, "not_found", "There is nothing here for you")
        if isinstance(exception, PermissionDenied):
            return problem_response(403, "forbidden", "Not allowed")
        if isinstance(exception, RequestDataTooBig):
            return problem_response(413, "too_large", "The request is too large")
        if isinstance(exception, SuspiciousOperation):
            return problem_response(400, "bad_request", "The request could not be understood")
        reference = uuid.uuid4().hex[:12]
        logger.exception("Unexpected error %s at %s %s", reference, request.method, request.path)
        return problem_response(
            500,
            "internal_error",
            "Something went wrong on our side",
            f"What was acknowledged before is safe. Tell the school this reference: {reference}",
            reference=reference,
        )


class ReadableAddressMiddleware:
    """An address with a null character in it is refused: PostgreSQL keeps and compares no such text."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a null character.")
        return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware, MiddlewareMixin):
    """A strict policy on the public side, and one the CMS can live with under /admin/."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith("/admin/"):
            response._csp_config = settings.CMS_CONTENT_SECURITY_POLICY["DIRECTIVES"]  # type: ignore[attr-defined]
        return super().process_response(request, response)
