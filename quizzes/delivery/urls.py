from django.urls import path

from . import player, views

app_name = "quizzes"
urlpatterns = [
    path("quizzes/<slug:slug>/", views.start, name="start"),
    path("attempts/<uuid:attempt_id>/", player.attempt, name="attempt"),
    path("attempts/<uuid:attempt_id>/questions/", player.questions, name="questions"),
    path("attempts/<uuid:attempt_id>/summary/", player.summary, name="summary"),
    path("attempts/<uuid:attempt_id>/submit/", player.submit, name="submit"),
    path("attempts/<uuid:attempt_id>/result/", views.result, name="result"),
    path("attempts/<uuid:attempt_id>/review/", views.review, name="review"),
    path("attempts/<uuid:attempt_id>/pictures/<str:token>", views.picture, name="picture"),
]
