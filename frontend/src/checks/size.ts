/** Has a cuboid the size of its class and of its track: size.prior, size.track. */

import { type ClassLimits, type Params, spansOf } from "../core/limits";
import type { Cuboid, Severity, Vec3 } from "../core/types";
import { fromBody, toBody } from "../math/cuboid";
import { type Draft, grade } from "./draft";

const DIMENSIONS = ["length", "width", "height"] as const;
const AXES = [0, 1, 2] as const;

/** Sizes of a class in this project so far. */
export interface SizeStatistics {
  readonly mean_m: Vec3;
  /** Standard deviations, above 0. */
  readonly deviation_m: Vec3;
}

export interface PriorArgs {
  readonly limits: ClassLimits;
  readonly params: Params;
  readonly statistics?: SizeStatistics | null;
  readonly was?: Severity | null;
}

/** The axis with the largest value; the first of equals. */
function worstAxis(score: (axis: 0 | 1 | 2) => number): 0 | 1 | 2 {
  let worst: 0 | 1 | 2 = 0;
  for (const axis of AXES) if (score(axis) > score(worst)) worst = axis;
  return worst;
}

/** A dimension outside its class's range (a bound, so without hysteresis), or far from the project's own mean. */
export function checkPrior(
  size_m: Vec3,
  { limits, params, statistics = null, was = null }: PriorArgs,
): Draft | null {
  const spans = spansOf(limits);
  const excess = (axis: 0 | 1 | 2) =>
    Math.max(size_m[axis] / spans[axis][1], spans[axis][0] / size_m[axis]);
  const worst = worstAxis(excess);
  const value_m = size_m[worst];
  if (!(excess(worst) > 1)) {
    return statistics && unusual(size_m, statistics, params["z_warn"] ?? Infinity, was);
  }
  const above = value_m > spans[worst][1];
  const limit_m = spans[worst][above ? 1 : 0];
  return {
    check: "size.prior",
    severity: "error",
    measured: value_m,
    threshold: limit_m,
    unit: "m",
    words: above ? "size.prior.above" : "size.prior.below",
    parts: { dimension: DIMENSIONS[worst], value_m, limit_m },
    fixes: [],
  };
}

function unusual(
  size_m: Vec3,
  { mean_m, deviation_m }: SizeStatistics,
  z_warn: number,
  was: Severity | null,
): Draft | null {
  const z = (axis: 0 | 1 | 2) => Math.abs(size_m[axis] - mean_m[axis]) / deviation_m[axis];
  const worst = worstAxis(z);
  const graded = grade(z(worst), { warn: z_warn, error: null }, was);
  if (!graded) return null;
  return {
    check: "size.prior",
    severity: graded.severity,
    measured: z(worst),
    threshold: graded.threshold,
    unit: "sigma",
    words: "size.prior.unusual",
    parts: { dimension: DIMENSIONS[worst], value_m: size_m[worst], mean_m: mean_m[worst] },
    fixes: [],
  };
}

export interface TrackSizeArgs {
  readonly track_m: Vec3;
  readonly limits: ClassLimits;
  /** The sensor in the cuboid's frame: faces that look at it stay. */
  readonly seen_from_m: Vec3;
  readonly was?: Severity | null;
}

/** A rigid object is larger or smaller here than in its track. */
export function checkTrackSize(
  cuboid: Cuboid,
  { track_m, limits, seen_from_m, was = null }: TrackSizeArgs,
): Draft | null {
  const off = (axis: 0 | 1 | 2) => Math.abs(cuboid.size_m[axis] - track_m[axis]) / track_m[axis];
  const worst = worstAxis(off);
  const graded = grade(off(worst), { warn: null, error: limits.size_track_ratio }, was);
  if (!graded) return null;
  return {
    check: "size.track",
    severity: graded.severity,
    measured: off(worst),
    threshold: graded.threshold,
    unit: "",
    words: "size.track",
    parts: {
      dimension: DIMENSIONS[worst],
      value_m: cuboid.size_m[worst],
      track_m: track_m[worst],
    },
    fixes: [
      {
        kind: "set_cuboid",
        words: "fix.size_track",
        parts: {},
        cuboid: sizedFrom(cuboid, track_m, seen_from_m),
      },
    ],
  };
}

/** Another size; faces that look at the sensor and the bottom stay, and the middle where the sensor is between two faces. */
export function sizedFrom(cuboid: Cuboid, size_m: Vec3, seen_from_m: Vec3): Cuboid {
  const sensor = toBody(cuboid, seen_from_m);
  const shift = (axis: 0 | 1) => {
    const half = cuboid.size_m[axis] / 2;
    const toward = sensor[axis] > half ? -1 : sensor[axis] < -half ? 1 : 0;
    return (toward * (size_m[axis] - cuboid.size_m[axis])) / 2;
  };
  const up = (size_m[2] - cuboid.size_m[2]) / 2;
  return { ...cuboid, center_m: fromBody(cuboid, [shift(0), shift(1), up]), size_m };
}

/** Weighted lower median per dimension: the size that a rigid object keeps. Throws RangeError without a size. */
export function trackSize(sizes_m: readonly Vec3[], weights: readonly number[]): Vec3 {
  if (sizes_m.length === 0) throw new RangeError("a track's size needs at least one size");
  const along = (axis: 0 | 1 | 2) => {
    const order = sizes_m
      .map((size, n) => ({ value: size[axis], weight: weights[n] ?? 1 }))
      .toSorted((a, b) => a.value - b.value);
    const half = order.reduce((sum, each) => sum + each.weight, 0) / 2;
    let heavy = 0;
    for (const { value, weight } of order) {
      heavy += weight;
      if (heavy >= half) return value;
    }
    return order.at(-1)?.value ?? 0;
  };
  return [along(0), along(1), along(2)];
}
