from django.urls import path

from . import attendance_rest, cohort_rest, evaluation_rest, rest

urlpatterns = [
    path("courses/", rest.CourseListView.as_view(), name="api-courses"),
    path("courses/<slug:slug>/", rest.CourseView.as_view(), name="api-course"),
    path("courses/<slug:slug>/enrol/", rest.EnrolView.as_view(), name="api-enrol"),
    path("lessons/<str:code>/", rest.LessonView.as_view(), name="api-lesson"),
    path("lessons/<str:code>/complete/", rest.LessonCompleteView.as_view(), name="api-lesson-complete"),
    path("evaluations/", evaluation_rest.EvaluationListView.as_view(), name="api-evaluations"),
    path("evaluations/<slug:slug>/", evaluation_rest.EvaluationView.as_view(), name="api-evaluation"),
    path("attendance/", attendance_rest.AttendanceListView.as_view(), name="api-attendance"),
    path("cohorts/", cohort_rest.CohortListView.as_view(), name="api-cohorts"),
    path("cohorts/<str:code>/", cohort_rest.CohortView.as_view(), name="api-cohort"),
    path("cohorts/<str:code>/members/", cohort_rest.CohortMembersView.as_view(), name="api-cohort-members"),
    path(
        "cohorts/<str:code>/members/removal/",
        cohort_rest.CohortMemberRemovalView.as_view(),
        name="api-cohort-member-removal",
    ),
    path("cohorts/<str:code>/sessions/", attendance_rest.CohortSessionsView.as_view(), name="api-cohort-sessions"),
    path("class-sessions/<uuid:session_id>/attendance/", attendance_rest.RosterView.as_view(), name="api-roster"),
]
