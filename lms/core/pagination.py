"""Lists of the API: `{"count", "next", "previous", "results"}`."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

MOST_ROWS = 200
#: What every list takes, for the OpenAPI document.
PAGE_PARAMETERS = [
    OpenApiParameter("page", int, description="Which page, from 1."),
    OpenApiParameter("page_size", int, description=f"Rows on a page: 50 unless asked otherwise, {MOST_ROWS} at most."),
]


class Pagination(PageNumberPagination):
    """Pages of 50 unless asked for another size, 200 at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = MOST_ROWS


class PageSerializer(serializers.Serializer):
    """What every page of a list says beside its `results`, which a subclass names."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


def paginated(view: APIView, request: Request, rows: Any, present: Callable[[Any], Any]) -> Response:
    """A page of rows, each presented."""
    pagination = Pagination()
    page = pagination.paginate_queryset(rows, request, view=view)
    return pagination.get_paginated_response([present(row) for row in page or []])
