from django.urls import path

from . import atlas_views, views

app_name = "knowledge"
urlpatterns = [
    path("evidence/", views.evidence, name="evidence"),
    path("evidence/contradictions/", views.contradictions, name="contradictions"),
    path("evidence/<str:code>/", views.claim, name="claim"),
    path("glossary/", views.glossary, name="glossary"),
    path("atlas/", atlas_views.atlas, name="atlas"),
    path("atlas/<str:code>/", atlas_views.muscle, name="muscle"),
    path("about-the-content/", views.about, name="about"),
]
