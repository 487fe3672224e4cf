from django.urls import path

from . import rest

urlpatterns = [
    path("courses/", rest.CourseListView.as_view(), name="api-courses"),
    path("courses/<slug:slug>/", rest.CourseView.as_view(), name="api-course"),
    path("courses/<slug:slug>/enrol/", rest.EnrolView.as_view(), name="api-enrol"),
    path("lessons/<str:code>/", rest.LessonView.as_view(), name="api-lesson"),
    path("lessons/<str:code>/complete/", rest.LessonCompleteView.as_view(), name="api-lesson-complete"),
]
