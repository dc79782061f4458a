/** The ground raster: height of the road under any place, in the ego frame at the capture's time. */

import type { Cuboid } from "../core/types";
import { footprint } from "./cuboid";
import { isOverFootprint } from "./grid";

export interface GroundRaster {
  readonly nx: number;
  readonly ny: number;
  readonly cell_m: number;
  /** Corner of cell (0, 0), ego frame. */
  readonly origin_x_m: number;
  readonly origin_y_m: number;
  /** Row by row, y outer; `UNKNOWN_MM` where nothing is known. */
  readonly height_mm: Int16Array;
}

export const UNKNOWN_MM = -32768;
const HEADER_BYTES = 32;

/** Reads a `.ground` file (already inflated). Throws RangeError naming what is wrong. */
export function decodeGround(bytes: ArrayBuffer): GroundRaster {
  if (bytes.byteLength < HEADER_BYTES) throw new RangeError("ground raster: header is cut short");
  const view = new DataView(bytes);
  const magic = String.fromCharCode(...new Uint8Array(bytes, 0, 4));
  if (magic !== "CGR1") throw new RangeError(`ground raster: starts with ${magic}, not CGR1`);
  const [nx, ny] = [view.getUint32(4, true), view.getUint32(8, true)];
  if (bytes.byteLength !== HEADER_BYTES + 2 * nx * ny) {
    throw new RangeError(
      `ground raster: ${nx} x ${ny} cells do not fit its ${bytes.byteLength} bytes`,
    );
  }
  return {
    nx,
    ny,
    cell_m: view.getFloat32(12, true),
    origin_x_m: view.getFloat64(16, true),
    origin_y_m: view.getFloat64(24, true),
    height_mm: new Int16Array(bytes, HEADER_BYTES, nx * ny),
  };
}

/** The height of one cell in metres, or null outside and where it is unknown. */
export function cellHeight(ground: GroundRaster, ix: number, iy: number): number | null {
  if (ix < 0 || iy < 0 || ix >= ground.nx || iy >= ground.ny) return null;
  const height = ground.height_mm[iy * ground.nx + ix] ?? UNKNOWN_MM;
  return height === UNKNOWN_MM ? null : height / 1000;
}

/** Bilinear between cell centres; where a neighbour is unknown, over those that are known. */
export function groundHeight(ground: GroundRaster, x_m: number, y_m: number): number | null {
  const gx = (x_m - ground.origin_x_m) / ground.cell_m - 0.5;
  const gy = (y_m - ground.origin_y_m) / ground.cell_m - 0.5;
  const [ix, iy] = [Math.floor(gx), Math.floor(gy)];
  const [fx, fy] = [gx - ix, gy - iy];
  let [sum, weight] = [0, 0];
  const take = (dx: number, dy: number, share: number) => {
    const height = cellHeight(ground, ix + dx, iy + dy);
    if (height === null || share <= 0) return;
    sum += height * share;
    weight += share;
  };
  take(0, 0, (1 - fx) * (1 - fy));
  take(1, 0, fx * (1 - fy));
  take(0, 1, (1 - fx) * fy);
  take(1, 1, fx * fy);
  return weight > 0 ? sum / weight : null;
}

/** Median height of the known cells whose centre lies under the cuboid; the height at its centre when there is none. */
export function groundUnder(ground: GroundRaster, cuboid: Cuboid): number | null {
  const outline = footprint(cuboid);
  const xs = outline.map(([x]) => (x - ground.origin_x_m) / ground.cell_m);
  const ys = outline.map(([, y]) => (y - ground.origin_y_m) / ground.cell_m);
  const heights: number[] = [];
  for (let iy = Math.floor(Math.min(...ys)); iy <= Math.max(...ys); iy++) {
    for (let ix = Math.floor(Math.min(...xs)); ix <= Math.max(...xs); ix++) {
      const x = ground.origin_x_m + (ix + 0.5) * ground.cell_m;
      const y = ground.origin_y_m + (iy + 0.5) * ground.cell_m;
      const height = cellHeight(ground, ix, iy);
      if (height !== null && isOverFootprint(cuboid, x, y)) heights.push(height);
    }
  }
  if (heights.length > 0) return median(heights);
  return groundHeight(ground, cuboid.center_m[0], cuboid.center_m[1]);
}

/** The middle value, or the mean of the two middle ones; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
