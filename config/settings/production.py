"""Settings behind a real host name: nothing starts on a guessed secret."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.environment import switch
from config.settings.base import *

REQUIRED = ("SECRET_KEY", "ALLOWED_HOSTS")

for _name in REQUIRED:
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"{_name} is not set; production has no default for it.")
if DEBUG:
    raise ImproperlyConfigured("DEBUG is on; production never shows its insides. Unset DEBUG.")

# To be on the browsers' preload list is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# TLS ends at a proxy in front, which says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
