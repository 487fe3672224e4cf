"""Pages of practical examinations as somebody reads them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

DESK = "/examine/practicals/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    """The main part as somebody reads it."""
    assert response.status_code == 200
    text = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text)))


def address(attempt: Any, station: str = "") -> str:
    return f"{DESK}attempts/{attempt.uuid}/" + (f"stations/{station}/" if station else "")
