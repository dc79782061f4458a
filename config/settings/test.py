"""Settings of the test suite: small, quick, quiet; `DATABASE_URL`, `REDIS_URL` and S3 still count."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *

_scratch = Path(tempfile.mkdtemp(prefix="concord-test-"))

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# A connection that a thread keeps would hinder PostgreSQL from dropping the test database.
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

MEDIA_ROOT = _scratch / "media"
STATIC_ROOT = _scratch / "static"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise")]
# Without a built front end the pages still render; a browser test builds it first.
DJANGO_VITE["default"]["dev_mode"] = not (FRONTEND_DIST / "manifest.json").is_file()

# Parallel test processes may share one Redis, and each has a project 1.
_process = os.environ.get("PYTEST_XDIST_WORKER", "main")
if REDIS_URL:
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"test-{_process}"
    CACHES["default"]["KEY_PREFIX"] = f"test-{_process}"
else:
    CHANNEL_LAYERS["default"] = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []
ACCOUNT_RATE_LIMITS = False
LOGGING["root"]["level"] = "WARNING"
