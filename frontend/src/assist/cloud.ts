/** What assistants need of a frame's points. */

import type { Cuboid, Vec3 } from "../core/types";
import { type Grid, type Positions, visitCuboid, visitRectangle } from "../math/grid";
import { type GroundRaster, groundHeight } from "../math/ground";

/** Points of one lidar in the ego frame at its capture's time. */
export interface Cloud {
  readonly positions: Positions;
  readonly grid: Grid;
  readonly aboveGround: Grid;
  readonly ground: GroundRaster | null;
}

function pointAt(positions: Positions, index: number): Vec3 {
  const at = index * 3;
  return [positions[at] ?? 0, positions[at + 1] ?? 0, positions[at + 2] ?? 0];
}

export function pointOf(cloud: Cloud, index: number): Vec3 {
  return pointAt(cloud.positions, index);
}

/** Points in a cuboid grown by a margin that stand clear of the ground. */
export function pointsAround(cloud: Cloud, cuboid_ego: Cuboid, margin_m: number): readonly Vec3[] {
  const found: Vec3[] = [];
  visitCuboid(cloud.aboveGround, cloud.positions, cuboid_ego, margin_m, (index) => {
    found.push(pointAt(cloud.positions, index));
  });
  return found;
}

/** Points within a square around a place that stand higher above the ground than the gate, x y z after one another. */
export function cropped(
  cloud: Cloud,
  [x, y]: Vec3,
  half_m: number,
  gate_m: number,
): Float32Array<ArrayBuffer> {
  const kept: number[] = [];
  visitRectangle(cloud.grid, [x - half_m, y - half_m], [x + half_m, y + half_m], (index) => {
    const [px, py, pz] = pointAt(cloud.positions, index);
    const ground = cloud.ground && groundHeight(cloud.ground, px, py);
    if (ground === null || pz >= ground + gate_m) kept.push(px, py, pz);
  });
  return Float32Array.from(kept);
}
