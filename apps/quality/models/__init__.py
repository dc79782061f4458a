"""Django finds an app's tables through this one module, so it names them all."""

from apps.quality.models.finding import Finding, FindingEvent
from apps.quality.models.residual import Residual

__all__ = ["Finding", "FindingEvent", "Residual"]
