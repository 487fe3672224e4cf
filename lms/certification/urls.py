from django.urls import path

from . import case_views, credential_views, papers_views, register_views, renewal_urls, views

app_name = "certification"
urlpatterns = [
    path("certification/", views.home, name="home"),
    path("certification/certificates/<str:number>/", views.certificate, name="certificate"),
    path("certification/certificates/<str:number>/pdf/", views.pdf, name="pdf"),
    path("certification/certificates/<str:number>/credential/", credential_views.credential, name="credential"),
    path(
        "certification/certificates/<str:number>/badge.png", credential_views.badge, {"form": "png"}, name="badge_png"
    ),
    path(
        "certification/certificates/<str:number>/badge.svg", credential_views.badge, {"form": "svg"}, name="badge_svg"
    ),
    path("certification/certificates/<str:number>/listing/", register_views.listing, name="listing"),
    path("certification/documents/<slug:code>/", papers_views.document, name="document"),
    path("certification/documents/<slug:code>/<uuid:document_id>/", papers_views.document_file, name="document_file"),
    path("certification/statements/<slug:code>/", views.attest, name="attest"),
    path("certification/cases/", case_views.cases, name="cases"),
    path("certification/cases/new/", case_views.new, name="case_new"),
    path("certification/cases/<uuid:case_id>/", case_views.case, name="case"),
    path("certification/cases/<uuid:case_id>/note/", case_views.add_note, name="case_note"),
    path("certification/cases/<uuid:case_id>/withdraw/", case_views.withdraw, name="case_withdraw"),
    path("certification/cases/<uuid:case_id>/file/", case_views.file, name="case_file"),
    *renewal_urls.holder,
    path("certification/<slug:slug>/", views.path, name="path"),
    path("certification/<slug:slug>/join/", views.join, name="join"),
    path("certification/<slug:slug>/apply/", views.apply, name="apply"),
    path("verify/", views.verify_search, name="verify_search"),
    path("verify/file/", register_views.verify_file, name="verify_file"),
    path("verify/register/", register_views.public_register, name="register"),
    path("verify/<str:number>/", views.verify, name="verify"),
]
