"""Addresses of files."""

from django.urls import re_path

from apps.scenes.views import asset

app_name = "scenes"

urlpatterns = [
    re_path(
        r"^assets/(?P<sha256>[0-9a-f]{64})\.(?P<extension>[a-z0-9.]{1,12})$", asset, name="asset"
    ),
]
