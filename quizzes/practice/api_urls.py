from django.urls import path

from . import rest

urlpatterns = [
    path("practice/next/", rest.NextCardView.as_view(), name="api-practice-next"),
    path("practice/<uuid:card_id>/", rest.CardView.as_view(), name="api-practice-card"),
]
