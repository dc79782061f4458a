"""Django finds an app's tables through this one module, so it names them all."""

from apps.scenes.models.capture import Asset, Capture
from apps.scenes.models.intake import ImportedFile, RecordingImport, Upload
from apps.scenes.models.labels import SceneLabels
from apps.scenes.models.scene import EgoPose, Frame, Scene
from apps.scenes.models.sensor import Calibration, Sensor

__all__ = [
    "Asset",
    "Calibration",
    "Capture",
    "EgoPose",
    "Frame",
    "ImportedFile",
    "RecordingImport",
    "Scene",
    "SceneLabels",
    "Sensor",
    "Upload",
]
