/** A cuboid from points: heading, size, ground; and faces drawn in to the points. */

import type { Cuboid, Quat, Vec3 } from "../core/types";
import { FACES, type FaceName, fromBody, toBody } from "./cuboid";
import { type Flat, lShape, sides } from "./lshape";
import { fromYaw } from "./quaternion";
import { quantile } from "./stats";
import { wrapAngle } from "./vec";

export type Span = readonly [least: number, most: number];

export const FEWEST_POINTS = 5;
const TOP_QUANTILE = 0.98;
const TOP_SLACK_M = 0.03;
/** A side this many times the class's greatest width is a length. */
const LONGER = 1.3;
/** What is this many times longer than its class holds more than one object. */
export const TOO_LARGE = 1.3;
const ELONGATED = 1.6;
const SURE_POINTS = 60;
const CLEAN_CLOSENESS = 10;
const SMALLEST_SIDE_M = 0.05;

/** What is known of an object before it is fitted. */
export interface Prior {
  readonly length_m: Span;
  readonly width_m: Span;
  readonly height_m: Span;
  /** Taken where a side is not seen. */
  readonly usual_m: Vec3;
  /** Size of its track; null while it has none. */
  readonly track_m: Vec3 | null;
  /** Where it looks, from its motion, its last key or its lane; null when unknown. */
  readonly heading_rad: number | null;
  /** Whether its sides show its heading; people and cones have none to show. */
  readonly boxy: boolean;
}

/** A proposed cuboid. */
export interface Fitted {
  readonly cuboid: Cuboid;
  /** How sure, 0 to 1: points, sides seen, closeness. */
  readonly score: number;
  /** Faces that no point supports: they come from the prior. Draw them dashed. */
  readonly assumed: readonly FaceName[];
  /** Other headings to choose from: turned half round, left and right. */
  readonly candidates: readonly Cuboid[];
}

export interface FitArgs {
  readonly prior: Prior;
  /** Of the ground there; null: the lowest point. */
  readonly ground_m: number | null;
  readonly sensor_m: Vec3;
}

type Rectangle = ReturnType<typeof sides>;

/** Fits a cuboid to the points of one object. Throws RangeError for fewer than `FEWEST_POINTS`. */
export function fitPoints(points_m: readonly Vec3[], args: FitArgs): Fitted {
  if (points_m.length < FEWEST_POINTS) {
    throw new RangeError(`a cuboid needs at least ${FEWEST_POINTS} points`);
  }
  const { prior, sensor_m } = args;
  const flat: Flat = points_m.map(([x, y]) => [x, y]);
  const { yaw_rad: yaw, closeness } = headed(flat, prior);
  const seenFrom = sides([[sensor_m[0], sensor_m[1]]], yaw).low;
  const { rectangle, assumed: besides } = completed(sides(flat, yaw), seenFrom, prior);
  const upright = heightOf(
    points_m.map((point) => point[2]),
    args.ground_m,
    prior,
  );
  const { low, high } = rectangle;
  const [x, y] = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const center_m: Vec3 = [c * x - s * y, s * x + c * y, upright.bottom_m + upright.height_m / 2];
  const size_m: Vec3 = [high[0] - low[0], high[1] - low[1], upright.height_m];
  const assumed: readonly FaceName[] = upright.assumed ? [...besides, "top"] : besides;
  const turned = (by: number) => ({ center_m, quaternion_xyzw: fromYaw(yaw + by), size_m });
  return {
    cuboid: turned(0),
    score: scoreOf(points_m.length, assumed.length, prior.boxy ? closeness : 1),
    assumed,
    candidates: [Math.PI, Math.PI / 2, -Math.PI / 2].map(turned),
  };
}

/** Yaw with the length along it and the front where the hint says, and closeness. */
function headed(flat: Flat, prior: Prior): { yaw_rad: number; closeness: number } {
  const found = prior.boxy ? lShape(flat) : longAxis(flat, prior);
  let yaw = found.yaw_rad;
  if (prior.boxy && isAcrossLength(sides(flat, yaw), prior)) yaw += Math.PI / 2;
  const hint = prior.heading_rad;
  if (hint !== null && Math.abs(wrapAngle(yaw - hint)) > Math.PI / 2) yaw += Math.PI;
  return { yaw_rad: yaw, closeness: found.closeness };
}

/** For what is not boxy the long axis if it is long, else the hint. */
function longAxis(flat: Flat, prior: Prior): { yaw_rad: number; closeness: number } {
  const n = flat.length;
  const mx = flat.reduce((sum, [x]) => sum + x, 0) / n;
  const my = flat.reduce((sum, [, y]) => sum + y, 0) / n;
  let [a, b, d] = [0, 0, 0];
  for (const [x, y] of flat) {
    a += (x - mx) ** 2 / (n - 1);
    b += ((x - mx) * (y - my)) / (n - 1);
    d += (y - my) ** 2 / (n - 1);
  }
  const middle = (a + d) / 2;
  const half = Math.hypot((a - d) / 2, b);
  const [small, large] = [middle - half, middle + half];
  const isLong = Math.sqrt(Math.max(large, 0)) > ELONGATED * Math.sqrt(Math.max(small, 1e-12));
  if (!isLong) return { yaw_rad: prior.heading_rad ?? 0, closeness: 1 };
  const axis = Math.atan2(2 * b, a - d) / 2;
  return { yaw_rad: (axis + Math.PI) % Math.PI, closeness: 1 };
}

/** Whether the second side is the length. */
function isAcrossLength({ low, high }: Rectangle, prior: Prior): boolean {
  const [along, across] = [high[0] - low[0], high[1] - low[1]];
  if (Math.max(along, across) > LONGER * prior.width_m[1]) return across > along;
  const usual = prior.usual_m[1];
  return Math.abs(along - usual) < Math.abs(across - usual);
}

/** Both sides at the track's size, or short ones at the usual; the nearer face stays. */
function completed(
  { low, high }: Rectangle,
  sensor_m: readonly [number, number],
  prior: Prior,
): { rectangle: Rectangle; assumed: readonly FaceName[] } {
  const lows: [number, number] = [low[0], low[1]];
  const highs: [number, number] = [high[0], high[1]];
  const assumed: FaceName[] = [];
  for (const axis of [0, 1] as const) {
    const extent = high[axis] - low[axis];
    const least = axis === 0 ? prior.length_m[0] : prior.width_m[0];
    const usual = extent >= least ? extent : prior.usual_m[axis];
    const wanted = prior.track_m ? prior.track_m[axis] : usual;
    if (wanted === extent) continue;
    // What the sensor sees is the face on its side.
    const highSeen = sensor_m[axis] >= (low[axis] + high[axis]) / 2;
    if (highSeen) lows[axis] = high[axis] - wanted;
    else highs[axis] = low[axis] + wanted;
    const face = FACES.find((each) => each.axis === axis && each.side === (highSeen ? -1 : 1));
    if (face) assumed.push(face.name);
  }
  return { rectangle: { low: lows, high: highs }, assumed };
}

interface Upright {
  readonly bottom_m: number;
  readonly height_m: number;
  readonly assumed: boolean;
}

function heightOf(z_m: readonly number[], ground_m: number | null, prior: Prior): Upright {
  const bottom_m = ground_m ?? z_m.reduce((least, z) => Math.min(least, z), Infinity);
  if (prior.track_m) return { bottom_m, height_m: prior.track_m[2], assumed: true };
  const height_m = quantile(z_m, TOP_QUANTILE) + TOP_SLACK_M - bottom_m;
  if (height_m < prior.height_m[0]) {
    return { bottom_m, height_m: prior.usual_m[2], assumed: true };
  }
  return { bottom_m, height_m, assumed: false };
}

/** Three shares multiplied: points of `SURE_POINTS`, faces not assumed, closeness of a clean L. */
function scoreOf(count: number, assumed: number, closeness: number): number {
  const enough = Math.min(1, count / SURE_POINTS);
  return enough * (1 - assumed / 4) * Math.min(1, closeness / CLEAN_CLOSENESS);
}

const TIGHT_FACES: readonly FaceName[] = ["front", "rear", "left", "right", "top"];

/** Faces drawn in to the 98 % quantile of the points inside, the bottom only when asked; unchanged without points. */
export function tightened(
  cuboid: Cuboid,
  points_m: readonly Vec3[],
  faces: readonly FaceName[] = TIGHT_FACES,
): Cuboid {
  const half = cuboid.size_m.map((side) => side / 2);
  const local = points_m
    .map((point) => toBody(cuboid, point))
    .filter((point) => point.every((value, axis) => Math.abs(value) <= (half[axis] ?? 0)));
  if (local.length === 0) return cuboid;
  const bound = (axis: 0 | 1 | 2, side: 1 | -1) => {
    const face = FACES.find((each) => each.axis === axis && each.side === side);
    if (!face || !faces.includes(face.name)) return (side * cuboid.size_m[axis]) / 2;
    const share = side > 0 ? TOP_QUANTILE : 1 - TOP_QUANTILE;
    return quantile(
      local.map((point) => point[axis]),
      share,
    );
  };
  return between(
    cuboid,
    [bound(0, -1), bound(1, -1), bound(2, -1)],
    [bound(0, 1), bound(1, 1), bound(2, 1)],
  );
}

/** The box between two corners given in the cuboid's own axes. */
function between(cuboid: Cuboid, low: Vec3, high: Vec3): Cuboid {
  const side = (axis: 0 | 1 | 2) => Math.max(high[axis] - low[axis], SMALLEST_SIDE_M);
  const middle = (axis: 0 | 1 | 2) => (low[axis] + high[axis]) / 2;
  return {
    ...cuboid,
    center_m: fromBody(cuboid, [middle(0), middle(1), middle(2)]),
    size_m: [side(0), side(1), side(2)],
  };
}

/** Turned to the heading that its points show, about the middle of what they show; the size is kept. */
export function withFittedYaw(cuboid: Cuboid, points_m: readonly Vec3[]): Cuboid {
  if (points_m.length < FEWEST_POINTS) return cuboid;
  const before = yawFrom(cuboid.quaternion_xyzw);
  const shape = lShape(points_m.map(([x, y]) => [x, y]));
  const quarter = Math.PI / 2;
  const turns = Math.round((before - shape.yaw_rad) / quarter);
  return { ...cuboid, quaternion_xyzw: fromYaw(shape.yaw_rad + turns * quarter) };
}

function yawFrom([x, y, z, w]: Quat): number {
  return Math.atan2(2 * (x * y + z * w), 1 - 2 * (y * y + z * z));
}
