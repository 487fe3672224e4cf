from django.urls import path

from . import credential_views

app_name = "credentials"
urlpatterns = [
    path("issuer/", credential_views.issuer, name="issuer"),
    path("achievements/<slug:code>/<int:number>/", credential_views.achievement, name="achievement"),
    path("status/<slug:purpose>/<int:number>/", credential_views.status, name="status"),
]
