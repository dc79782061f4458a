"""The Celery application; it knows the broker that lives in the Django database."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

# kombu accepts no "module:Class" in an address, only names of this table.
TRANSPORT_ALIASES["djangodb"] = "apps.core.dbtransport:Transport"

app = Celery("concord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
