from django.urls import path

from . import rest

urlpatterns = [
    path("quizzes/", rest.QuizListView.as_view(), name="api-quizzes"),
    path("quizzes/<slug:slug>/", rest.QuizView.as_view(), name="api-quiz"),
    path("quizzes/<slug:slug>/attempts/", rest.AttemptListView.as_view(), name="api-attempts"),
    path("attempts/<uuid:attempt_id>/", rest.AttemptView.as_view(), name="api-attempt"),
    path("attempts/<uuid:attempt_id>/responses/<int:slot>/", rest.ResponseView.as_view(), name="api-response"),
    path("attempts/<uuid:attempt_id>/heartbeat/", rest.HeartbeatView.as_view(), name="api-heartbeat"),
    path("attempts/<uuid:attempt_id>/submit/", rest.SubmitView.as_view(), name="api-submit"),
    path("attempts/<uuid:attempt_id>/review/", rest.ReviewView.as_view(), name="api-review"),
]
