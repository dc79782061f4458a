/** How a view looks at the ego frame: perspective or parallel, as plain numbers. Screen x right, y down, in CSS pixels. */

import type { Vec3 } from "../core/types";
import type { Ray } from "../math/ray";
import { add, cross, dot, scale, subtract } from "../math/vec";

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Axes {
  readonly right: Vec3;
  readonly up: Vec3;
  /** Where the view looks. */
  readonly forward: Vec3;
}

export interface PerspectiveLens extends Axes {
  readonly kind: "perspective";
  readonly eye_m: Vec3;
  /** Tangent of half the vertical opening. */
  readonly tanHalf: number;
}

export interface ParallelLens extends Axes {
  readonly kind: "parallel";
  /** What the middle of the view shows. */
  readonly center_m: Vec3;
  readonly metresPerPixel: number;
}

export type Lens = PerspectiveLens | ParallelLens;
export type Screen = readonly [number, number];

export const NEAR_M = 0.3;
export const FAR_M = 2000;
/** How far before and behind its centre a parallel view sees. */
const REACH_M = 500;

type Row = readonly [number, number, number, number];

function rowFrom(axis: Vec3, origin: Vec3, factor: number): Row {
  return [axis[0] * factor, axis[1] * factor, axis[2] * factor, -dot(axis, origin) * factor];
}

function columnMajor(x: Row, y: Row, z: Row, w: Row): readonly number[] {
  const columns: number[] = [];
  for (const n of [0, 1, 2, 3] as const) columns.push(x[n], y[n], z[n], w[n]);
  return columns;
}

/** Column-major 4x4 that takes ego metres to clip space. */
export function clipOf(lens: Lens, { width, height }: Size): readonly number[] {
  if (lens.kind === "parallel") {
    const [halfW, halfH] = [(width / 2) * lens.metresPerPixel, (height / 2) * lens.metresPerPixel];
    const x = rowFrom(lens.right, lens.center_m, 1 / halfW);
    const y = rowFrom(lens.up, lens.center_m, 1 / halfH);
    return columnMajor(x, y, rowFrom(lens.forward, lens.center_m, 1 / REACH_M), [0, 0, 0, 1]);
  }
  const x = rowFrom(lens.right, lens.eye_m, height / (width * lens.tanHalf));
  const y = rowFrom(lens.up, lens.eye_m, 1 / lens.tanHalf);
  const w = rowFrom(lens.forward, lens.eye_m, 1);
  const squeeze = (FAR_M + NEAR_M) / (FAR_M - NEAR_M);
  const z: Row = [
    w[0] * squeeze,
    w[1] * squeeze,
    w[2] * squeeze,
    w[3] * squeeze - (2 * FAR_M * NEAR_M) / (FAR_M - NEAR_M),
  ];
  return columnMajor(x, y, z, w);
}

/** The ray of ego metres under a pixel. */
export function rayOf(lens: Lens, { width, height }: Size, [x, y]: Screen): Ray {
  const [dx, dy] = [x - width / 2, height / 2 - y];
  if (lens.kind === "parallel") {
    const across = add(
      scale(lens.right, dx * lens.metresPerPixel),
      scale(lens.up, dy * lens.metresPerPixel),
    );
    const start = add(lens.center_m, across);
    return { origin_m: subtract(start, scale(lens.forward, REACH_M)), direction: lens.forward };
  }
  const perPixel = (2 * lens.tanHalf) / height;
  const across = add(scale(lens.right, dx * perPixel), scale(lens.up, dy * perPixel));
  return { origin_m: lens.eye_m, direction: add(lens.forward, across) };
}

/** Homogeneous clip coordinates of a point. */
export function clipPoint(clip: readonly number[], [x, y, z]: Vec3): Row {
  const at = (n: number) =>
    (clip[n] ?? 0) * x + (clip[n + 4] ?? 0) * y + (clip[n + 8] ?? 0) * z + (clip[n + 12] ?? 0);
  return [at(0), at(1), at(2), at(3)];
}

function toScreen(row: Row, { width, height }: Size): Screen {
  return [(width / 2) * (1 + row[0] / row[3]), (height / 2) * (1 - row[1] / row[3])];
}

/** The pixel of a point, or null when it is behind the view. */
export function screenOf(clip: readonly number[], size: Size, point_m: Vec3): Screen | null {
  const row = clipPoint(clip, point_m);
  return row[2] + row[3] > 0 && row[3] > 0 ? toScreen(row, size) : null;
}

/** A segment on the screen, cut at the near plane; null when all of it is behind. */
export function segmentOf(
  clip: readonly number[],
  size: Size,
  from_m: Vec3,
  to_m: Vec3,
): readonly [Screen, Screen] | null {
  const [a, b] = [clipPoint(clip, from_m), clipPoint(clip, to_m)];
  const [nearA, nearB] = [a[2] + a[3], b[2] + b[3]];
  if (nearA <= 0 && nearB <= 0) return null;
  const cut = (): Row => {
    const f = nearA / (nearA - nearB);
    const part = (n: 0 | 1 | 2 | 3) => a[n] + (b[n] - a[n]) * f;
    return [part(0), part(1), part(2), part(3)];
  };
  return [toScreen(nearA <= 0 ? cut() : a, size), toScreen(nearB <= 0 ? cut() : b, size)];
}

/** How many metres a pixel spans at a point. */
export function metresPerPixelAt(lens: Lens, { height }: Size, point_m: Vec3): number {
  if (lens.kind === "parallel") return lens.metresPerPixel;
  const depth = Math.max(dot(subtract(point_m, lens.eye_m), lens.forward), NEAR_M);
  return (2 * lens.tanHalf * depth) / height;
}

/** Axes of a view that looks along a yaw and a pitch (down is negative), z up. */
export function axesOf(yaw_rad: number, pitch_rad: number): Axes {
  const [cy, sy, cp, sp] = [
    Math.cos(yaw_rad),
    Math.sin(yaw_rad),
    Math.cos(pitch_rad),
    Math.sin(pitch_rad),
  ];
  const forward: Vec3 = [cp * cy, cp * sy, sp];
  const right: Vec3 = [sy, -cy, 0];
  return { right, up: cross(right, forward), forward };
}
