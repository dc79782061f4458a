"""The address of the one socket."""

from typing import Any

from django.urls import path

from apps.live.consumers import LiveConsumer

websocket_urlpatterns: list[Any] = [
    path("ws/", LiveConsumer.as_asgi()),  # type: ignore[arg-type]  # Django's path knows HTTP only
]
