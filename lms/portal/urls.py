from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("teach/", views.teach, name="teach"),
    path("teach/coverage/", views.coverage, name="coverage"),
    path("examine/", views.examine, name="examine"),
    path("examine/attempts/<uuid:attempt_id>/release/", views.release, name="release"),
]
