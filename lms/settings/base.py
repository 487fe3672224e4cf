"""What every instance shares. The environment is read in one block; the README has the table of it."""

import zoneinfo
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
LOCAL_DIR = Path(environ.Env()("LOCAL_DIR", default=str(BASE_DIR / ".local")))
SHIPPED_CURRICULUM = BASE_DIR / "courses" / "curriculum"

env = environ.Env()
INSTANCE = env("INSTANCE", default="demo")
if INSTANCE not in {"demo", "live"}:
    raise ImproperlyConfigured("INSTANCE must be 'demo' or 'live'.")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
#: Secret Ed25519 keys that sign credentials, the present one first (`manage.py make_signing_key` prints a new one).
CREDENTIAL_KEYS = env.list("CREDENTIAL_KEYS", default=[])
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "lms.core",
    "lms.accounts",
    "lms.knowledge",
    "quizzes",
    "courses",
    "lms.learning",
    "lms.practicals",
    "lms.certification",
    "lms.package",
    "lms.portal",
    "lms.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.forms",
    "wagtail.embeds",
    "wagtail.sites",
    "lms.accounts.apps.CmsUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "lms.core.middleware.ArrivalTimeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.core.middleware.ProblemMiddleware",
    "lms.core.middleware.ReadableAddressMiddleware",
    "lms.core.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.accounts.middleware.PersonalSettingsMiddleware",
    "lms.accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # An applet is no Django app, so its tags are named here.
            "libraries": {
                "answers": "quizzes.delivery.templatetags.answers",
                "durations": "quizzes.delivery.templatetags.durations",
                "essays": "quizzes.delivery.templatetags.essays",
                "gaps": "quizzes.delivery.templatetags.gaps",
                "plates": "quizzes.delivery.templatetags.plates",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.accounts.context.personal",
                "courses.context.school",
            ],
        },
    },
]

# SQLite: IMMEDIATE avoids "database is locked" when a read is followed by a write; FULL keeps an acknowledged
# answer through a power cut.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-32000;"
        "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;"
    ),
}
DATABASE_URL = env("DATABASE_URL", default=f"sqlite:///{LOCAL_DIR / 'db.sqlite3'}")
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASES["default"]["CONN_MAX_AGE"] = 60
else:
    pool_size = env.int("DATABASE_POOL", default=8)
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": pool_size}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env("CACHE_URL", default="dbcache://lms_cache")
CACHES = {"default": environ.Env.cache_url_config(CACHE_URL)}
SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db"
    if CACHE_URL.startswith(("redis", "rediss"))
    else "django.contrib.sessions.backends.db"
)
SESSION_COOKIE_NAME = "lms_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "lms_csrf"
CSRF_FAILURE_VIEW = "lms.core.views.csrf_failure"

TASKS = {"default": {"BACKEND": env("TASK_BACKEND", default="django_tasks.backends.immediate.ImmediateBackend")}}

EMAIL_URL = env("EMAIL_URL", default=f"filemail:///{str(LOCAL_DIR / 'mail').lstrip('/')}")
_email = environ.Env.email_url_config(EMAIL_URL)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = "/" + _email.get("EMAIL_FILE_PATH", "").lstrip("/")
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_email.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_SSL", False))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="school@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lms.accounts.backends.SessionBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/dashboard/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lms.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "lms.accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https") else "http"
MFA_TOTP_ISSUER = "NMT school"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
# Roles whose holders must have a second factor; enforced on live instances only (see SecondFactorMiddleware).
SECOND_FACTOR_ROLES = {"instructor", "examiner", "registrar", "admin"}
SECOND_FACTOR_ENFORCED = INSTANCE == "live"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
TIME_ZONE = env("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_FINDERS = [
    "lms.core.static_finder.OneSheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / "media"))) / "public"
PRIVATE_MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / "media"))) / "private"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_MEDIA_ROOT), "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": env.list(
            "VIDEO_FRAME_HOSTS", default=["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
        ),
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# The CMS's editor makes style elements as it runs; its five inline scripts are replaced (lms/core/templates).
CMS_CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "frame-src": [SELF],
    }
}

WAGTAIL_SITE_NAME = "NMT school"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_USER_TIME_ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory", "posixrules"})
WAGTAIL_AUTOSAVE_INTERVAL = 5000
WAGTAILUSERS_PASSWORD_ENABLED = True
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h2", "h3", "bold", "italic", "ol", "ul", "link", "superscript", "subscript"]},
    },
}
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif"]
WAGTAILDOCS_EXTENSIONS = ["pdf", "txt", "csv", "xlsx", "docx"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "lms.accounts.authentication.TokenAuthentication",
        "lms.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["lms.accounts.permissions.IsSignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["lms.core.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "lms.core.pagination.Pagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "lms.core.problem.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {
        "token": env("TOKEN_RATE", default="10/min"),
        "verify": env("VERIFY_RATE", default="60/min"),
    },
    # Nobody chooses the address that they are counted by; a proxy in front is said in the settings of a live school.
    "NUM_PROXIES": 0,
    "COERCE_DECIMAL_TO_STRING": False,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "NMT certification platform",
    "DESCRIPTION": "Courses, quizzes and certificates of a school of neuromuscular therapy.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "PREPROCESSING_HOOKS": ["lms.core.openapi.only_our_api"],
    # Sets of words that several components have under the same name of a field.
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStateEnum": ["open", "award", "return", "refuse"],
        "CaseKindEnum": "lms.certification.enums.CaseKind",
        "CaseReportStateEnum": ["submitted", "accepted", "returned"],
        "CaseStateEnum": "lms.certification.enums.CaseState",
        "CeClaimStateEnum": "lms.certification.enums.ClaimState",
        "ClassSessionKindEnum": "lms.learning.models.SessionKind",
        "DecisionOutcomeEnum": "lms.certification.enums.DecisionOutcome",
        "DocumentStateEnum": ["waiting", "accepted", "refused", "expired"],
        "LoggedSessionStateEnum": ["waiting", "approved", "refused"],
        "PracticalStateEnum": "lms.practicals.enums.AttemptState",
        "RequirementStateEnum": ["met", "in_progress", "not_started", "waived"],
        "ReviewOutcomeEnum": "lms.practicals.enums.ReviewOutcome",
        "StationStateEnum": "lms.practicals.enums.StationState",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "lms.core.openapi.with_problems"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
}

# Answers that arrive this long after the deadline still count: it covers the network, not the candidate.
ATTEMPT_GRACE_SECONDS = min(env.int("ATTEMPT_GRACE_SECONDS", default=5), 10)

# How long after a decision it can be appealed against, and how long the school takes to answer a case; in days.
CASE_APPEAL_DAYS = env.int("CASE_APPEAL_DAYS", default=30)
CASE_ANSWER_DAYS = env.int("CASE_ANSWER_DAYS", default=30)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
# The CMS previews pages in a frame of its own site; the policy above forbids every other one.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
