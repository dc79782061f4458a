"""Settings of every set-up, read from the environment; the defaults are those of development."""

import os
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.celery import app as celery_app
from config.environment import database, identity_providers, kept_secret, switch, words
from config.settings.unfold import UNFOLD  # noqa: F401 - Django reads it here

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("CONCORD_DATA_DIR") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = switch("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(DATA_DIR)
# Former secrets, newest first: sessions and second factors kept under them stay readable.
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
REDIS_URL = os.environ.get("REDIS_URL", "")

# --- apps ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.guardian",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_vite",
    "storages",
    "apps.core",
    "apps.accounts",
    "apps.clients",
    "apps.projects",
    "apps.live",
    "apps.workforce",
    "apps.scenes",
    "apps.guidelines",
    "apps.annotation",
    "apps.quality",
    "apps.operations",
    "apps.deliveries",
    "apps.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.core.middleware.ProblemPages",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- data ------------------------------------------------------------------------------------

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", ""), default_path=DATA_DIR / "db.sqlite3")
}

CACHES: dict[str, Any] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

S3_ENDPOINT_URL = os.environ.get("S3_ENDPOINT_URL", "")
S3_BUCKET = os.environ.get("S3_BUCKET", "")
if S3_ENDPOINT_URL and not S3_BUCKET:
    raise ImproperlyConfigured("S3_ENDPOINT_URL is set, but S3_BUCKET is not: name the bucket.")
_s3_storage: dict[str, Any] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "endpoint_url": S3_ENDPOINT_URL or None,
        "bucket_name": S3_BUCKET,
        "access_key": os.environ.get("S3_ACCESS_KEY"),
        "secret_key": os.environ.get("S3_SECRET_KEY"),
        "region_name": os.environ.get("S3_REGION", "us-east-1"),
        "addressing_style": "path",
        "signature_version": "s3v4",
        "default_acl": None,
        "file_overwrite": False,
        "querystring_expire": 900,
    },
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": (
        _s3_storage if S3_BUCKET else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    # Vite hashes its own names. The Manifest variant would hash the entry again, and a lazy chunk
    # that imports the entry by its first name would load a second copy of the application.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
# Recordings come in chunks; no single request needs to be larger.
LONGEST_BODY_BYTES = int(os.environ.get("LONGEST_BODY_MB", "256")) << 20
HTTP_THREADS = int(os.environ.get("HTTP_THREADS", "8"))

# --- static files ----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("CONCORD_STATIC_DIR") or DATA_DIR / "static")
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", FRONTEND_DIST) if path.is_dir()]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    *("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "tgz", "bz2", "tbz", "xz", "br"),
    *("woff", "woff2", "map"),
]
VITE_HASHED_NAME = re.compile(r"^.+[.-][0-9a-zA-Z_-]{8,12}\.\w+$")


def is_hashed_by_vite(path: str, url: str) -> bool:
    """Tell whether a static file's name changes with its content, so that it may be kept forever."""
    return url.startswith(f"{STATIC_URL}assets/") and VITE_HASHED_NAME.match(url) is not None


WHITENOISE_IMMUTABLE_FILE_TEST = is_hashed_by_vite

VITE_DEV_SERVER = switch("VITE_DEV_SERVER")
DJANGO_VITE = {
    "default": {
        "dev_mode": VITE_DEV_SERVER,
        "dev_server_port": 5173,
        "manifest_path": FRONTEND_DIST / "manifest.json",
        "static_url_prefix": "",
    }
}

# A checkout whose front end is not built yet is no fault; production takes this back.
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]

# --- who signs in ----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

OPEN_SIGNUP = switch("OPEN_SIGNUP")
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
# Where the staff make the accounts, the staff vouch for the addresses; strangers prove theirs.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if OPEN_SIGNUP else "none"
MFA_ALLOW_UNVERIFIED_EMAIL = not OPEN_SIGNUP
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Concord: "
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "apps.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Concord"
# Browsers count http://localhost as a secure origin; allauth has to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = switch("WEBAUTHN_INSECURE_ORIGIN", default=True)

SOCIALACCOUNT_ADAPTER = "apps.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": identity_providers(),
    }
}

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = switch("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "concord@localhost")

# --- the API ---------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    # The token stands first: its WWW-Authenticate header makes an anonymous request a 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.AccessTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "3000/min"},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Concord API",
    "DESCRIPTION": "Everything a page does, the API does.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "WorkKind": "apps.operations.models.Task.Kind",
        "TaskState": "apps.operations.models.Task.State",
        "TaskEventKind": "apps.operations.models.TaskEvent.Kind",
        "TeamKind": "apps.workforce.models.Team.Kind",
        "ProjectState": "apps.projects.models.Project.State",
        "GuidelineState": "apps.guidelines.models.GuidelineVersion.State",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- live updates and background work --------------------------------------------------------

CHANNEL_LAYERS: dict[str, Any] = {
    "default": (
        {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "concord"},
        }
        if REDIS_URL
        else {
            "BACKEND": "apps.live.layer.UnixSocketChannelLayer",
            "CONFIG": {"folder": str(DATA_DIR / "layer")},
        }
    )
}

# Whoever has settings has the Celery application: a task called anywhere finds its broker.
TASK_APP = celery_app
CELERY_BROKER_URL = REDIS_URL or "djangodb://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    # Longer than any time limit of the default queue, so that Redis delivers nothing twice meanwhile.
    {"visibility_timeout": 15 * 60} if REDIS_URL else {}
)
# Modules of jobs beside those of our own apps.
CELERY_IMPORTS = words("EXTRA_JOB_MODULES")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_SOFT_TIME_LIMIT = 10 * 60
CELERY_TASK_TIME_LIMIT = 11 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A run whose heartbeat is older than this is taken for dead and started again.
RUN_STALE_S = float(os.environ.get("RUN_STALE_S", "20"))
RUN_HEARTBEAT_S = RUN_STALE_S / 4

CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "requeue-stale-runs": {
        "task": "core.requeue_stale_runs",
        "schedule": RUN_STALE_S / 2,
        "options": {"expires": RUN_STALE_S},
    },
    "order-waiting-reviews": {
        "task": "operations.order_reviews",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "take-back-expired-leases": {
        "task": "operations.take_back_expired_leases",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "throw-away-old-uploads": {
        "task": "scenes.expire_uploads",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}


# --- safety ----------------------------------------------------------------------------------

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# --- logs ------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"event": {"()": "apps.core.logs.EventFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "event"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "celery": {"level": "WARNING"},
        # A refusal is an answer, not an event; the web server in front counts them.
        "django.request": {"level": "ERROR"},
        "botocore": {"level": "WARNING"},
    },
}
