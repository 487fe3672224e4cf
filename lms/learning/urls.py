from django.urls import path

from . import attendance_views, cohort_views, evaluation_views, views

app_name = "learning"
urlpatterns = [
    path("learn/courses/<slug:slug>/enrol/", views.enrol, name="enrol"),
    path("learn/lessons/<str:code>/complete/", views.complete, name="complete"),
    path("learn/courses/<slug:slug>/evaluation/", evaluation_views.evaluate, name="evaluate"),
    path("learn/attendance/", attendance_views.attendance, name="attendance"),
    path("teach/cohorts/", attendance_views.cohorts, name="cohorts"),
    path("teach/cohorts/new/", cohort_views.cohort_new, name="cohort_new"),
    path("teach/cohorts/<uuid:cohort_id>/", attendance_views.cohort, name="cohort"),
    path("teach/cohorts/<uuid:cohort_id>/edit/", cohort_views.cohort_edit, name="cohort_edit"),
    path("teach/cohorts/<uuid:cohort_id>/remove/", cohort_views.cohort_remove, name="cohort_remove"),
    path("teach/cohorts/<uuid:cohort_id>/members/add/", cohort_views.members_add, name="members_add"),
    path("teach/cohorts/<uuid:cohort_id>/members/<uuid:person_id>/", cohort_views.member, name="member"),
    path(
        "teach/cohorts/<uuid:cohort_id>/members/<uuid:person_id>/remove/",
        cohort_views.member_remove,
        name="member_remove",
    ),
    path("teach/cohorts/<uuid:cohort_id>/sessions/new/", attendance_views.session_new, name="session_new"),
    path("teach/sessions/<uuid:session_id>/", attendance_views.session, name="session"),
    path("teach/sessions/<uuid:session_id>/edit/", attendance_views.session_edit, name="session_edit"),
    path("teach/sessions/<uuid:session_id>/remove/", attendance_views.session_remove, name="session_remove"),
    path("teach/sessions/<uuid:session_id>/roster.csv", attendance_views.roster_csv, name="roster_csv"),
    path("teach/evaluations/", evaluation_views.evaluations, name="evaluations"),
    path("teach/evaluations.csv", evaluation_views.evaluations_csv, name="evaluations_csv"),
    path(
        "teach/evaluations/texts/<uuid:evaluation_id>/<str:text>/remove/",
        evaluation_views.evaluation_text_remove,
        name="evaluation_text_remove",
    ),
    path("teach/evaluations/<str:code>/", evaluation_views.course_evaluations, name="course_evaluations"),
]
