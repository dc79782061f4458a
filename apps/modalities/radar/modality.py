"""Radar: stored with its recording; its own view comes later."""

from apps.modalities.base import Modality
from apps.modalities.radar.reader import EXTENSIONS, prepare_returns, read_returns

RADAR = Modality(
    key="radar",
    label="Radar",
    viewer="radar",
    extensions=EXTENSIONS,
    shapes={},
    read=read_returns,
    prepare=prepare_returns,
)
