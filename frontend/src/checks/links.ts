/** Is an object everywhere it should be, and the same everywhere: link.missing, link.class. */

import type { Params } from "../core/limits";
import type { CameraModel, Severity, Vec3 } from "../core/types";
import { project } from "../math/camera";
import type { Projection } from "../math/projection";
import { norm } from "../math/vec";
import { type BoxPx, CLEARS_AT, type Draft } from "./draft";

/** Share of a box's sides, around its middle, whose points count as the object's. */
const CORE = 0.6;
/** Depth of a cluster over the diagonal of its class. */
const WIDEST = 1.5;

export interface MissingBoxArgs {
  readonly params: Params;
  readonly confirmed: boolean;
  readonly submitting?: boolean;
  readonly was?: Severity | null;
}

/**
 * A cuboid is well visible in a camera that has no box for it. Call it only where the guideline wants one and there
 * is none: a warning once the cuboid is confirmed, an error when the work is submitted.
 */
export function checkMissingBox(
  seen: Projection,
  visibility: number,
  { params, confirmed, submitting = false, was = null }: MissingBoxArgs,
): Draft | null {
  const kept = was === null ? 1 : CLEARS_AT;
  const [left, top, right, bottom] = seen.box_px;
  const [area, least] = [(right - left) * (bottom - top), (params["side_min_px"] ?? 0) ** 2];
  const missing =
    area >= least * kept &&
    seen.truncation < (params["truncation_max"] ?? 1) / kept &&
    visibility > (params["visibility_min"] ?? 0) * kept;
  if (!missing || !(confirmed || submitting)) return null;
  return {
    check: "link.missing",
    severity: submitting ? "error" : "warning",
    measured: area,
    threshold: least,
    unit: "px2",
    words: "link.missing.box",
    parts: {
      width_px: right - left,
      height_px: bottom - top,
      visibility,
      truncation: seen.truncation,
    },
    fixes: [{ kind: "add_box", words: "fix.add_box", parts: {}, box_px: seen.box_px }],
  };
}

function lowerMedian(cluster_m: readonly Vec3[], axis: 0 | 1 | 2): number {
  const sorted = cluster_m.map((point) => point[axis]).toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** The other way: points stand behind a box that belongs to no cuboid. */
export function checkMissingCuboid(
  cluster_m: readonly Vec3[],
  params: Params,
  was: Severity | null = null,
): Draft | null {
  const [count, least] = [cluster_m.length, params["cluster_points_min"] ?? 1];
  if (count < least * (was === null ? 1 : CLEARS_AT) || count === 0) return null;
  const seed_m: Vec3 = [
    lowerMedian(cluster_m, 0),
    lowerMedian(cluster_m, 1),
    lowerMedian(cluster_m, 2),
  ];
  return {
    check: "link.missing",
    severity: "warning",
    measured: count,
    threshold: least,
    unit: "points",
    words: "link.missing.cuboid",
    parts: { points: count },
    fixes: [{ kind: "add_cuboid", words: "fix.add_cuboid", parts: {}, seed_m }],
  };
}

export interface ClusterArgs {
  readonly camera: CameraModel;
  readonly box_px: BoxPx;
  /** Diagonal of the class's usual cuboid. */
  readonly diagonal_m: number;
  readonly params: Params;
}

/** The nearest bunch of points (camera frame) behind a box, in order of range. */
export function frustumCluster(
  points_m: Iterable<Vec3>,
  { camera, box_px, diagonal_m, params }: ClusterArgs,
): readonly Vec3[] {
  const [left, top, right, bottom] = box_px;
  const [u0, v0] = [(left + right) / 2, (top + bottom) / 2];
  const [reachU, reachV] = [(CORE / 2) * (right - left), (CORE / 2) * (bottom - top)];
  const inside: { readonly point: Vec3; readonly range_m: number }[] = [];
  for (const point of points_m) {
    const pixel = project(camera, point);
    if (!pixel || Math.abs(pixel[0] - u0) > reachU || Math.abs(pixel[1] - v0) > reachV) continue;
    inside.push({ point, range_m: norm(point) });
  }
  inside.sort((a, b) => a.range_m - b.range_m);
  const group = firstGroup(
    inside,
    params["cluster_gap_m"] ?? 0,
    params["cluster_points_min"] ?? 1,
  );
  const reach_m = (group[0]?.range_m ?? 0) + WIDEST * diagonal_m;
  return group.filter((each) => each.range_m <= reach_m).map((each) => each.point);
}

/** The first stretch without a gap that has enough members. */
function firstGroup<T extends { readonly range_m: number }>(
  sorted: readonly T[],
  gap_m: number,
  least: number,
): readonly T[] {
  let start = 0;
  for (let n = 1; n <= sorted.length; n++) {
    const [before, here] = [sorted[n - 1], sorted[n]];
    const ends = !here || !before || here.range_m - before.range_m > gap_m;
    if (!ends) continue;
    if (n - start >= least) return sorted.slice(start, n);
    start = n;
  }
  return [];
}

/** Two shapes of one object are called differently: an error, or a hint where the two are easily confused. */
export function checkClass(
  classA: string,
  classB: string,
  confusable: readonly (readonly [string, string])[] = [],
): Draft | null {
  if (classA === classB) return null;
  const confused = confusable.some(
    ([a, b]) => (a === classA && b === classB) || (a === classB && b === classA),
  );
  return {
    check: "link.class",
    severity: confused ? "info" : "error",
    measured: 1,
    threshold: 0,
    unit: "",
    words: "link.class",
    parts: { class_a: classA, class_b: classB },
    fixes: [classA, classB].map((class_key) => ({
      kind: "set_class",
      words: "fix.set_class",
      parts: { class_key },
    })),
  };
}
