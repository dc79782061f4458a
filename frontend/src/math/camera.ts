/** Camera models: from the camera's frame (x right, y down, z forward) to pixels and back. */

import type { CameraModel, Vec3 } from "../core/types";
import { unit } from "./vec";

export type Pixel = readonly [number, number];

const NEWTON_STEPS = 20;
const LONGEST_STEP = 0.5;
const SEARCH_RADIUS = 10;
const SEARCH_STEP = 0.01;
const SMALLEST_DEPTH_M = 1e-6;
const REACHED = 1e-9;

type Coefficients = readonly [
  k1: number,
  k2: number,
  p1: number,
  p2: number,
  k3: number,
  k4: number,
  k5: number,
  k6: number,
];

interface Lens {
  readonly coefficients: Coefficients;
  readonly radius: number;
}

const PLAIN: Lens = { coefficients: [0, 0, 0, 0, 0, 0, 0, 0], radius: Number.POSITIVE_INFINITY };
const lenses = new WeakMap<CameraModel, Lens>();

function lensOf(camera: CameraModel): Lens {
  if (camera.model !== "brown") return PLAIN;
  const known = lenses.get(camera);
  if (known) return known;
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0] = camera.distortion;
  const coefficients: Coefficients = [k1, k2, p1, p2, k3, k4, k5, k6];
  const lens = { coefficients, radius: findValidRadius(coefficients) };
  lenses.set(camera, lens);
  return lens;
}

/** Whether the image radius still grows with the angle: beyond, points fold back into the image. */
function grows([k1, k2, , , k3, k4, k5, k6]: Coefficients, radius: number): boolean {
  const s = radius * radius;
  const top = 1 + s * (k1 + s * (k2 + s * k3));
  const bottom = 1 + s * (k4 + s * (k5 + s * k6));
  const topSlope = k1 + s * (2 * k2 + s * 3 * k3);
  const bottomSlope = k4 + s * (2 * k5 + s * 3 * k6);
  return bottom > 0 && top * bottom + 2 * s * (topSlope * bottom - top * bottomSlope) > 0;
}

/** By steps of 0.01 and 60 halvings, as the server does it. */
function findValidRadius(c: Coefficients): number {
  for (let n = 1; n <= Math.round(SEARCH_RADIUS / SEARCH_STEP); n++) {
    if (!grows(c, n * SEARCH_STEP)) return foldBetween(c, (n - 1) * SEARCH_STEP, n * SEARCH_STEP);
  }
  return Number.POSITIVE_INFINITY;
}

function foldBetween(c: Coefficients, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    if (grows(c, middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The largest tangent of the angle off axis at which the model holds; infinite without distortion. */
export function validRadius(camera: CameraModel): number {
  return lensOf(camera).radius;
}

function distorted([k1, k2, p1, p2, k3, k4, k5, k6]: Coefficients, x: number, y: number): Pixel {
  const s = x * x + y * y;
  const g = (1 + s * (k1 + s * (k2 + s * k3))) / (1 + s * (k4 + s * (k5 + s * k6)));
  return [
    x * g + 2 * p1 * x * y + p2 * (s + 2 * x * x),
    y * g + p1 * (s + 2 * y * y) + 2 * p2 * x * y,
  ];
}

/** The pixel of a point, or null when it is not in front or beyond where the lens model holds. */
export function project(camera: CameraModel, point_camera_m: Vec3): Pixel | null {
  const [px, py, pz] = point_camera_m;
  if (!(pz > SMALLEST_DEPTH_M)) return null;
  const { coefficients, radius } = lensOf(camera);
  if (px * px + py * py > (radius * pz) ** 2) return null;
  const [x, y] =
    camera.model === "brown"
      ? distorted(coefficients, px / pz, py / pz)
      : ([px / pz, py / pz] as const);
  return [camera.fx_px * x + camera.cx_px, camera.fy_px * y + camera.cy_px];
}

/** The unit ray of a pixel in the camera's frame, or null when no ray within the valid radius reaches it. */
export function unproject(camera: CameraModel, [u_px, v_px]: Pixel): Vec3 | null {
  const goalX = (u_px - camera.cx_px) / camera.fx_px;
  const goalY = (v_px - camera.cy_px) / camera.fy_px;
  if (camera.model !== "brown") return unit([goalX, goalY, 1]);
  const lens = lensOf(camera);
  const [x, y] = undistorted(lens, goalX, goalY);
  const [backX, backY] = distorted(lens.coefficients, x, y);
  const reached = Math.hypot(backX - goalX, backY - goalY) < REACHED;
  return reached && Math.hypot(x, y) <= lens.radius ? unit([x, y, 1]) : null;
}

/** Newton with the exact Jacobian; a step is at most 0.5 long, the start is inside. */
function undistorted({ coefficients, radius }: Lens, goalX: number, goalY: number): Pixel {
  const [k1, k2, p1, p2, k3, k4, k5, k6] = coefficients;
  const inside = Math.min(1, (0.7 * radius) / Math.max(Math.hypot(goalX, goalY), 1e-12));
  let [x, y] = [goalX * inside, goalY * inside];
  for (let n = 0; n < NEWTON_STEPS; n++) {
    const s = x * x + y * y;
    const bottom = 1 + s * (k4 + s * (k5 + s * k6));
    const g = (1 + s * (k1 + s * (k2 + s * k3))) / bottom;
    const topSlope = k1 + s * (2 * k2 + s * 3 * k3);
    const dg = (topSlope - g * (k4 + s * (2 * k5 + s * 3 * k6))) / bottom;
    const [atX, atY] = distorted(coefficients, x, y);
    const [offX, offY] = [atX - goalX, atY - goalY];
    const xx = g + 2 * x * x * dg + 2 * p1 * y + 6 * p2 * x;
    const xy = 2 * x * y * dg + 2 * p1 * x + 2 * p2 * y;
    const yy = g + 2 * y * y * dg + 6 * p1 * y + 2 * p2 * x;
    const exact = xx * yy - xy * xy;
    const determinant = Math.abs(exact) < 1e-12 ? 1e-12 : exact;
    const stepX = (yy * offX - xy * offY) / determinant;
    const stepY = (xx * offY - xy * offX) / determinant;
    const short = Math.min(1, LONGEST_STEP / Math.max(Math.hypot(stepX, stepY), 1e-12));
    x -= short * stepX;
    y -= short * stepY;
  }
  return [x, y];
}

const RIM_PLACES = 8;
const RIM_SLACK_RAD = 0.02;
const widest = new WeakMap<CameraModel, number>();

/** Largest tangent of the angle off axis of anything in the image, with a little slack; infinite where the model does not say. */
export function widestTangent(camera: CameraModel): number {
  const known = widest.get(camera);
  if (known !== undefined) return known;
  const [right, bottom] = [camera.width_px - 0.5, camera.height_px - 0.5];
  let largest = 0;
  for (let n = 0; n <= RIM_PLACES; n++) {
    const [u, v] = [
      -0.5 + (n / RIM_PLACES) * (right + 0.5),
      -0.5 + (n / RIM_PLACES) * (bottom + 0.5),
    ];
    const rim: readonly Pixel[] = [
      [u, -0.5],
      [u, bottom],
      [-0.5, v],
      [right, v],
    ];
    for (const pixel of rim) {
      const ray = unproject(camera, pixel);
      largest = Math.max(largest, ray ? Math.acos(Math.min(ray[2], 1)) : Math.PI);
    }
  }
  const angle = largest + RIM_SLACK_RAD;
  const tangent = angle < Math.PI / 2 ? Math.tan(angle) : Number.POSITIVE_INFINITY;
  widest.set(camera, tangent);
  return tangent;
}

/** Pixel (0, 0) is the centre of the top-left pixel: the image reaches from -0.5 to its size less 0.5. */
export function isInImage(camera: CameraModel, [u, v]: Pixel): boolean {
  return u >= -0.5 && v >= -0.5 && u <= camera.width_px - 0.5 && v <= camera.height_px - 0.5;
}
