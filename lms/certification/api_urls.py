from django.urls import path

from . import rest

urlpatterns = [
    path("programmes/", rest.ProgrammeListView.as_view(), name="api-programmes"),
    path("programmes/<slug:slug>/progress/", rest.ProgressView.as_view(), name="api-progress"),
    path("programmes/<slug:slug>/application/", rest.ApplicationView.as_view(), name="api-application"),
    path("certificates/", rest.CertificateListView.as_view(), name="api-certificates"),
    path("certificates/<str:number>/", rest.CertificateView.as_view(), name="api-certificate"),
    path("certificates/<str:number>/pdf/", rest.CertificatePdfView.as_view(), name="api-certificate-pdf"),
    path("verify/<str:number>/", rest.VerifyView.as_view(), name="api-verify"),
    path("registrar/applications/", rest.RegistrarApplicationListView.as_view(), name="api-registrar-applications"),
    path(
        "registrar/applications/<uuid:application_id>/decision/",
        rest.RegistrarDecisionView.as_view(),
        name="api-registrar-decision",
    ),
    path(
        "registrar/certificates/<str:number>/revocation/",
        rest.RegistrarRevokeView.as_view(),
        name="api-registrar-revocation",
    ),
]
