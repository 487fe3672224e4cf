from django.urls import path

from .rest import AcceptanceView, AgreementView, MeView, TokenView

urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="auth-token"),
    path("me/", MeView.as_view(), name="me"),
    path("agreements/<slug:code>/", AgreementView.as_view(), name="api-agreement"),
    path("agreements/<slug:code>/acceptance/", AcceptanceView.as_view(), name="api-acceptance"),
]
