"""LiDAR: point clouds, with cuboids."""

from apps.modalities.base import Modality
from apps.modalities.lidar.prepare import prepare_sweep
from apps.modalities.lidar.reader import EXTENSIONS, read_sweep
from numerics.geometry.cuboid import Cuboid

LIDAR = Modality(
    key="lidar",
    label="LiDAR",
    viewer="point-cloud",
    extensions=EXTENSIONS,
    shapes={"cuboid": Cuboid},
    read=read_sweep,
    prepare=prepare_sweep,
    checks=("pts.few", "pts.outside", "ground.gap"),
)
