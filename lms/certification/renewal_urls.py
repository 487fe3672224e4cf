"""Addresses of renewal: a holder's, the registrar's, and those of the API. They come before any with a free slug."""

from django.urls import path

from . import renewal_desk as desk
from . import renewal_rest as rest
from . import renewal_views as views

holder = [
    path("certification/renewal/<str:number>/", views.renewal, name="renewal"),
    path("certification/continuing-education/", views.education, name="ce"),
    path("certification/continuing-education/<uuid:claim_id>/withdraw/", views.withdraw, name="ce_withdraw"),
    path("certification/continuing-education/<uuid:claim_id>/evidence/", views.evidence, name="ce_evidence"),
    path("certification/changes/", views.changed, name="changes"),
]

registrar = [
    path("renewals/", desk.renewals, name="renewals"),
    path("renewals/<uuid:renewal_id>/", desk.renewal, name="renewal"),
    path("continuing-education/", desk.education, name="ce_queue"),
    path("continuing-education/<uuid:claim_id>/", desk.claim, name="ce_claim"),
    path("continuing-education/<uuid:claim_id>/evidence/", desk.evidence, name="ce_evidence"),
]

api = [
    path("certificates/<str:number>/renewal/", rest.RenewalView.as_view(), name="api-renewal"),
    path("continuing-education/", rest.CeListView.as_view(), name="api-ce"),
    path("continuing-education/<uuid:claim_id>/withdrawal/", rest.CeWithdrawalView.as_view(), name="api-ce-withdrawal"),
    path("registrar/renewals/", rest.RegistrarRenewalListView.as_view(), name="api-registrar-renewals"),
    path(
        "registrar/renewals/<uuid:renewal_id>/decision/",
        rest.RegistrarRenewalDecisionView.as_view(),
        name="api-registrar-renewal-decision",
    ),
    path("registrar/continuing-education/", rest.RegistrarCeListView.as_view(), name="api-registrar-ce"),
    path(
        "registrar/continuing-education/<uuid:claim_id>/review/",
        rest.RegistrarCeReviewView.as_view(),
        name="api-registrar-ce-review",
    ),
]
