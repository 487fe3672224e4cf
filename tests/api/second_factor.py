"""An authenticator app in a test's hand."""

from __future__ import annotations

from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters


def set_up(user: Any) -> str:
    """Give a person a second factor; returns the secret that the app would hold."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str) -> str:
    """What the app shows now."""
    now = list(counters())
    return format_hotp_value(hotp_value(secret, now[len(now) // 2]))


def recovery_codes(user: Any) -> list[str]:
    """Fresh recovery codes."""
    return RecoveryCodes.activate(user).get_unused_codes()
