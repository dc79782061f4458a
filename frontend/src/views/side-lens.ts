/** The three views that are locked to the selected box: top (heading up), side (heading right), rear (left is left). */

import type { Cuboid, Vec3 } from "../core/types";
import { rotate } from "../math/quaternion";
import { SIDE_PLANS, type SideName } from "../tools/side-plans";
import type { ParallelLens, Size } from "./lens";

/** Share of the view that a freshly shown box fills. */
export const FILL = 0.58;
/** While the box fills between these shares, the scale is left alone. */
const KEPT_FROM = 0.32;
const KEPT_TO = 0.8;
/** What a view shows before and behind the box. */
export const SLAB_MARGIN_M = 0.5;

/** The scale at which a box fills the wanted share of a view. */
export function fittingScale(side: SideName, cuboid: Cuboid, size: Size, fill = FILL): number {
  const plan = SIDE_PLANS[side];
  const [w, h] = [cuboid.size_m[plan.across], cuboid.size_m[plan.along]];
  return Math.max(w / (size.width * fill), h / (size.height * fill), 1e-4);
}

/** The scale to go on with: the old one where it still shows the box well. */
export function keptScale(side: SideName, cuboid: Cuboid, size: Size, old: number | null): number {
  const loosest = fittingScale(side, cuboid, size, KEPT_FROM);
  const tightest = fittingScale(side, cuboid, size, KEPT_TO);
  if (old !== null && old >= tightest && old <= loosest) return old;
  return fittingScale(side, cuboid, size);
}

export function sideLens(
  side: SideName,
  cuboid_ego: Cuboid,
  metresPerPixel: number,
): ParallelLens {
  const plan = SIDE_PLANS[side];
  const turned = (axis: Vec3) => rotate(cuboid_ego.quaternion_xyzw, axis);
  return {
    kind: "parallel",
    center_m: cuboid_ego.center_m,
    metresPerPixel,
    right: turned(plan.right),
    up: turned(plan.up),
    forward: turned(plan.away),
  };
}

/** What of the cloud a view shows: all across the screen, half a metre before and behind the box. */
export function slabOf(side: SideName, cuboid_ego: Cuboid): Cuboid {
  const size: [number, number, number] = [1000, 1000, 1000];
  const { deep } = SIDE_PLANS[side];
  size[deep] = cuboid_ego.size_m[deep] + 2 * SLAB_MARGIN_M;
  return { ...cuboid_ego, size_m: size };
}
