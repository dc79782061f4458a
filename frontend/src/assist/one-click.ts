/** A cuboid from one click: pick, grow, heading, size, ground. */

import type { ClassStandard } from "../core/limits";
import type { Cuboid, Vec3 } from "../core/types";
import { FACES, type FaceName } from "../math/cuboid";
import { FEWEST_POINTS, type Fitted, fitPoints, type Prior, TOO_LARGE } from "../math/fit";
import { buildGrid } from "../math/grid";
import { groundHeight } from "../math/ground";
import { grow, growReach } from "../math/grow";
import { fromYaw } from "../math/quaternion";
import { hitGround, type PickView, pickPoint, type Ray } from "../math/ray";
import { distance } from "../math/vec";
import { type Cloud, cropped, pointOf } from "./cloud";

/** Points lower above the road than this are the road; low things need a lower gate. */
const GATE_M = 0.2;
const LOW_GATE_M = 0.08;
const LOW_HEIGHT_M = 1.2;
/** How far beyond the longest of its class points are looked at. */
const CROP_SLACK_M = 3;
const SHRINK = 0.7;
const TRIES = 3;
/** Below this the answer is a question: show the candidates. */
export const SURE_SCORE = 0.25;

/** All that growing and fitting need, small enough to hand to a worker. */
export interface ClickRequest {
  /** Around the click, without the ground; x y z after one another, ego frame. */
  readonly points: Float32Array<ArrayBuffer>;
  readonly seed_m: Vec3;
  readonly prior: Prior;
  /** Longest step from point to point. */
  readonly reach_m: number;
  /** Of the ground at the seed; null where it is not known. */
  readonly ground_m: number | null;
  readonly sensor_m: Vec3;
}

export interface Proposal extends Fitted {
  /** How many points it was fitted to; 0 when it is the class's usual size at the click. */
  readonly count: number;
}

/** Groups whose sides show no heading. */
const NOT_BOXY = new Set(["person", "static"]);

export interface PriorArgs {
  readonly standard: ClassStandard;
  /** The confirmed size of its track. */
  readonly track_m?: Vec3 | null;
  /** In the ego frame: from its motion, else its last key. */
  readonly heading_rad?: number | null;
}

export function priorOf({ standard, track_m = null, heading_rad = null }: PriorArgs): Prior {
  const { limits } = standard;
  return {
    length_m: limits.length_m,
    width_m: limits.width_m,
    height_m: limits.height_m,
    usual_m: standard.default_size_m,
    track_m,
    heading_rad,
    boxy: !NOT_BOXY.has(limits.group),
  };
}

export interface Click {
  readonly cloud: Cloud;
  readonly view: PickView;
  readonly at_px: readonly [number, number];
  /** Through the pixel, ego frame: for clicks where there is no point. */
  readonly ray: Ray;
}

/** Where a click goes: to the front-most point above the ground, else to any point, else to the ground itself. */
export function seedOf({ cloud, view, at_px, ray }: Click): Vec3 | null {
  const picked =
    pickPoint(cloud.positions, view, at_px, cloud.aboveGround.order) ??
    pickPoint(cloud.positions, view, at_px);
  if (picked) return pointOf(cloud, picked.index);
  return cloud.ground ? hitGround(ray, cloud.ground) : null;
}

export interface RequestArgs {
  readonly cloud: Cloud;
  readonly seed_m: Vec3;
  readonly prior: Prior;
  readonly sensor_m: Vec3;
  readonly pitch_rad: number;
}

export function clickRequest(args: RequestArgs): ClickRequest {
  const { cloud, seed_m, prior, sensor_m, pitch_rad } = args;
  const gate_m = prior.height_m[1] <= LOW_HEIGHT_M ? LOW_GATE_M : GATE_M;
  const half_m = TOO_LARGE * prior.length_m[1] + CROP_SLACK_M;
  return {
    points: cropped(cloud, seed_m, half_m, gate_m),
    seed_m,
    prior,
    reach_m: growReach(distance(seed_m, sensor_m), pitch_rad),
    ground_m: cloud.ground && groundHeight(cloud.ground, seed_m[0], seed_m[1]),
    sensor_m,
  };
}

/** Grows and fits; a bunch too large for the class is grown again with shorter steps. */
export function answerClick(request: ClickRequest): Proposal {
  const { points, seed_m, prior } = request;
  const grid = buildGrid(points);
  const longest = TOO_LARGE * Math.hypot(prior.length_m[1], prior.width_m[1]);
  let reach_m = request.reach_m;
  for (let n = 0; n <= TRIES; n++) {
    const held = grow(points, grid, seed_m, { reach_m }).map(
      (index): Vec3 => [
        points[3 * index] ?? 0,
        points[3 * index + 1] ?? 0,
        points[3 * index + 2] ?? 0,
      ],
    );
    if (held.length < FEWEST_POINTS) break;
    if (spread(held) <= longest) return { ...fitPoints(held, request), count: held.length };
    reach_m *= SHRINK;
  }
  return usualAt(request);
}

function spread(points_m: readonly Vec3[]): number {
  const along = (axis: 0 | 1) => {
    let [low, high] = [Infinity, -Infinity];
    for (const point of points_m) {
      low = Math.min(low, point[axis]);
      high = Math.max(high, point[axis]);
    }
    return high - low;
  };
  return Math.hypot(along(0), along(1));
}

const ALL_FACES: readonly FaceName[] = FACES.map((face) => face.name);

/** Without points to fit to: the usual size at the click, on the ground, every face assumed. */
function usualAt({ seed_m, prior, ground_m }: ClickRequest): Proposal {
  const size_m = prior.track_m ?? prior.usual_m;
  const bottom = ground_m ?? seed_m[2];
  const center_m: Vec3 = [seed_m[0], seed_m[1], bottom + size_m[2] / 2];
  const yaw = prior.heading_rad ?? 0;
  const turned = (by: number): Cuboid => ({
    center_m,
    quaternion_xyzw: fromYaw(yaw + by),
    size_m,
  });
  return {
    cuboid: turned(0),
    score: 0,
    assumed: ALL_FACES,
    candidates: [Math.PI, Math.PI / 2, -Math.PI / 2].map(turned),
    count: 0,
  };
}
