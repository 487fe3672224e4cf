from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("agreements/<slug:code>/", views.agreement, name="agreement"),
]
