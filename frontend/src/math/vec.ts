/** Vectors of three, immutable, in double precision. */

import type { Vec3 } from "../core/types";

export const ZERO: Vec3 = [0, 0, 0];

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(a: Vec3, by: number): Vec3 {
  return [a[0] * by, a[1] * by, a[2] * by];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function norm(a: Vec3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** The vector at length one; the zero vector stays as it is. */
export function unit(a: Vec3): Vec3 {
  const length = norm(a);
  return length > 0 ? scale(a, 1 / length) : a;
}

export function mix(a: Vec3, b: Vec3, share: number): Vec3 {
  return [
    a[0] + (b[0] - a[0]) * share,
    a[1] + (b[1] - a[1]) * share,
    a[2] + (b[2] - a[2]) * share,
  ];
}

export function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** A copy with one axis replaced. */
export function withAxis(a: Vec3, axis: 0 | 1 | 2, value: number): Vec3 {
  const out: [number, number, number] = [a[0], a[1], a[2]];
  out[axis] = value;
  return out;
}

/** The angle brought into [-pi, pi). */
export function wrapAngle(angle_rad: number): number {
  const turn = 2 * Math.PI;
  return angle_rad - turn * Math.floor((angle_rad + Math.PI) / turn);
}
