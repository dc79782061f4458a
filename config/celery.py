"""The Celery application; it knows the broker that lives in the Django database."""

import os
import warnings

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

# kombu accepts no "module:Class" in an address, only names of this table.
TRANSPORT_ALIASES["djangodb"] = "apps.core.dbtransport:Transport"

# Inside a container root is the only user there is; the portal runs nobody else's code.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("concord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
