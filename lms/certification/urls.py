from django.urls import path

from . import views

app_name = "certification"
urlpatterns = [
    path("certification/", views.home, name="home"),
    path("certification/certificates/<str:number>/", views.certificate, name="certificate"),
    path("certification/certificates/<str:number>/pdf/", views.pdf, name="pdf"),
    path("certification/statements/<slug:code>/", views.attest, name="attest"),
    path("certification/<slug:slug>/", views.path, name="path"),
    path("certification/<slug:slug>/join/", views.join, name="join"),
    path("certification/<slug:slug>/apply/", views.apply, name="apply"),
    path("verify/", views.verify_search, name="verify_search"),
    path("verify/<str:number>/", views.verify, name="verify"),
]
