from django.urls import path

from . import personal_data_views, views

app_name = "portal"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("teach/", views.teach, name="teach"),
    path("teach/coverage/", views.coverage, name="coverage"),
    path("examine/", views.examine, name="examine"),
    path("examine/attempts/<uuid:attempt_id>/release/", views.release, name="release"),
    path("accounts/data/", personal_data_views.data, name="data"),
    path("accounts/data/download/", personal_data_views.download, name="data_download"),
]
