"""Addresses of the site."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from lms.core import views as core_views
from lms.core.atomic import atomic_writes
from quizzes.assembly.guard import guard_exams
from quizzes.bank.guard import guard_banks

# A live instance leaves uploads to the web server or the object storage.
IS_DEMO = settings.INSTANCE != "live"

cms_urls = decorate_urlpatterns(
    decorate_urlpatterns(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, guard_exams), guard_banks), atomic_writes
)
login = never_cache(RedirectView.as_view(pattern_name="account_login", query_string=True))


urlpatterns = [
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", core_views.api_docs, name="api-docs"),
    path("api/v1/", include("lms.api_urls")),
    re_path(r"^api/.*$", core_views.api_not_found, name="api-not-found"),
    # Password forms of the CMS would be side doors around the second factor: one log-in for all.
    path("admin/login/", login, name="admin-login"),
    path("_util/login/", login, name="util-login"),
    path("admin/", include(cms_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("lms.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("lms.portal.urls")),
    path("", include("lms.practicals.urls")),
    path("", include("lms.certification.urls")),
    path("registrar/", include("lms.certification.registrar_urls")),
    path("credentials/", include("lms.certification.credential_urls")),
    path("", include("lms.knowledge.urls")),
    path("", include("lms.learning.urls")),
    path("", include("quizzes.delivery.urls")),
    path("", include("quizzes.examining.urls")),
    path("", include("quizzes.practice.urls")),
    path("", include("lms.demo.urls")),
    *([re_path(r"^media/(?P<path>.+)$", serve, {"document_root": settings.MEDIA_ROOT})] if IS_DEMO else []),
    path("", include(wagtail_urls)),
]
