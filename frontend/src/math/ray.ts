/** Rays: what a click hits. */

import type { Cuboid, Vec3 } from "../core/types";
import { FACES, type FaceName, toBody } from "./cuboid";
import type { Positions } from "./grid";
import { type GroundRaster, groundHeight } from "./ground";
import { conjugate, rotate } from "./quaternion";
import { add, scale } from "./vec";

export interface Ray {
  readonly origin_m: Vec3;
  /** Need not be of unit length; distances along the ray are counted in it. */
  readonly direction: Vec3;
}

export interface CuboidHit {
  /** Along the ray, in lengths of its direction. */
  readonly along: number;
  readonly face: FaceName;
}

/** Where a ray enters a cuboid (slab test in its own axes), or where it leaves when it starts inside; null when it misses. */
export function hitCuboid(ray: Ray, cuboid: Cuboid): CuboidHit | null {
  const origin = toBody(cuboid, ray.origin_m);
  const direction = rotate(conjugate(cuboid.quaternion_xyzw), ray.direction);
  let [enter, leave] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [enterFace, leaveFace]: [FaceName | null, FaceName | null] = [null, null];
  for (const axis of [0, 1, 2] as const) {
    const half = cuboid.size_m[axis] / 2;
    const [from, along] = [origin[axis], direction[axis]];
    if (along === 0) {
      if (Math.abs(from) > half) return null;
      continue;
    }
    const near = (-Math.sign(along) * half - from) / along;
    const far = (Math.sign(along) * half - from) / along;
    const [nearFace, farFace] = faceNames(axis, along > 0);
    if (near > enter) [enter, enterFace] = [near, nearFace];
    if (far < leave) [leave, leaveFace] = [far, farFace];
  }
  if (enter > leave || leave < 0) return null;
  if (enter >= 0 && enterFace) return { along: enter, face: enterFace };
  return leaveFace ? { along: leave, face: leaveFace } : null;
}

/** The faces that a ray running up an axis crosses first and last. */
function faceNames(axis: 0 | 1 | 2, rising: boolean): readonly [FaceName | null, FaceName | null] {
  const low = FACES.find((face) => face.axis === axis && face.side === -1)?.name ?? null;
  const high = FACES.find((face) => face.axis === axis && face.side === 1)?.name ?? null;
  return rising ? [low, high] : [high, low];
}

/** Where a ray meets a level plane, or null when it runs along or away from it. */
export function hitLevel(ray: Ray, z_m: number): Vec3 | null {
  const along = (z_m - ray.origin_m[2]) / ray.direction[2];
  return along > 0 && Number.isFinite(along)
    ? add(ray.origin_m, scale(ray.direction, along))
    : null;
}

const GROUND_STEPS = 8;

/** Where a ray meets the ground: level planes, each at the height found under the last hit. */
export function hitGround(ray: Ray, ground: GroundRaster, start_z_m = 0): Vec3 | null {
  let hit = hitLevel(ray, start_z_m);
  for (let n = 0; hit && n < GROUND_STEPS; n++) {
    const height = groundHeight(ground, hit[0], hit[1]);
    if (height === null || Math.abs(height - hit[2]) < 1e-4) return hit;
    hit = hitLevel(ray, height);
  }
  return hit;
}

export interface PickedPoint {
  readonly index: number;
  readonly depth_m: number;
  readonly off_px: number;
}

/** What a view needs to tell to have points picked in it. */
export interface PickView {
  /** Column-major 4x4: pixels come from ego metres. */
  readonly clip_from_ego: readonly number[];
  readonly width_px: number;
  readonly height_px: number;
}

export const PICK_REACH_PX = 8;

/** Among the points within 8 pixels of a click the one in front, not the one nearest to the ray; `among` limits the choice. */
export function pickPoint(
  positions: Positions,
  view: PickView,
  at_px: readonly [number, number],
  among: Uint32Array | null = null,
): PickedPoint | null {
  const m = Float64Array.from(view.clip_from_ego);
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0, m6 = 0, m7 = 0] = m;
  const [m8 = 0, m9 = 0, m10 = 0, m11 = 0, m12 = 0, m13 = 0, m14 = 0, m15 = 0] = m.subarray(8);
  const [halfW, halfH] = [view.width_px / 2, view.height_px / 2];
  const count = among ? among.length : positions.length / 3;
  let best: PickedPoint | null = null;
  let bestDepth = Number.POSITIVE_INFINITY;
  for (let slot = 0; slot < count; slot++) {
    const index = among ? (among[slot] ?? 0) : slot;
    const x = positions[index * 3] ?? 0;
    const y = positions[index * 3 + 1] ?? 0;
    const z = positions[index * 3 + 2] ?? 0;
    const w = m3 * x + m7 * y + m11 * z + m15;
    const depth = (m2 * x + m6 * y + m10 * z + m14) / w;
    if (w <= 0 || depth < -1 || depth > 1 || depth >= bestDepth) continue;
    const u = halfW * (1 + (m0 * x + m4 * y + m8 * z + m12) / w) - at_px[0];
    const v = halfH * (1 - (m1 * x + m5 * y + m9 * z + m13) / w) - at_px[1];
    if (u * u + v * v > PICK_REACH_PX * PICK_REACH_PX) continue;
    bestDepth = depth;
    best = { index, depth_m: w, off_px: Math.hypot(u, v) };
  }
  return best;
}
