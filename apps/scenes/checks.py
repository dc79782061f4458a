"""What `manage.py check` says about the modalities of this installation."""

from typing import Any

from django.core.checks import CheckMessage, Error

from apps.modalities.registry import registry


def check_modalities(**_: Any) -> list[CheckMessage]:
    """Tell of plugins that cannot be used."""
    return [
        Error(said, hint="Mend or uninstall the package.", id="scenes.E001")
        for said in registry().faults
    ]
