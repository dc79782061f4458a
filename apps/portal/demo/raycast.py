"""The street at an instant, as something that rays can hit."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.portal.demo.headless_open3d import o3d
from apps.portal.demo.meshes import Mesh
from apps.portal.demo.street import Street
from numerics.arrays import BoolArray, FloatArray, IntArray

NOTHING = -1
BACKGROUND = 0


@dataclass(frozen=True, slots=True)
class Hits:
    """Where rays ended.

    Attributes:
        range_m: (N,), infinite where nothing was hit.
        actor: (N,) 0 for the background, i + 1 for actor i, -1 for nothing.
        normal: (N, 3) of the surface, in the world.
        color: (N, 3) reflectance.
        reflectivity: (N,).
    """

    range_m: FloatArray
    actor: IntArray
    normal: FloatArray
    color: FloatArray
    reflectivity: FloatArray


class Instant:
    """The street at one time."""

    def __init__(self, street: Street, *, seconds: float) -> None:
        self._scene = o3d.t.geometry.RaycastingScene()
        self._colors: list[FloatArray] = []
        self._reflectivity: list[FloatArray] = []
        self._add(street.background, street.background.vertices_m)
        for actor in street.actors:
            center_m, yaw_rad = actor.pose_at(seconds)
            c, s = np.cos(yaw_rad), np.sin(yaw_rad)
            rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
            self._add(actor.mesh, actor.mesh.vertices_m @ rotation.T + center_m)
        counts = [len(part) for part in self._reflectivity]
        self._first = np.cumsum([0, *counts[:-1]])
        self._all_colors = np.concatenate(self._colors)
        self._all_reflectivity = np.concatenate(self._reflectivity)

    def _add(self, mesh: Mesh, vertices_m: FloatArray) -> None:
        self._scene.add_triangles(
            o3d.core.Tensor(np.ascontiguousarray(vertices_m, dtype=np.float32)),
            o3d.core.Tensor(np.ascontiguousarray(mesh.triangles, dtype=np.uint32)),
        )
        self._colors.append(mesh.colors)
        self._reflectivity.append(mesh.reflectivity)

    def cast(self, origins_m: FloatArray, directions: FloatArray) -> Hits:
        """Follow rays to what they hit first.

        Args:
            origins_m: (N, 3) or (3,) in the world.
            directions: (N, 3) unit vectors.
        """
        answer = self._scene.cast_rays(_rays(origins_m, directions))
        range_m = answer["t_hit"].numpy().astype(np.float64)
        hit = np.isfinite(range_m)
        geometry = answer["geometry_ids"].numpy()
        primitive = answer["primitive_ids"].numpy()
        actor = np.where(hit, geometry.astype(np.int64), NOTHING)
        row = np.where(hit, self._first[np.where(hit, geometry, 0)] + primitive, 0)
        return Hits(
            range_m=range_m,
            actor=actor,
            normal=answer["primitive_normals"].numpy().astype(np.float64),
            color=self._all_colors[row],
            reflectivity=self._all_reflectivity[row],
        )

    def shaded(self, points_m: FloatArray, direction: FloatArray) -> BoolArray:
        """Whether something stands between points (N, 3) and a far light: (N,) bool."""
        directions = np.broadcast_to(direction, points_m.shape)
        blocked = self._scene.test_occlusions(
            _rays(points_m, directions), tnear=0.02, tfar=float("inf")
        )
        shadow: BoolArray = blocked.numpy()
        return shadow


def _rays(origins_m: FloatArray, directions: FloatArray) -> Any:
    rays = np.empty((len(directions), 6), dtype=np.float32)
    rays[:, :3] = origins_m
    rays[:, 3:] = directions
    return o3d.core.Tensor(rays)
