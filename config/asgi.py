"""One port: HTTP through Django's WSGI code in a pool of threads."""

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

application = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]  # its environ is a dict
