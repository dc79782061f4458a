/** The main view's camera: turned about the point under the hand, dragged with it, brought nearer to it. */

import type { Vec3 } from "../core/types";
import { hitLevel } from "../math/ray";
import { add, dot, norm, scale, subtract } from "../math/vec";
import { axesOf, type Lens, metresPerPixelAt, rayOf, type Screen, type Size } from "./lens";

export interface OrbitState {
  readonly kind: "orbit";
  readonly eye_m: Vec3;
  readonly yaw_rad: number;
  /** Negative looks down. */
  readonly pitch_rad: number;
}

export interface PlanState {
  readonly kind: "plan";
  readonly center_m: Vec3;
  /** What points up on the screen. */
  readonly yaw_rad: number;
  readonly metresPerPixel: number;
}

export type MainState = OrbitState | PlanState;

const TAN_HALF = Math.tan((50 * Math.PI) / 360);
const LOWEST_PITCH = -Math.PI / 2 + 0.01;
const HIGHEST_PITCH = Math.PI / 3;
const RADIANS_PER_PIXEL = 0.0055;
const NEAREST_M = 0.6;
const FURTHEST_M = 600;

export const START: OrbitState = {
  kind: "orbit",
  eye_m: [-16, 0, 13],
  yaw_rad: 0,
  pitch_rad: -0.55,
};

export function lensOf(state: MainState): Lens {
  if (state.kind === "plan") {
    const [c, s] = [Math.cos(state.yaw_rad), Math.sin(state.yaw_rad)];
    return {
      kind: "parallel",
      center_m: state.center_m,
      metresPerPixel: state.metresPerPixel,
      right: [s, -c, 0],
      up: [c, s, 0],
      forward: [0, 0, -1],
    };
  }
  const axes = axesOf(state.yaw_rad, state.pitch_rad);
  return { kind: "perspective", eye_m: state.eye_m, tanHalf: TAN_HALF, ...axes };
}

/** Turned by a drag of pixels; the pivot stays where it is on the screen. */
export function turnedAbout(state: MainState, pivot_m: Vec3, [dx, dy]: Screen): MainState {
  if (state.kind === "plan") {
    const yaw_rad = state.yaw_rad - dx * RADIANS_PER_PIXEL;
    const center_m = rotatedAbout(state.center_m, pivot_m, -dx * RADIANS_PER_PIXEL);
    return { ...state, yaw_rad, center_m };
  }
  const yaw_rad = state.yaw_rad - dx * RADIANS_PER_PIXEL;
  const pitch = state.pitch_rad - dy * RADIANS_PER_PIXEL;
  const pitch_rad = Math.min(Math.max(pitch, LOWEST_PITCH), HIGHEST_PITCH);
  const before = axesOf(state.yaw_rad, state.pitch_rad);
  const after = axesOf(yaw_rad, pitch_rad);
  const arm = subtract(pivot_m, state.eye_m);
  const kept = [dot(arm, before.right), dot(arm, before.up), dot(arm, before.forward)] as const;
  const turned = add(
    add(scale(after.right, kept[0]), scale(after.up, kept[1])),
    scale(after.forward, kept[2]),
  );
  return { kind: "orbit", eye_m: subtract(pivot_m, turned), yaw_rad, pitch_rad };
}

function rotatedAbout(point: Vec3, pivot: Vec3, angle_rad: number): Vec3 {
  const [c, s] = [Math.cos(angle_rad), Math.sin(angle_rad)];
  const [x, y] = [point[0] - pivot[0], point[1] - pivot[1]];
  return [pivot[0] + c * x - s * y, pivot[1] + s * x + c * y, point[2]];
}

/** Shifted so that the grabbed point follows the hand. */
export function draggedBy(
  state: MainState,
  size: Size,
  grabbed_m: Vec3,
  [dx, dy]: Screen,
): MainState {
  const lens = lensOf(state);
  const perPixel = metresPerPixelAt(lens, size, grabbed_m);
  const shift = add(scale(lens.right, -dx * perPixel), scale(lens.up, dy * perPixel));
  return state.kind === "plan"
    ? { ...state, center_m: add(state.center_m, shift) }
    : { ...state, eye_m: add(state.eye_m, shift) };
}

/** Nearer (factor below one) or further, towards a point that stays where it is on the screen. */
export function nearedTo(state: MainState, point_m: Vec3, factor: number): MainState {
  if (state.kind === "plan") {
    const metresPerPixel = Math.min(Math.max(state.metresPerPixel * factor, 0.002), 1);
    const real = metresPerPixel / state.metresPerPixel;
    const away = subtract(state.center_m, point_m);
    const [x, y] = add(point_m, scale(away, real));
    return { ...state, metresPerPixel, center_m: [x, y, state.center_m[2]] };
  }
  const arm = subtract(state.eye_m, point_m);
  const length = Math.max(norm(arm), 1e-3);
  const wanted = Math.min(Math.max(length * factor, NEAREST_M), FURTHEST_M);
  return { ...state, eye_m: add(point_m, scale(arm, wanted / length)) };
}

/** The view moved so that a thing of a size stands in its middle; the direction of view is kept. */
export function framed(state: MainState, size: Size, center_m: Vec3, radius_m: number): MainState {
  if (state.kind === "plan") {
    const metresPerPixel = (2.6 * radius_m) / Math.min(size.width, size.height);
    return { ...state, center_m, metresPerPixel };
  }
  const pitch_rad = Math.min(state.pitch_rad, -0.3);
  const { forward } = axesOf(state.yaw_rad, pitch_rad);
  const narrow = Math.min(1, size.width / size.height);
  const away = Math.max((1.6 * radius_m) / (TAN_HALF * narrow), 4);
  return { ...state, pitch_rad, eye_m: subtract(center_m, scale(forward, away)) };
}

/** The same place from straight above, heading kept up. */
export function fromAbove(state: MainState, size: Size, floor_m: number): PlanState {
  if (state.kind === "plan") return state;
  const lens = lensOf(state);
  const middle: Screen = [size.width / 2, size.height / 2];
  const hit = hitLevel(rayOf(lens, size, middle), floor_m);
  const far = hit && norm(subtract(hit, state.eye_m)) < 120 ? hit : null;
  const center = far ?? add(state.eye_m, scale(lens.forward, 25));
  const metresPerPixel = Math.min(Math.max(metresPerPixelAt(lens, size, center), 0.02), 0.15);
  return { kind: "plan", center_m: center, yaw_rad: state.yaw_rad, metresPerPixel };
}

/** The same place at an angle. */
export function fromAside(state: MainState, size: Size): OrbitState {
  if (state.kind === "orbit") return state;
  const span = (state.metresPerPixel * size.height) / 2;
  const pitch_rad = -0.62;
  const { forward } = axesOf(state.yaw_rad, pitch_rad);
  const eye_m = subtract(state.center_m, scale(forward, span / TAN_HALF));
  return { kind: "orbit", eye_m, yaw_rad: state.yaw_rad, pitch_rad };
}
