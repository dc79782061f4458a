/**
 * A cuboid as a camera sees it, never lost because a corner is behind. Each edge is clipped at the near plane
 * and at the cone of the lens's valid radius, cut in pieces and distorted; the part inside the image is bounded
 * by the pieces clipped to it, and by the image corners whose rays meet the cuboid.
 */

import type { CameraModel, Cuboid, Vec3 } from "../core/types";
import { type Pixel, project, unproject, validRadius, widestTangent } from "./camera";
import { corners, EDGES, FACES, toBody, transformed } from "./cuboid";
import { type BoxPx, boxArea } from "./iou";
import { conjugate, rotate } from "./quaternion";
import type { Rigid } from "./rigid";
import { mix, norm, subtract } from "./vec";

/** Nothing nearer to the camera plane than this is projected. */
export const NEAR_M = 0.1;
/** Pieces per edge: a straight edge is a curve behind a distorting lens. */
export const EDGE_PARTS = 8;

export interface Projection {
  /** Bounds of all that lies in front of the near plane, also outside the image. */
  readonly full_px: BoxPx;
  /** Bounds of the part inside the image. */
  readonly box_px: BoxPx;
  /** 1 - area of `box_px` / area of `full_px`. */
  readonly truncation: number;
  /** Of the cuboid's centre along the optical axis; may be negative. */
  readonly depth_m: number;
}

/** One edge's line on the image. */
export interface EdgeLine {
  /** Index into `EDGES`. */
  readonly edge: number;
  readonly pixels: readonly Pixel[];
}

type Span = readonly [low: number, high: number];

/** The shares of a segment with depth of at least `NEAR_M`. */
function clipDepth(start: Vec3, way: Vec3): Span {
  const [depth, slope] = [start[2] - NEAR_M, way[2]];
  if (slope === 0) return depth < 0 ? [0, -1] : [0, 1];
  const cut = -depth / slope;
  return slope > 0 ? [Math.max(cut, 0), 1] : [0, Math.min(cut, 1)];
}

/** The shares within x2 + y2 <= radius2 z2; the radius is taken a billionth smaller, so that its rim can be distorted. */
function clipCone(start: Vec3, way: Vec3, [low, high]: Span, radius: number): Span {
  const weight = -((radius * (1 - 1e-9)) ** 2);
  const product = (p: Vec3, q: Vec3) => p[0] * q[0] + p[1] * q[1] + weight * p[2] * q[2];
  const [a, b, c] = [product(way, way), product(start, way), product(start, start)];
  const inner = b * b - a * c;
  if (!(inner > 0) || a === 0) return c > 0 ? [low, low - 1] : [low, high];
  const root = Math.sqrt(inner);
  const [one, two] = [(-b - root) / a, (-b + root) / a];
  const [first, second] = [Math.min(one, two), Math.max(one, two)];
  if (a > 0) return [Math.max(low, first), Math.min(high, second)];
  // Inside is left of the first or right of the second root: one of them is in front.
  if (way[2] > 0) return [Math.max(low, second), high];
  return way[2] < 0 ? [low, Math.min(high, first)] : [low, high];
}

/** The lines of a cuboid in the camera's frame, edge by edge, for drawing and for bounds. */
export function edgeLines(
  camera: CameraModel,
  cuboid_camera: Cuboid,
  parts: number = EDGE_PARTS,
): readonly EdgeLine[] {
  const points = corners(cuboid_camera);
  const radius = validRadius(camera);
  return EDGES.flatMap(([from, to], edge): readonly EdgeLine[] => {
    const [a, b] = [points[from], points[to]];
    if (!a || !b) return [];
    const pixels = linePixels(camera, a, b, { radius, parts });
    return pixels.length > 0 ? [{ edge, pixels }] : [];
  });
}

/** A straight segment in the camera's frame as it falls on the image; empty when nothing of it is in front. */
export function linePixels(
  camera: CameraModel,
  a: Vec3,
  b: Vec3,
  { radius = validRadius(camera), parts = EDGE_PARTS } = {},
): readonly Pixel[] {
  return spanPixels(camera, a, b, { span: clipDepth(a, subtract(b, a)), radius, parts });
}

interface SpanArgs {
  readonly span: Span;
  readonly radius: number;
  readonly parts?: number;
}

/** A span of a segment, clipped to the valid cone, cut and distorted. */
function spanPixels(
  camera: CameraModel,
  a: Vec3,
  b: Vec3,
  { span, radius, parts = EDGE_PARTS }: SpanArgs,
): readonly Pixel[] {
  const finite = Number.isFinite(radius);
  const [low, high] = finite ? clipCone(a, subtract(b, a), span, radius) : span;
  if (!(high > low)) return [];
  const pixels: Pixel[] = [];
  for (let n = 0; n <= parts; n++) {
    const pixel = project(camera, mix(a, b, low + (high - low) * (n / parts)));
    if (pixel) pixels.push(pixel);
  }
  return pixels;
}

export function bounds(pixels: Iterable<Pixel>): BoxPx | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [u, v] of pixels) {
    left = Math.min(left, u);
    top = Math.min(top, v);
    right = Math.max(right, u);
    bottom = Math.max(bottom, v);
  }
  return left <= right ? [left, top, right, bottom] : null;
}

/** Reach of the image, whose first pixel is centred on (0, 0). */
export function imageBox(camera: CameraModel): BoxPx {
  return [-0.5, -0.5, camera.width_px - 0.5, camera.height_px - 0.5];
}

/** Bounds of a cuboid given in the camera's frame; null when nothing of it reaches the image. */
export function projectCuboid(camera: CameraModel, cuboid_camera: Cuboid): Projection | null {
  if (!mayBeSeen(camera, cuboid_camera)) return null;
  const lines = edgeLines(camera, cuboid_camera);
  const full_px = bounds(lines.flatMap((line) => line.pixels));
  if (!full_px) return null;
  const box_px = withinImage(camera, cuboid_camera, lines, full_px);
  if (!box_px || !(box_px[2] > box_px[0]) || !(box_px[3] > box_px[1])) return null;
  return {
    full_px,
    box_px,
    truncation: Math.max(1 - boxArea(box_px) / boxArea(full_px), 0),
    depth_m: cuboid_camera.center_m[2],
  };
}

/** Leaves out spheres behind the near plane or outside the cone around the image's corners. */
function mayBeSeen(camera: CameraModel, { center_m, size_m }: Cuboid): boolean {
  const [radius, distance] = [norm(size_m) / 2, norm(center_m)];
  if (center_m[2] + radius <= NEAR_M) return false;
  const widest = Math.atan(widestTangent(camera));
  if (distance <= radius || widest >= Math.PI / 2) return true;
  return Math.acos(center_m[2] / distance) - Math.asin(radius / distance) <= widest;
}

function withinImage(
  camera: CameraModel,
  cuboid_camera: Cuboid,
  lines: readonly EdgeLine[],
  full: BoxPx,
): BoxPx | null {
  const image = imageBox(camera);
  const inside =
    full[0] >= image[0] && full[1] >= image[1] && full[2] <= image[2] && full[3] <= image[3];
  if (inside) return full;
  const apart =
    full[0] >= image[2] || full[1] >= image[3] || full[2] <= image[0] || full[3] <= image[1];
  if (apart) return null;
  return bounds([
    ...lines.flatMap((line) => clippedLine(line.pixels, image)),
    ...nearLines(camera, cuboid_camera).flatMap((pixels) => clippedLine(pixels, image)),
    ...coveredCorners(camera, cuboid_camera, image),
  ]);
}

/** Where the near plane cuts the faces: of a cuboid that reaches behind the camera these are edges too. */
function nearLines(camera: CameraModel, cuboid_camera: Cuboid): readonly (readonly Pixel[])[] {
  const points = corners(cuboid_camera);
  if (points.every((point) => point[2] >= NEAR_M)) return [];
  const radius = validRadius(camera);
  return FACES.map((face) => {
    const loop = face.corners.flatMap((corner) => points[corner] ?? []);
    const [begin, end] = nearCrossings(loop);
    return begin && end ? spanPixels(camera, begin, end, { span: [0, 1], radius }) : [];
  });
}

/** Where the near plane crosses the sides of a face: nowhere or at two places. */
function nearCrossings(loop: readonly number[]): readonly Vec3[] {
  const at = (n: number): Vec3 => {
    const from = (n % 4) * 3;
    return [loop[from] ?? 0, loop[from + 1] ?? 0, loop[from + 2] ?? 0];
  };
  return [0, 1, 2, 3].flatMap((n) => {
    const [a, b] = [at(n), at(n + 1)];
    if (a[2] < NEAR_M === b[2] < NEAR_M) return [];
    return [mix(a, b, (NEAR_M - a[2]) / (b[2] - a[2]))];
  });
}

/** The ends of every piece of a line after clipping to the image (Liang and Barsky, 1984). */
function clippedLine(pixels: readonly Pixel[], image: BoxPx): readonly Pixel[] {
  const ends: Pixel[] = [];
  for (let n = 0; n + 1 < pixels.length; n++) {
    const [a, b] = [pixels[n], pixels[n + 1]];
    const kept = a && b ? clippedPiece(a, b, image) : null;
    if (kept) ends.push(...kept);
  }
  return ends;
}

function clippedPiece(a: Pixel, b: Pixel, image: BoxPx): readonly [Pixel, Pixel] | null {
  let [enter, leave] = [0, 1];
  for (const axis of [0, 1] as const) {
    const [start, way] = [a[axis], b[axis] - a[axis]];
    const [low, high] = [image[axis], image[axis === 0 ? 2 : 3]];
    if (way === 0) {
      if (start < low || start > high) return null;
      continue;
    }
    const [toLow, toHigh] = [(low - start) / way, (high - start) / way];
    enter = Math.max(enter, Math.min(toLow, toHigh));
    leave = Math.min(leave, Math.max(toLow, toHigh));
  }
  if (enter > leave) return null;
  const at = (share: number): Pixel => [
    clamp(a[0] + share * (b[0] - a[0]), image[0], image[2]),
    clamp(a[1] + share * (b[1] - a[1]), image[1], image[3]),
  ];
  return [at(enter), at(leave)];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Those corners of the image whose rays meet the cuboid in front of the near plane. */
function coveredCorners(
  camera: CameraModel,
  cuboid_camera: Cuboid,
  [left, top, right, bottom]: BoxPx,
): readonly Pixel[] {
  const all: readonly Pixel[] = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ];
  return all.filter((corner) => {
    const ray = unproject(camera, corner);
    return ray !== null && isMet(cuboid_camera, ray);
  });
}

function isMet(cuboid: Cuboid, ray: Vec3): boolean {
  const origin = toBody(cuboid, [0, 0, 0]);
  const way = rotate(conjugate(cuboid.quaternion_xyzw), ray);
  let [enter, leave] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const axis of [0, 1, 2] as const) {
    const half = cuboid.size_m[axis] / 2;
    if (way[axis] === 0) {
      if (Math.abs(origin[axis]) > half) return false;
      continue;
    }
    const [one, two] = [(-half - origin[axis]) / way[axis], (half - origin[axis]) / way[axis]];
    enter = Math.max(enter, Math.min(one, two));
    leave = Math.min(leave, Math.max(one, two));
  }
  return enter <= leave && leave * ray[2] >= NEAR_M;
}

/** The bounds of a cuboid in another frame, through `camera_from_frame`. */
export function projectFrom(
  camera: CameraModel,
  camera_from_frame: Rigid,
  cuboid: Cuboid,
): Projection | null {
  return projectCuboid(camera, transformed(camera_from_frame, cuboid));
}
