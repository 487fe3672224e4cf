from django.urls import path

from . import views

app_name = "knowledge"
urlpatterns = [
    path("evidence/", views.evidence, name="evidence"),
    path("evidence/<str:code>/", views.claim, name="claim"),
    path("glossary/", views.glossary, name="glossary"),
    path("atlas/", views.atlas, name="atlas"),
    path("about-the-content/", views.about, name="about"),
]
