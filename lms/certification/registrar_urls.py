from django.urls import path

from . import registrar

app_name = "registrar"
urlpatterns = [
    path("", registrar.home, name="home"),
    path("applications/<uuid:application_id>/", registrar.application, name="application"),
    path("certificates/", registrar.certificates, name="certificates"),
    path("certificates/<str:number>/", registrar.certificate, name="certificate"),
    path("certificates/<str:number>/pdf/", registrar.pdf, name="pdf"),
    path("certificates/<str:number>/<slug:action>/", registrar.change, name="change"),
]
