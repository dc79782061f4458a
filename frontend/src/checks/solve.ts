/** Which one change of a cuboid brings its projection to the drawn box. */

import type { Span } from "../core/limits";
import type { CameraModel, Cuboid, Vec3 } from "../core/types";
import { type FaceName, fromBody, toBody, transformed, turned } from "../math/cuboid";
import { projectCuboid } from "../math/projection";
import { inverse, type Rigid } from "../math/rigid";
import { withAxis } from "../math/vec";
import type { BoxPx, DraftFix, Parts } from "./draft";

export const PARAMETERS = ["x", "y", "z", "yaw", "length", "width", "height"] as const;
export type Parameter = (typeof PARAMETERS)[number];

const YAW_STEP_RAD = 0.005;
const STEP_M = 0.01;
const MOST_YAW_RAD = 0.6;
const MOST_M = 2;
const SMALLEST_M = 0.1;
const ROUNDS = 3;
const FLAT = 1e-12;
const AXIS: { readonly [parameter in Parameter]: 0 | 1 | 2 } = {
  x: 0,
  y: 1,
  z: 2,
  yaw: 2,
  length: 0,
  width: 1,
  height: 2,
};

/** A camera, and where it stands. */
export interface CameraView {
  readonly camera: CameraModel;
  /** Takes points of the cuboids' frame to the camera's. */
  readonly camera_from_frame: Rigid;
}

function isSize(parameter: Parameter): boolean {
  return parameter === "length" || parameter === "width" || parameter === "height";
}

/**
 * One parameter changed. x, y, z move along the cuboid's own axes, yaw turns about its own z; length and width move
 * the face that looks away, height the top: what is seen, and the ground, stay.
 */
export function changed(
  cuboid: Cuboid,
  parameter: Parameter,
  by: number,
  seen_from_m: Vec3,
): Cuboid {
  const axis = AXIS[parameter];
  if (parameter === "yaw") return turned(cuboid, by);
  if (!isSize(parameter)) {
    return { ...cuboid, center_m: fromBody(cuboid, withAxis([0, 0, 0], axis, by)) };
  }
  const seen = toBody(cuboid, seen_from_m)[axis];
  const away = axis === 2 || seen < 0 ? 1 : -1;
  return {
    ...cuboid,
    center_m: fromBody(cuboid, withAxis([0, 0, 0], axis, (away * by) / 2)),
    size_m: withAxis(cuboid.size_m, axis, cuboid.size_m[axis] + by),
  };
}

function movedFace(parameter: "length" | "width", cuboid: Cuboid, seen_from_m: Vec3): FaceName {
  const seen = toBody(cuboid, seen_from_m)[AXIS[parameter]];
  if (parameter === "length") return seen < 0 ? "front" : "rear";
  return seen < 0 ? "left" : "right";
}

export interface SolveArgs {
  readonly label_px: BoxPx;
  /** The edges that count: left, top, right, bottom. */
  readonly sides: readonly [boolean, boolean, boolean, boolean];
  /** Bounds of length, width and height. */
  readonly spans_m: readonly [Span, Span, Span];
  /** Share of the squared distance that must go. */
  readonly shareMin: number;
}

/** Distances of the edges that count; null where nothing is seen. */
type Off = readonly number[] | null;

function distances(cuboid: Cuboid, view: CameraView, { label_px, sides }: SolveArgs): Off {
  const size = cuboid.size_m;
  const solid: Cuboid = {
    ...cuboid,
    size_m: [Math.max(size[0], 1e-3), Math.max(size[1], 1e-3), Math.max(size[2], 1e-3)],
  };
  const seen = projectCuboid(view.camera, transformed(view.camera_from_frame, solid));
  if (!seen) return null;
  return seen.box_px.flatMap((edge, n) => (sides[n] ? [edge - (label_px[n] ?? 0)] : []));
}

function squared(off: readonly number[]): number {
  return off.reduce((sum, each) => sum + each * each, 0);
}

/** Whether a change stays modest and keeps a size that the class may have, or had already. */
function isWithin(
  parameter: Parameter,
  by: number,
  cuboid: Cuboid,
  spans_m: SolveArgs["spans_m"],
): boolean {
  if (parameter === "yaw") return Math.abs(by) <= MOST_YAW_RAD;
  if (Math.abs(by) > MOST_M) return false;
  if (!isSize(parameter)) return true;
  const axis = AXIS[parameter];
  const [before, [low, high]] = [cuboid.size_m[axis], spans_m[axis]];
  const size = before + by;
  return size >= Math.min(low, before) && size <= Math.max(high, before) && size >= SMALLEST_M;
}

/** Three Newton steps on a forward difference; null where the parameter leads nowhere. */
function solved(
  cuboid: Cuboid,
  view: CameraView,
  parameter: Parameter,
  args: SolveArgs,
): number | null {
  const seen_from_m = inverse(view.camera_from_frame).translation_m;
  const step = parameter === "yaw" ? YAW_STEP_RAD : STEP_M;
  let by = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const here = distances(changed(cuboid, parameter, by, seen_from_m), view, args);
    const ahead = distances(changed(cuboid, parameter, by + step, seen_from_m), view, args);
    if (!here || !ahead) return null;
    const slope = ahead.map((each, n) => (each - (here[n] ?? 0)) / step);
    const steep = squared(slope);
    const pull = slope.reduce((sum, each, n) => sum + each * (here[n] ?? 0), 0);
    by -= steep > FLAT ? pull / steep : 0;
    if (!isWithin(parameter, by, cuboid, args.spans_m)) return null;
  }
  return by;
}

/** The change of one parameter that removes most of the squared distance; null when none removes enough. */
export function bestChange(cuboid: Cuboid, view: CameraView, args: SolveArgs): DraftFix | null {
  const start = distances(cuboid, view, args);
  if (!start || start.length === 0) return null;
  const best = PARAMETERS.flatMap((parameter) =>
    tried(cuboid, view, parameter, args),
  ).reduce<Tried | null>((least, each) => (least && least.left <= each.left ? least : each), null);
  if (!best || best.left > (1 - args.shareMin) * squared(start)) return null;
  const { parameter, by } = best;
  const seen_from_m = inverse(view.camera_from_frame).translation_m;
  return {
    kind: "set_cuboid",
    words: `fix.${parameter}.${by >= 0 ? "plus" : "minus"}`,
    parts: describedParts(cuboid, parameter, by, seen_from_m),
    cuboid: changed(cuboid, parameter, by, seen_from_m),
  };
}

interface Tried {
  readonly parameter: Parameter;
  readonly by: number;
  /** Squared distance that is left. */
  readonly left: number;
}

function tried(
  cuboid: Cuboid,
  view: CameraView,
  parameter: Parameter,
  args: SolveArgs,
): readonly Tried[] {
  const by = solved(cuboid, view, parameter, args);
  if (by === null) return [];
  const seen_from_m = inverse(view.camera_from_frame).translation_m;
  const off = distances(changed(cuboid, parameter, by, seen_from_m), view, args);
  return off ? [{ parameter, by, left: squared(off) }] : [];
}

function describedParts(
  cuboid: Cuboid,
  parameter: Parameter,
  by: number,
  seen_from_m: Vec3,
): Parts {
  const amount = Math.abs(parameter === "yaw" ? (by * 180) / Math.PI : by);
  return parameter === "length" || parameter === "width"
    ? { by: amount, face: movedFace(parameter, cuboid, seen_from_m) }
    : { by: amount };
}
