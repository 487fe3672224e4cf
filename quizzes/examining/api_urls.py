"""The API of those who run examinations."""

from django.urls import URLPattern, path

from . import analysis_rest, marking_rest

urlpatterns: list[URLPattern] = [
    path("marking/", marking_rest.MarkingQueueView.as_view(), name="api-marking"),
    path("marking/<uuid:attempt_id>/<int:slot>/", marking_rest.MarkingView.as_view(), name="api-marking-item"),
    path("quizzes/<slug:slug>/analysis/", analysis_rest.AnalysisView.as_view(), name="api-analysis"),
]
