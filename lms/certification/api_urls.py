from django.urls import path

from . import case_rest, register_rest, registrar_rest, renewal_urls, rest

urlpatterns = [
    path("programmes/", rest.ProgrammeListView.as_view(), name="api-programmes"),
    path("programmes/<slug:slug>/progress/", rest.ProgressView.as_view(), name="api-progress"),
    path("programmes/<slug:slug>/application/", rest.ApplicationView.as_view(), name="api-application"),
    path("certificates/", rest.CertificateListView.as_view(), name="api-certificates"),
    path("certificates/<str:number>/", rest.CertificateView.as_view(), name="api-certificate"),
    path("certificates/<str:number>/pdf/", rest.CertificatePdfView.as_view(), name="api-certificate-pdf"),
    path(
        "certificates/<str:number>/credential/",
        rest.CertificateCredentialView.as_view(),
        name="api-certificate-credential",
    ),
    path("certificates/<str:number>/listing/", register_rest.ListingView.as_view(), name="api-certificate-listing"),
    path("documents/", register_rest.DocumentListView.as_view(), name="api-documents"),
    path("register/", register_rest.PublicRegisterView.as_view(), name="api-register"),
    path("verify/file/", register_rest.VerifyFileView.as_view(), name="api-verify-file"),
    *renewal_urls.api,
    path("verify/<str:number>/", rest.VerifyView.as_view(), name="api-verify"),
    path("cases/", case_rest.CaseListView.as_view(), name="api-cases"),
    path("cases/<uuid:case_id>/", case_rest.CaseView.as_view(), name="api-case"),
    path("cases/<uuid:case_id>/withdrawal/", case_rest.CaseWithdrawalView.as_view(), name="api-case-withdrawal"),
    path("registrar/cases/", case_rest.DeskCaseListView.as_view(), name="api-desk-cases"),
    path("registrar/cases/<uuid:case_id>/", case_rest.DeskCaseView.as_view(), name="api-desk-case"),
    path(
        "registrar/cases/<uuid:case_id>/assignment/",
        case_rest.CaseAssignmentView.as_view(),
        name="api-case-assignment",
    ),
    path("registrar/cases/<uuid:case_id>/decision/", case_rest.CaseDecisionView.as_view(), name="api-case-decision"),
    path("registrar/applications/", rest.RegistrarApplicationListView.as_view(), name="api-registrar-applications"),
    path(
        "registrar/applications/<uuid:application_id>/decision/",
        rest.RegistrarDecisionView.as_view(),
        name="api-registrar-decision",
    ),
    path(
        "registrar/admissions/<uuid:admission_id>/waivers/",
        registrar_rest.RegistrarWaiverView.as_view(),
        name="api-registrar-waivers",
    ),
    path(
        "registrar/waivers/<uuid:waiver_id>/withdrawal/",
        registrar_rest.RegistrarWaiverWithdrawalView.as_view(),
        name="api-registrar-waiver-withdrawal",
    ),
    path("registrar/batches/", registrar_rest.RegistrarBatchListView.as_view(), name="api-registrar-batches"),
    path("registrar/batches/<uuid:batch_id>/", registrar_rest.RegistrarBatchView.as_view(), name="api-registrar-batch"),
    path("registrar/candidates/", registrar_rest.RegistrarCandidateListView.as_view(), name="api-registrar-candidates"),
    path(
        "registrar/candidates/<uuid:user_id>/payments/",
        registrar_rest.RegistrarPaymentView.as_view(),
        name="api-registrar-payments",
    ),
    path(
        "registrar/payments/<uuid:payment_id>/reversal/",
        registrar_rest.RegistrarReversalView.as_view(),
        name="api-registrar-reversal",
    ),
    path("registrar/documents/", registrar_rest.RegistrarDocumentListView.as_view(), name="api-registrar-documents"),
    path(
        "registrar/documents/<uuid:document_id>/review/",
        registrar_rest.RegistrarDocumentReviewView.as_view(),
        name="api-registrar-review",
    ),
    path(
        "registrar/documents/<uuid:document_id>/review/withdrawal/",
        registrar_rest.RegistrarAcceptanceWithdrawalView.as_view(),
        name="api-registrar-acceptance-withdrawal",
    ),
    path(
        "registrar/certificates/<str:number>/reissue/",
        registrar_rest.RegistrarReissueView.as_view(),
        name="api-registrar-reissue",
    ),
    path(
        "registrar/certificates/<str:number>/revocation/",
        rest.RegistrarRevokeView.as_view(),
        name="api-registrar-revocation",
    ),
]
