/** How far two boxes cover each other. */

import type { Box, Cuboid } from "../core/types";
import { footprint, volume } from "./cuboid";
import { clipped, type Point2, signedArea } from "./polygon";

export type BoxPx = Box["box_px"];

export function boxArea([left, top, right, bottom]: BoxPx): number {
  return Math.max(right - left, 0) * Math.max(bottom - top, 0);
}

export function boxIntersection(a: BoxPx, b: BoxPx): BoxPx {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
}

export function boxIou(a: BoxPx, b: BoxPx): number {
  const common = boxArea(boxIntersection(a, b));
  const union = boxArea(a) + boxArea(b) - common;
  return union > 0 ? common / union : 0;
}

/** Overlap of the two outlines seen from above, in square metres; both cuboids stand upright. */
export function footprintIntersection_m2(a: Cuboid, b: Cuboid): number {
  // A local origin keeps the products small far from the world's.
  const [ox, oy] = a.center_m;
  const local = (cuboid: Cuboid): Point2[] => footprint(cuboid).map(([x, y]) => [x - ox, y - oy]);
  return Math.max(signedArea(clipped(local(a), local(b))), 0);
}

export function bevIou(a: Cuboid, b: Cuboid): number {
  const common = footprintIntersection_m2(a, b);
  const union = a.size_m[0] * a.size_m[1] + b.size_m[0] * b.size_m[1] - common;
  return union > 0 ? common / union : 0;
}

/** Common volume of two upright cuboids, in cubic metres. */
export function intersection_m3(a: Cuboid, b: Cuboid): number {
  const top = Math.min(a.center_m[2] + a.size_m[2] / 2, b.center_m[2] + b.size_m[2] / 2);
  const bottom = Math.max(a.center_m[2] - a.size_m[2] / 2, b.center_m[2] - b.size_m[2] / 2);
  return top > bottom ? footprintIntersection_m2(a, b) * (top - bottom) : 0;
}

export function iou3d(a: Cuboid, b: Cuboid): number {
  const common = intersection_m3(a, b);
  const union = volume(a) + volume(b) - common;
  return union > 0 ? common / union : 0;
}
