from django.urls import path

from . import attendance_views, views

app_name = "learning"
urlpatterns = [
    path("learn/courses/<slug:slug>/enrol/", views.enrol, name="enrol"),
    path("learn/lessons/<str:code>/complete/", views.complete, name="complete"),
    path("learn/attendance/", attendance_views.attendance, name="attendance"),
    path("teach/cohorts/", attendance_views.cohorts, name="cohorts"),
    path("teach/cohorts/<uuid:cohort_id>/", attendance_views.cohort, name="cohort"),
    path("teach/cohorts/<uuid:cohort_id>/sessions/new/", attendance_views.session_new, name="session_new"),
    path("teach/sessions/<uuid:session_id>/", attendance_views.session, name="session"),
    path("teach/sessions/<uuid:session_id>/edit/", attendance_views.session_edit, name="session_edit"),
    path("teach/sessions/<uuid:session_id>/remove/", attendance_views.session_remove, name="session_remove"),
    path("teach/sessions/<uuid:session_id>/roster.csv", attendance_views.roster_csv, name="roster_csv"),
]
