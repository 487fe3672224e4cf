"""Who may call an endpoint or open a page: by sign-in and by role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import PermissionDenied as ApiPermissionDenied
from rest_framework.permissions import BasePermission

from .enums import STAFF_ROLES
from .queries import has_second_factor


class SecondFactorRequired(ApiPermissionDenied):
    """A member of staff without a second factor on a live instance."""

    default_code = "second_factor_required"
    default_detail = "Your role needs two-factor authentication: set it up on the site first."


def lacks_required_second_factor(user: Any) -> bool:
    """True when the person's role needs a second factor here and there is none."""
    return bool(
        settings.SECOND_FACTOR_ENFORCED
        and user.is_authenticated
        and user.role_codes & settings.SECOND_FACTOR_ROLES
        and not has_second_factor(user)
    )


class IsSignedIn(BasePermission):
    """Anyone with an account."""

    def has_permission(self, request: Any, view: Any) -> bool:
        user = request.user
        if not (user and user.is_authenticated and user.is_active):
            return False
        if lacks_required_second_factor(user):
            raise SecondFactorRequired()
        return True


def has_role(*roles: str) -> type[BasePermission]:
    """A DRF permission class for holders of one of these roles (administrators always)."""

    class HasRole(IsSignedIn):
        def has_permission(self, request: Any, view: Any) -> bool:
            return super().has_permission(request, view) and request.user.has_role("admin", *roles)

    HasRole.__name__ = "HasRole_" + "_".join(sorted(roles))
    return HasRole


IsStaffMember = has_role(*STAFF_ROLES)


def role_required(*roles: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For pages: sign in first, then 403 for people without one of these roles (administrators always pass)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_role("admin", *roles):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
