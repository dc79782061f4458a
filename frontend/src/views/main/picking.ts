/** What lies under a pixel of a view: a box, a point, the road. */

import type { Cuboid, ObjId, Vec3 } from "../../core/types";
import type { PointCloud } from "../../data/points";
import { hitCuboid, hitGround, hitLevel, pickPoint, type Ray } from "../../math/ray";
import { add, scale } from "../../math/vec";
import { clipOf, type Lens, rayOf, type Screen, type Size } from "../lens";

export interface Aim {
  readonly lens: Lens;
  readonly size: Size;
  readonly at: Screen;
}

export interface BoxUnder {
  readonly id: ObjId;
  readonly along: number;
}

export interface PlacedBox {
  readonly id: ObjId;
  readonly cuboid: Cuboid;
}

/** The box whose surface the ray meets first; of boxes within one another the inner one. */
export function boxUnder(boxes: readonly PlacedBox[], { lens, size, at }: Aim): BoxUnder | null {
  const ray = rayOf(lens, size, at);
  let best: (BoxUnder & { readonly volume: number }) | null = null;
  for (const { id, cuboid } of boxes) {
    const hit = hitCuboid(ray, cuboid);
    if (!hit) continue;
    const [l, w, h] = cuboid.size_m;
    const found = { id, along: hit.along, volume: l * w * h };
    if (!best || isBetter(found, best)) best = found;
  }
  return best;
}

/** A much smaller box wins over a slightly nearer one: otherwise nothing inside a large box could be chosen. */
function isBetter(
  a: { along: number; volume: number },
  b: { along: number; volume: number },
): boolean {
  if (a.volume < b.volume / 4) return true;
  if (b.volume < a.volume / 4) return false;
  return a.along < b.along;
}

/** The point in front within a few pixels, ego frame. */
export function pointUnder(cloud: PointCloud | null, aim: Aim): Vec3 | null {
  if (!cloud) return null;
  const { width, height } = aim.size;
  const view = { clip_from_ego: clipOf(aim.lens, aim.size), width_px: width, height_px: height };
  const picked = pickPoint(cloud.positions, view, aim.at);
  if (!picked) return null;
  const start = picked.index * 3;
  const [x = 0, y = 0, z = 0] = cloud.positions.subarray(start, start + 3);
  return [x, y, z];
}

/** The road under a pixel, or a level plane where no road is known. */
export function groundUnderAim(cloud: PointCloud | null, aim: Aim, level_m: number): Vec3 | null {
  const ray = rayOf(aim.lens, aim.size, aim.at);
  const hit = cloud?.ground ? hitGround(ray, cloud.ground, level_m) : hitLevel(ray, level_m);
  return hit && Math.hypot(hit[0], hit[1]) < 300 ? hit : null;
}

/** What a hand grabs: a point, else the road, else a place straight ahead. */
export function grabbed(cloud: PointCloud | null, aim: Aim, level_m: number): Vec3 {
  const found = pointUnder(cloud, aim) ?? groundUnderAim(cloud, aim, level_m);
  return found ?? ahead(rayOf(aim.lens, aim.size, aim.at), aim.lens);
}

const AHEAD_M = 25;

function ahead(ray: Ray, lens: Lens): Vec3 {
  if (lens.kind === "parallel") return [ray.origin_m[0], ray.origin_m[1], 0];
  return add(ray.origin_m, scale(ray.direction, AHEAD_M));
}
