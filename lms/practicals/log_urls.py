"""Addresses of the hours log and of case reports."""

from django.urls import path

from . import log_rest, log_views, report_rest, report_views

urlpatterns = [
    path("hours/", log_views.log, name="log"),
    path("hours/new/", log_views.session_new, name="session_new"),
    path("hours/<uuid:session_id>/withdraw/", log_views.session_withdraw, name="session_withdraw"),
    path("supervise/", log_views.supervise, name="supervise"),
    path("supervise/students/<uuid:student_id>/", log_views.supervised_student, name="supervised_student"),
    path("supervise/case-reports/", report_views.reading, name="reading"),
    path("case-reports/", report_views.reports, name="reports"),
    path("case-reports/new/", report_views.report_new, name="report_new"),
    path("case-reports/<uuid:report_id>/", report_views.report, name="report"),
    path("case-reports/<uuid:report_id>/anew/", report_views.report_anew, name="report_anew"),
    path("case-reports/<uuid:report_id>/file/", report_views.report_file, name="report_file"),
]

api_urlpatterns = [
    path("hours/", log_rest.HoursView.as_view(), name="api-hours"),
    path("hours/<uuid:session_id>/withdrawal/", log_rest.HoursWithdrawalView.as_view(), name="api-hours-withdrawal"),
    path("supervision/hours/", log_rest.SupervisionView.as_view(), name="api-supervision-hours"),
    path(
        "supervision/hours/decisions/",
        log_rest.SupervisionDecisionsView.as_view(),
        name="api-supervision-decisions",
    ),
    path("case-reports/", report_rest.CaseReportListView.as_view(), name="api-case-reports"),
    path("case-reports/<uuid:report_id>/", report_rest.CaseReportView.as_view(), name="api-case-report"),
    path(
        "case-reports/<uuid:report_id>/review/",
        report_rest.CaseReportReviewView.as_view(),
        name="api-case-report-review",
    ),
]
