from django.apps import AppConfig
from django.core.checks import register

from apps.scenes.checks import check_modalities


class ScenesConfig(AppConfig):
    name = "apps.scenes"
    label = "scenes"

    def ready(self) -> None:
        register(check_modalities)
