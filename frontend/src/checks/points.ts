/** Does a cuboid hold its points: pts.few, pts.outside. */

import type { ClassLimits, Params } from "../core/limits";
import type { Cuboid, Severity, Vec3 } from "../core/types";
import { FACES, type Face, toBody, withFaceMoved } from "../math/cuboid";
import { quantile } from "../math/stats";
import { CLEARS_AT, type Draft, grade } from "./draft";

/** Share of a silhouette that returns points: windows and edges do not. */
const FILL = 0.6;
/** Heights of a vehicle, as shares from the bottom, where its mirrors stick out sideways. */
const MIRROR_BAND = [0.55, 0.75] as const;
const OUTERMOST = 0.98;

/** Angles between neighbouring rays of a lidar. */
export interface Pitch {
  readonly azimuth_rad: number;
  readonly elevation_rad: number;
}

/** How many rays end on a cuboid, by its silhouette from the sensor. */
export function expectedPoints(
  cuboid: Cuboid,
  sensor_m: Vec3,
  pitch: Pitch,
  visibility: number,
): number {
  const [x, y, z] = toBody(cuboid, sensor_m);
  const squared = Math.max(x * x + y * y + z * z, 1);
  const [l, w, h] = cuboid.size_m;
  const faces = w * h * Math.abs(x) + l * h * Math.abs(y) + l * w * Math.abs(z);
  const silhouette = faces / Math.sqrt(squared);
  return (visibility * FILL * silhouette) / (squared * pitch.azimuth_rad * pitch.elevation_rad);
}

export interface FewArgs {
  /** What the sensor would give; null where nothing can be said. */
  readonly expected: number | null;
  readonly limits: ClassLimits;
  readonly params: Params;
  readonly radarHits?: number;
  readonly was?: Severity | null;
}

/** Fewer points than the class needs, or than a share of what the sensor would give. */
export function checkFew(
  held: number,
  { expected, limits, params, radarHits = 0, was = null }: FewArgs,
): Draft | null {
  const needed = Math.max(limits.points_min, (params["expected_share"] ?? 0) * (expected ?? 0));
  if (held >= needed / (was === null ? 1 : CLEARS_AT)) return null;
  return {
    check: "pts.few",
    severity: held === 0 && radarHits === 0 ? "error" : "warning",
    measured: held,
    threshold: needed,
    unit: "points",
    words: held === 0 ? "pts.few.none" : "pts.few",
    parts: { held, needed },
    fixes: [],
  };
}

/** Points in and around one cuboid. */
export interface Surroundings {
  /** In its own axes from its centre: those inside, and those up to the shell's depth outside. */
  readonly local_m: readonly Vec3[];
  /** Which of them stand clear of the ground. */
  readonly above: readonly boolean[];
  /** The lidar in the same axes. */
  readonly sensor_m: Vec3;
}

export interface OutsideArgs {
  readonly limits: ClassLimits;
  readonly params: Params;
  readonly mirrorsIncluded?: boolean;
  readonly was?: Severity | null;
}

/** How far outside its faces along an axis a cuboid's own points are looked for. */
export function shellDepth(size_m: number, params: Params): number {
  return Math.min(params["shell_m"] ?? 0, (params["shell_share"] ?? 0) * size_m);
}

interface Worst {
  readonly ratio: number;
  readonly face: Face;
  readonly beyond_m: readonly number[];
}

/**
 * Points just outside a face that looks at the sensor (never the bottom) and hang together with those inside, over
 * these and the points inside near the face; of the face where that is most.
 */
export function checkOutside(
  cuboid: Cuboid,
  around: Surroundings,
  { limits, params, mirrorsIncluded = false, was = null }: OutsideArgs,
): Draft | null {
  const clear = around.local_m.filter((_, n) => around.above[n]);
  const inside = new Nearby(() => clear.filter((point) => isInside(point, cuboid.size_m)), params);
  const mirrors = mirrorsIncluded || limits.group !== "vehicle";
  const worst = FACES.filter((face) => looksAt(around.sensor_m, face, cuboid.size_m))
    .map((face) => atFace(cuboid.size_m, clear, inside, { face, params, mirrors }))
    .filter((each) => each.beyond_m.length >= (params["points_min"] ?? 1))
    .reduce<Worst | null>((most, each) => (most && most.ratio >= each.ratio ? most : each), null);
  return worst && outsideDraft(cuboid, worst, limits, was);
}

/** Whether a face looks at the sensor; the bottom never does. */
function looksAt(sensor_m: Vec3, { name, axis, side }: Face, size_m: Vec3): boolean {
  return name !== "bottom" && side * sensor_m[axis] > size_m[axis] / 2;
}

function outsideDraft(
  cuboid: Cuboid,
  { ratio, face, beyond_m }: Worst,
  limits: ClassLimits,
  was: Severity | null,
): Draft | null {
  const graded = grade(ratio, { warn: limits.shell_warn_ratio, error: null }, was);
  if (!graded) return null;
  const by = quantile(beyond_m, OUTERMOST);
  return {
    check: "pts.outside",
    severity: graded.severity,
    measured: ratio,
    threshold: graded.threshold,
    unit: "",
    words: "pts.outside",
    parts: { points: beyond_m.length, face: face.name },
    fixes: [
      {
        kind: "set_cuboid",
        words: "fix.face",
        parts: { face: face.name, by },
        cuboid: withFaceMoved(cuboid, face.name, by),
      },
    ],
  };
}

function isInside(point: Vec3, size_m: Vec3): boolean {
  return [0, 1, 2].every((axis) => Math.abs(point[axis] ?? 0) <= (size_m[axis] ?? 0) / 2);
}

interface FaceArgs {
  readonly face: Face;
  readonly params: Params;
  readonly mirrors: boolean;
}

/** Distances beyond a face of the points outside, and their share of all that lie near the face. */
function atFace(
  size_m: Vec3,
  clear: readonly Vec3[],
  inside: Nearby,
  { face, params, mirrors }: FaceArgs,
): Worst {
  const { axis, side } = face;
  const depth = shellDepth(size_m[axis], params);
  const ignored = (point: Vec3) => axis === 1 && !mirrors && isMirrorHeight(point[2], size_m[2]);
  const beside = clear
    .filter((point) => isBeside(point, size_m, axis))
    .map((point) => ({ point, beyond: side * point[axis] - size_m[axis] / 2 }))
    .filter(({ beyond }) => Math.abs(beyond) <= depth);
  const near = beside.filter(({ beyond }) => beyond <= 0).length;
  const beyond_m = beside
    .filter(({ point, beyond }) => beyond > 0 && !ignored(point) && inside.isWithin(point))
    .map(({ beyond }) => beyond);
  return { ratio: beyond_m.length / Math.max(beyond_m.length + near, 1), face, beyond_m };
}

function isBeside(point: Vec3, size_m: Vec3, axis: 0 | 1 | 2): boolean {
  return ([0, 1, 2] as const).every(
    (other) => other === axis || Math.abs(point[other]) <= size_m[other] / 2,
  );
}

function isMirrorHeight(z_m: number, height_m: number): boolean {
  const share = z_m / height_m + 0.5;
  return share >= MIRROR_BAND[0] && share <= MIRROR_BAND[1];
}

/** One number for a small cube near a cuboid's middle. */
function keyOf([x, y, z]: readonly [number, number, number]): number {
  return (x + 2048) * 4096 * 4096 + (y + 2048) * 4096 + (z + 2048);
}

/** Points in small cubes, to ask whether one of them is within reach. */
class Nearby {
  private readonly reach_m: number;
  private made: ReadonlyMap<number, readonly Vec3[]> | null = null;

  constructor(
    private readonly points: () => readonly Vec3[],
    params: Params,
  ) {
    this.reach_m = params["connect_m"] ?? 0;
  }

  /** Made when somebody asks for the first time: mostly nothing sticks out. */
  private get cubes(): ReadonlyMap<number, readonly Vec3[]> {
    if (this.made) return this.made;
    const cubes = new Map<number, Vec3[]>();
    for (const point of this.points()) {
      const key = keyOf(this.cube(point));
      const cube = cubes.get(key);
      if (cube) cube.push(point);
      else cubes.set(key, [point]);
    }
    this.made = cubes;
    return cubes;
  }

  isWithin(point: Vec3): boolean {
    const [cx, cy, cz] = this.cube(point);
    for (let n = 0; n < 27; n++) {
      const [dx, dy, dz] = [(n % 3) - 1, (Math.floor(n / 3) % 3) - 1, Math.floor(n / 9) - 1];
      const cube = this.cubes.get(keyOf([cx + dx, cy + dy, cz + dz]));
      if (cube?.some((other) => this.isNear(point, other))) return true;
    }
    return false;
  }

  private isNear(a: Vec3, b: Vec3): boolean {
    // Not hypot, which is slow: this is asked most of all.
    const [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    return Math.sqrt(x * x + y * y + z * z) <= this.reach_m;
  }

  private cube([x, y, z]: Vec3): readonly [number, number, number] {
    // A hair wider than the reach, so that rounding never puts a neighbour two cubes away.
    const side = this.reach_m * 1.000001 || 1;
    return [Math.floor(x / side), Math.floor(y / side), Math.floor(z / side)];
  }
}
