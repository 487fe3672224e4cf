"""API v1: the packages' own lists, joined."""

from django.urls import include, path

urlpatterns = [
    path("", include("lms.accounts.api_urls")),
    path("", include("lms.learning.api_urls")),
    path("", include("quizzes.delivery.api_urls")),
    path("", include("quizzes.examining.api_urls")),
    path("", include("quizzes.practice.api_urls")),
    path("", include("lms.practicals.api_urls")),
    path("", include("lms.certification.api_urls")),
]
