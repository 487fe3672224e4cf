from django.urls import path

from . import (
    audit_pack_views,
    case_views,
    registrar,
    registrar_batches,
    registrar_candidates,
    registrar_papers,
    registrar_taking_back,
    renewal_urls,
)

app_name = "registrar"
urlpatterns = [
    path("", registrar.home, name="home"),
    path("applications/<uuid:application_id>/", registrar.application, name="application"),
    path("admissions/<uuid:admission_id>/waive/", registrar_candidates.waive, name="waive"),
    path("batches/", registrar_batches.batches, name="batches"),
    path("batches/new/", registrar_batches.batch_new, name="batch_new"),
    path("batches/<uuid:batch_id>/", registrar_batches.batch, name="batch"),
    path("batches/<uuid:batch_id>/go-on/", registrar_batches.batch_go_on, name="batch_go_on"),
    path("candidates/", registrar_candidates.candidates, name="candidates"),
    path("candidates/<uuid:user_id>/", registrar_candidates.candidate, name="candidate"),
    path("candidates/<uuid:user_id>/admit/", registrar_candidates.admit, name="admit"),
    path("candidates/<uuid:user_id>/payment/", registrar_papers.payment, name="payment"),
    path("payments/<uuid:payment_id>/reverse/", registrar_taking_back.payment, name="reversal"),
    path("documents/", registrar_papers.documents, name="documents"),
    path("documents/<uuid:document_id>/", registrar_papers.document, name="document"),
    path("documents/<uuid:document_id>/file/", registrar_papers.document_file, name="document_file"),
    path("documents/<uuid:document_id>/withdraw/", registrar_taking_back.acceptance, name="acceptance_withdrawal"),
    path("waivers/<uuid:waiver_id>/withdraw/", registrar_taking_back.waiver, name="waiver_withdrawal"),
    path("cases/", case_views.desk, name="cases"),
    path("cases/<uuid:case_id>/", case_views.desk_case, name="case"),
    path("cases/<uuid:case_id>/<slug:action>/", case_views.desk_change, name="case_change"),
    path("audit-pack/", audit_pack_views.audit_pack, name="audit_pack"),
    *renewal_urls.registrar,
    path("certificates/", registrar.certificates, name="certificates"),
    path("certificates/<str:number>/", registrar.certificate, name="certificate"),
    path("certificates/<str:number>/pdf/", registrar.pdf, name="pdf"),
    path("certificates/<str:number>/reissue/", registrar.reissue, name="reissue"),
    path("certificates/<str:number>/<slug:action>/", registrar.change, name="change"),
]
