"""allauth's hooks."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People have one display name and no username."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no username to fill."""

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """After confirming, on to the person's own page."""
        return "/dashboard/"
