"""Lists of the API: `{"count", "next", "previous", "results"}`."""

from rest_framework.pagination import PageNumberPagination


class Pagination(PageNumberPagination):
    """Pages of 50 unless asked for another size, 200 at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
