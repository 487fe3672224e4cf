"""allauth's hooks."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from .enums import Role

#: Where people of a role begin; whoever has several starts at the first of these.
DESKS = ((Role.REGISTRAR, "/registrar/"), (Role.INSTRUCTOR, "/teach/"), (Role.EXAMINER, "/examine/"))


class AccountAdapter(DefaultAccountAdapter):
    """People have one display name and no username."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no username to fill."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Each role starts at its own desk."""
        codes = request.user.role_codes  # type: ignore[union-attr]
        return next((desk for role, desk in DESKS if role in codes), super().get_login_redirect_url(request))

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """After confirming, on to the person's own page."""
        return "/dashboard/"
