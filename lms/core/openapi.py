"""Hooks of the OpenAPI document."""

from typing import Any


def only_our_api(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Leave out the views of the CMS, which are DRF views too."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
