/** How much of an object a camera sees past what stands in front of it. */

import type { CameraModel, Vec3 } from "../core/types";
import { project, widestTangent } from "./camera";
import type { Positions } from "./grid";
import type { BoxPx } from "./iou";
import type { Rigid } from "./rigid";

/** Pixels of the image per pixel of the buffer, along each side. */
const SHRINK = 4;
/** A point counts as hidden when something is nearer by more than this. */
const BEHIND_M = 0.3;
const FEWEST_POINTS = 10;
const PLACES = 16;

/** Least depth of the points in each quarter-sized pixel and its eight neighbours. */
export interface DepthBuffer {
  readonly camera: CameraModel;
  readonly columns: number;
  readonly rows: number;
  readonly depth_m: Float64Array;
}

/** Buffer pixel of a point of the camera's frame, or -1 outside the image. */
function cellOf(camera: CameraModel, columns: number, point_m: Vec3): number {
  const pixel = project(camera, point_m);
  if (!pixel) return -1;
  const [u, v] = [pixel[0] + 0.5, pixel[1] + 0.5];
  if (!(u >= 0 && v >= 0 && u < camera.width_px && v < camera.height_px)) return -1;
  return Math.floor(v / SHRINK) * columns + Math.floor(u / SHRINK);
}

/** Calls back with every point that may be in the image, in the camera's frame. */
export function visitAhead(
  positions: Positions,
  camera_from_frame: Rigid,
  camera: CameraModel,
  visit: (point_m: Vec3) => void,
): void {
  const r = camera_from_frame.rotation;
  const t = camera_from_frame.translation_m;
  const cone = widestTangent(camera) ** 2;
  for (let n = 0; n + 2 < positions.length; n += 3) {
    const px = positions[n] ?? 0;
    const py = positions[n + 1] ?? 0;
    const pz = positions[n + 2] ?? 0;
    const z = r[6] * px + r[7] * py + r[8] * pz + t[2];
    if (z <= 0) continue;
    const x = r[0] * px + r[1] * py + r[2] * pz + t[0];
    const y = r[3] * px + r[4] * py + r[5] * pz + t[1];
    if (x * x + y * y <= cone * z * z) visit([x, y, z]);
  }
}

/** `each` calls back with every point in the camera's frame. */
export function depthBuffer(
  camera: CameraModel,
  each: (visit: (point_m: Vec3) => void) => void,
): DepthBuffer {
  const rows = Math.ceil(camera.height_px / SHRINK);
  const columns = Math.ceil(camera.width_px / SHRINK);
  const depth = new Float64Array(rows * columns).fill(Number.POSITIVE_INFINITY);
  each((point) => {
    const cell = cellOf(camera, columns, point);
    if (cell >= 0 && point[2] < (depth[cell] ?? 0)) depth[cell] = point[2];
  });
  const along = spread(depth, rows * columns, 1, (cell) => cell % columns);
  const spreadBoth = spread(along, rows * columns, columns, null);
  return { camera, columns, rows, depth_m: spreadBoth };
}

/** Least of each value and its neighbours one step before and after; `column` keeps steps within a row. */
function spread(
  values: Float64Array,
  count: number,
  step: number,
  column: ((cell: number) => number) | null,
): Float64Array {
  const out = new Float64Array(count);
  for (let cell = 0; cell < count; cell++) {
    let least = values[cell] ?? Number.POSITIVE_INFINITY;
    const before = cell - step;
    const after = cell + step;
    if (before >= 0 && (!column || column(before) < column(cell))) {
      least = Math.min(least, values[before] ?? least);
    }
    if (after < count && (!column || column(after) > column(cell))) {
      least = Math.min(least, values[after] ?? least);
    }
    out[cell] = least;
  }
  return out;
}

/** Share of a box that no nearer box covers, at 16 x 16 places: the painter's answer. */
export function uncovered(box_px: BoxPx, nearer_px: readonly BoxPx[]): number {
  let free = 0;
  for (let n = 0; n < PLACES * PLACES; n++) {
    const u = box_px[0] + (((n % PLACES) + 0.5) / PLACES) * (box_px[2] - box_px[0]);
    const v = box_px[1] + ((Math.floor(n / PLACES) + 0.5) / PLACES) * (box_px[3] - box_px[1]);
    const hidden = nearer_px.some(
      (box) => u >= box[0] && v >= box[1] && u <= box[2] && v <= box[3],
    );
    if (!hidden) free += 1;
  }
  return free / (PLACES * PLACES);
}

export interface VisibleArgs {
  /** Depths of the whole cloud; null where there is no cloud. */
  readonly buffer: DepthBuffer | null;
  /** The object's projected box inside the image. */
  readonly box_px: BoxPx;
  /** Projected boxes of cuboids whose centres are nearer; asked for only where too few points are seen. */
  readonly nearer_px: () => readonly BoxPx[];
}

/** Share of an object's points (camera frame) that are not hidden, if enough are in the image; else what no nearer box covers. */
export function visibleShare(
  points_m: readonly Vec3[],
  { buffer, box_px, nearer_px }: VisibleArgs,
): number {
  if (!buffer) return uncovered(box_px, nearer_px());
  let [met, free] = [0, 0];
  for (const point of points_m) {
    const cell = cellOf(buffer.camera, buffer.columns, point);
    if (cell < 0) continue;
    met += 1;
    if (point[2] <= (buffer.depth_m[cell] ?? 0) + BEHIND_M) free += 1;
  }
  return met >= FEWEST_POINTS ? free / met : uncovered(box_px, nearer_px());
}
