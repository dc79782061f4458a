/** Which way a key moves the box: as the view under the mouse shows it. Plain data, so that it can be tested. */

import type { Vec3 } from "../core/types";

export type StepKey = "ahead" | "back" | "left" | "right" | "up" | "down";
export type StepView = "main" | "top" | "side" | "rear";

export const STEP_M = 0.02;
export const LARGE_STEP_M = 0.2;
export const SMALL_STEP_M = 0.002;
export const STEP_RAD = Math.PI / 360;

/** In the main and top views: along the heading, sideways, up. In the others the screen's own up, left and depth. */
const BODY: Readonly<Record<StepView, Readonly<Record<StepKey, Vec3>>>> = {
  main: towards([1, 0, 0], [0, 1, 0], [0, 0, 1]),
  top: towards([1, 0, 0], [0, 1, 0], [0, 0, 1]),
  side: towards([0, 0, 1], [-1, 0, 0], [0, 1, 0]),
  rear: towards([0, 0, 1], [0, 1, 0], [1, 0, 0]),
};

function towards(ahead: Vec3, left: Vec3, up: Vec3): Readonly<Record<StepKey, Vec3>> {
  const minus = ([x, y, z]: Vec3): Vec3 => [-x, -y, -z];
  return { ahead, back: minus(ahead), left, right: minus(left), up, down: minus(up) };
}

export function stepIn(view: StepView, key: StepKey, length_m: number): Vec3 {
  const [x, y, z] = BODY[view][key];
  return [x * length_m, y * length_m, z * length_m];
}
