"""Addresses of practical examinations, for both sides of the table."""

from django.urls import path

from . import candidate_views, examination_rest, examination_views

EXAMINE = "examine/practicals"
ATTEMPT = f"{EXAMINE}/attempts/<uuid:attempt_id>"

urlpatterns = [
    path("practicals/", candidate_views.practicals, name="practicals"),
    path("practicals/<slug:code>/", candidate_views.practical, name="practical"),
    path("practicals/<slug:code>/attempts/<uuid:attempt_id>/signature/", candidate_views.sign, name="sign"),
    path(f"{EXAMINE}/", examination_views.examine, name="examine"),
    path(f"{EXAMINE}/candidates/<uuid:candidate_id>/", examination_views.candidate, name="candidate"),
    path(f"{ATTEMPT}/", examination_views.attempt, name="attempt"),
    path(f"{ATTEMPT}/stations/<slug:station>/", examination_views.station, name="station"),
    path(f"{ATTEMPT}/stations/<slug:station>/ruling/", examination_views.rule, name="rule"),
    path(f"{ATTEMPT}/sign-offs/<uuid:key>/withdrawal/", examination_views.withdraw, name="withdraw"),
]

api_urlpatterns = [
    path("practicals/", examination_rest.PracticalListView.as_view(), name="api-practicals"),
    path("practicals/<slug:code>/", examination_rest.PracticalView.as_view(), name="api-practical"),
    path(
        "practicals/attempts/<uuid:attempt_id>/signature/",
        examination_rest.SignatureView.as_view(),
        name="api-practical-signature",
    ),
    path(f"{EXAMINE}/attempts/", examination_rest.AttemptListView.as_view(), name="api-practical-attempts"),
    path(f"{ATTEMPT}/", examination_rest.AttemptView.as_view(), name="api-practical-attempt"),
    path(
        f"{ATTEMPT}/sign-offs/<uuid:key>/",
        examination_rest.SignOffView.as_view(),
        name="api-practical-sign-off",
    ),
    path(
        f"{ATTEMPT}/sign-offs/<uuid:key>/withdrawal/",
        examination_rest.WithdrawalView.as_view(),
        name="api-practical-withdrawal",
    ),
    path(
        f"{ATTEMPT}/stations/<slug:station>/ruling/",
        examination_rest.RulingView.as_view(),
        name="api-practical-ruling",
    ),
]
