from django.urls import path

from . import views

app_name = "practice"
urlpatterns = [
    path("practice/", views.overview, name="overview"),
    path("practice/card/", views.card, name="card"),
    path("practice/cards/<uuid:card_id>/", views.answer, name="answer"),
    path("practice/cards/<uuid:card_id>/pictures/<str:token>", views.picture, name="picture"),
    path("practice/reviews/<uuid:review_id>/", views.review, name="review"),
    path("practice/after/<uuid:attempt_id>/", views.after, name="after"),
]
