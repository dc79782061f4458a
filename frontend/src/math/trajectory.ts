/** Keys of one object in the world, and where it is between them. The server's rules, in the same order of operations. */

import type { AtNs, Cuboid, Key, Quat, Vec3 } from "../core/types";
import { fromMatrix, type Mat3, slerp, toMatrix } from "./quaternion";
import { multiplyMatrices } from "./rigid";
import { add, mix, scale, subtract, wrapAngle } from "./vec";

/** Between keys further apart than this an object goes straight. */
export const LONGEST_CURVE_S = 2;
/** How far beyond its first and last key an object is still there: other sensors look earlier or later. */
export const REACH_S = 0.15;
/** A vehicle's heading follows its path in part from the first speed, wholly from the second. */
const TANGENT_FROM_M_S = 2;
const TANGENT_FULL_M_S = 4;

/** A stored geometry at a time; no cuboid where the object is absent from here on. */
export interface TrajectoryKey {
  readonly at_ns: AtNs;
  readonly cuboid: Cuboid | null;
  /** The object stands still here: no curve runs through it. */
  readonly stop?: boolean;
}

export interface Motion {
  /** Its heading follows its path when it is fast. */
  readonly vehicle: boolean;
  /** It stands still: its ends hold for all times. */
  readonly static: boolean;
}

export interface Evaluated {
  readonly cuboid: Cuboid;
  readonly velocity_m_s: Vec3;
}

interface Placed {
  readonly time_s: number;
  readonly cuboid: Cuboid;
  readonly tangent_m_s: Vec3;
  /** Whether the piece after this key is straight. */
  readonly straight: boolean;
}

/** Keys without an absence between them. */
interface Run {
  readonly keys: readonly Placed[];
  /** When the object is gone again. */
  readonly ends_s: number;
  /** When the object was last gone before. */
  readonly starts_s: number;
}

/** Index of the last key at or before a time, or -1. */
export function lastAtOrBefore(keys: readonly { readonly at_ns: AtNs }[], at_ns: AtNs): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle]?.at_ns ?? 0) <= at_ns) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function isCuboid(geometry: Key["geometry"]): geometry is Cuboid {
  return geometry !== null && "center_m" in geometry;
}

export class Trajectory {
  private readonly runs: readonly Run[];

  constructor(
    keys: readonly TrajectoryKey[],
    private readonly motion: Motion,
  ) {
    this.runs = runsOf(keys);
  }

  /** Where the object is; null where it is absent or out of its keys' reach. */
  at(at_ns: AtNs): Evaluated | null {
    const time_s = at_ns / 1e9;
    const reach_s = this.motion.static ? Number.POSITIVE_INFINITY : REACH_S;
    let found: Evaluated | null = null;
    for (const run of this.runs) {
      const [first, last] = [run.keys[0], run.keys.at(-1)];
      if (!first || !last || time_s >= run.ends_s) continue;
      if (time_s < Math.max(first.time_s - reach_s, run.starts_s)) continue;
      if (time_s <= last.time_s + reach_s) found = evaluated(run.keys, time_s, this.motion);
    }
    return found;
  }

  cuboidAt(at_ns: AtNs): Cuboid | null {
    return this.at(at_ns)?.cuboid ?? null;
  }
}

function runsOf(keys: readonly TrajectoryKey[]): readonly Run[] {
  const runs: Run[] = [];
  let here: TrajectoryKey[] = [];
  let starts_s = Number.NEGATIVE_INFINITY;
  const close = (ends_s: number) => {
    if (here.length > 0) {
      runs.push({ keys: placed(here), ends_s, starts_s });
      starts_s = ends_s;
    }
    here = [];
  };
  for (const key of keys) {
    if (key.cuboid) here.push(key);
    else close(key.at_ns / 1e9);
  }
  close(Number.POSITIVE_INFINITY);
  return runs;
}

function placed(keys: readonly TrajectoryKey[]): readonly Placed[] {
  const plain = keys.flatMap(({ at_ns, cuboid, stop = false }) =>
    cuboid ? [{ time_s: at_ns / 1e9, cuboid, stop }] : [],
  );
  const straight = plain.map((key, n) => {
    const next = plain[n + 1];
    return !next || next.time_s - key.time_s > LONGEST_CURVE_S || key.stop || next.stop;
  });
  return plain.map((key, n) => ({
    time_s: key.time_s,
    cuboid: key.cuboid,
    tangent_m_s: tangent(plain, straight, n),
    straight: straight[n] ?? true,
  }));
}

interface Timed {
  readonly time_s: number;
  readonly cuboid: Cuboid;
}

function slopeBetween(a: Timed | undefined, b: Timed | undefined): Vec3 | null {
  if (!a || !b) return null;
  const moved = subtract(b.cuboid.center_m, a.cuboid.center_m);
  return scale(moved, 1 / (b.time_s - a.time_s));
}

/**
 * Central difference, one-sided beside a straight piece or an end, then limited: 0 where the path turns
 * back along an axis, and at most three times the flatter neighbouring slope (Fritsch and Carlson, 1980).
 */
function tangent(keys: readonly Timed[], straight: readonly boolean[], n: number): Vec3 {
  const before = slopeBetween(keys[n - 1], keys[n]);
  const after = slopeBetween(keys[n], keys[n + 1]);
  if (!before || !after) return before ?? after ?? [0, 0, 0];
  const [curveBefore, curveAfter] = [!straight[n - 1], !straight[n]];
  if (!curveBefore) return after;
  if (!curveAfter) return before;
  const central = slopeBetween(keys[n - 1], keys[n + 1]) ?? before;
  return [
    limited(central[0], before[0], after[0]),
    limited(central[1], before[1], after[1]),
    limited(central[2], before[2], after[2]),
  ];
}

function limited(central: number, before: number, after: number): number {
  if (!(before * after > 0)) return 0;
  const most = 3 * Math.min(Math.abs(before), Math.abs(after));
  return Math.min(Math.max(central, -most), most);
}

function evaluated(keys: readonly Placed[], time_s: number, motion: Motion): Evaluated | null {
  const [first, last] = [keys[0], keys.at(-1)];
  if (!first || !last) return null;
  if (first === last) return { cuboid: first.cuboid, velocity_m_s: [0, 0, 0] };
  const inside_s = Math.min(Math.max(time_s, first.time_s), last.time_s);
  const [from, to] = pieceAt(keys, inside_s) ?? [first, last];
  const share = (inside_s - from.time_s) / (to.time_s - from.time_s);
  const path = pathAt(from, to, share);
  const velocity: Vec3 = motion.static ? [0, 0, 0] : path.velocity_m_s;
  const center = add(path.center_m, scale(velocity, time_s - inside_s));
  const turned = slerp(from.cuboid.quaternion_xyzw, to.cuboid.quaternion_xyzw, share);
  return {
    cuboid: {
      center_m: center,
      quaternion_xyzw: motion.vehicle ? towardPath(turned, velocity, [from, to], share) : turned,
      size_m: mix(from.cuboid.size_m, to.cuboid.size_m, share),
    },
    velocity_m_s: velocity,
  };
}

function pieceAt(keys: readonly Placed[], time_s: number): readonly [Placed, Placed] | null {
  let n = keys.findIndex((key) => key.time_s > time_s);
  if (n < 0) n = keys.length - 1;
  const [from, to] = [keys[Math.max(n, 1) - 1], keys[Math.max(n, 1)]];
  return from && to ? [from, to] : null;
}

/** Velocities at both ends of a piece: tangents, or the straight slope. */
function endVelocities(from: Placed, to: Placed): readonly [Vec3, Vec3] {
  if (!from.straight) return [from.tangent_m_s, to.tangent_m_s];
  const slope = slopeBetween(from, to) ?? [0, 0, 0];
  return [slope, slope];
}

/** Position and its slope on a piece, written around its start so that map-sized coordinates keep their digits. */
function pathAt(from: Placed, to: Placed, u: number): { center_m: Vec3; velocity_m_s: Vec3 } {
  const span_s = to.time_s - from.time_s;
  const [m0, m1] = endVelocities(from, to).map((velocity) => scale(velocity, span_s));
  const center: [number, number, number] = [0, 0, 0];
  const slope: [number, number, number] = [0, 0, 0];
  for (const axis of [0, 1, 2] as const) {
    const start = from.cuboid.center_m[axis];
    const way = to.cuboid.center_m[axis] - start;
    const [a, b] = [m0?.[axis] ?? 0, m1?.[axis] ?? 0];
    const [square, cube] = [3 * way - 2 * a - b, a + b - 2 * way];
    center[axis] = start + u * (a + u * (square + u * cube));
    slope[axis] = (a + u * (2 * square + u * 3 * cube)) / span_s;
  }
  return { center_m: center, velocity_m_s: slope };
}

function headingOf(r: Mat3): number {
  return Math.atan2(r[3], r[0]);
}

/** Yaw added so that the angle between heading and path goes evenly from key to key; 0 at the keys. */
function towardPath(
  turned: Quat,
  velocity: Vec3,
  [from, to]: readonly [Placed, Placed],
  share: number,
): Quat {
  const [m0, m1] = endVelocities(from, to);
  const rotation = toMatrix(turned);
  const off0 = headingOf(toMatrix(from.cuboid.quaternion_xyzw)) - Math.atan2(m0[1], m0[0]);
  const off1 = headingOf(toMatrix(to.cuboid.quaternion_xyzw)) - Math.atan2(m1[1], m1[0]);
  const wanted = Math.atan2(velocity[1], velocity[0]) + off0 + share * wrapAngle(off1 - off0);
  const slowest = Math.min(...[m0, velocity, m1].map(([x, y]) => Math.hypot(x, y)));
  const pull = (slowest - TANGENT_FROM_M_S) / (TANGENT_FULL_M_S - TANGENT_FROM_M_S);
  const extra = Math.min(Math.max(pull, 0), 1) * wrapAngle(wanted - headingOf(rotation));
  const [c, s] = [Math.cos(extra), Math.sin(extra)];
  return fromMatrix(multiplyMatrices([c, -s, 0, s, c, 0, 0, 0, 1], rotation));
}

/** Central differences, one-sided at the ends; zero for a single time. */
export function velocities(
  times_s: readonly number[],
  centers_m: readonly Vec3[],
): readonly Vec3[] {
  return centers_m.map((_, n) => {
    const [low, high] = [Math.max(n - 1, 0), Math.min(n + 1, centers_m.length - 1)];
    const [a, b] = [centers_m[low], centers_m[high]];
    const span_s = (times_s[high] ?? 0) - (times_s[low] ?? 0);
    return a && b && span_s > 0 ? scale(subtract(b, a), 1 / span_s) : [0, 0, 0];
  });
}
