from django.urls import path

from . import views

app_name = "learning"
urlpatterns = [
    path("learn/courses/<slug:slug>/enrol/", views.enrol, name="enrol"),
    path("learn/lessons/<str:code>/complete/", views.complete, name="complete"),
]
