"""Lists of the API: `{"count", "next", "previous", "results"}`."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.pagination import PageNumberPagination

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
