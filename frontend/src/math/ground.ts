/** The ground raster: height of the road under any place, in the ego frame at the capture's time. */

import type { Cuboid } from "../core/types";
import { yawOf } from "./quaternion";
import { median } from "./stats";

export interface GroundRaster {
  readonly nx: number;
  readonly ny: number;
  readonly cell_m: number;
  /** Corner of cell (0, 0), ego frame. */
  readonly origin_x_m: number;
  readonly origin_y_m: number;
  /** Row by row, y outer; `UNKNOWN_MM` where nothing is known. */
  readonly height_mm: Int16Array | Float64Array;
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

/** Bilinear between the four nearest cell centres that are known; null outside the raster and where none is. */
export function groundHeight(ground: GroundRaster, x_m: number, y_m: number): number | null {
  const u = (x_m - ground.origin_x_m) / ground.cell_m;
  const v = (y_m - ground.origin_y_m) / ground.cell_m;
  if (!(u >= 0 && v >= 0 && u < ground.nx && v < ground.ny)) return null;
  const [ix, iy] = [Math.floor(u - 0.5), Math.floor(v - 0.5)];
  const [fx, fy] = [u - 0.5 - ix, v - 0.5 - iy];
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

/** Where under a cuboid the ground is asked: shares of its length and of its width. */
const UNDER = [-0.4, -0.2, 0, 0.2, 0.4] as const;

/** Median height under the cuboid's outline, at 5 x 5 places; null where nothing is known. */
export function groundUnder(ground: GroundRaster, cuboid: Cuboid): number | null {
  const yaw = yawOf(cuboid.quaternion_xyzw);
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const [x, y] = cuboid.center_m;
  const [length, width] = cuboid.size_m;
  const heights = UNDER.flatMap((forward) =>
    UNDER.flatMap((leftward) => {
      const [dx, dy] = [forward * length, leftward * width];
      const height = groundHeight(ground, x + dx * c - dy * s, y + dx * s + dy * c);
      return height === null ? [] : [height];
    }),
  );
  return heights.length > 0 ? median(heights) : null;
}
