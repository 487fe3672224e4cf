"""A school at work (`INSTANCE=live`). A missing secret stops the start and is named."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import REST_FRAMEWORK, STORAGES, env

_needed = ("SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "CREDENTIAL_KEYS")
_missing = [name for name in _needed if not env(name, default="")]
if _missing:
    raise ImproperlyConfigured(f"A live instance needs {', '.join(_missing)} in its environment.")

SECRET_KEY = env("SECRET_KEY")
DEBUG = False
STORAGES["staticfiles"] = {"BACKEND": "lms.core.static_storage.ModuleManifestStorage"}

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if env.bool("BEHIND_PROXY", default=False):
    # The proxy's word for the visitor's address, else every rate limit would hit the whole school at once.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    REST_FRAMEWORK["NUM_PROXIES"] = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
