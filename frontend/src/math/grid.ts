/** Points sorted into square cells seen from above, so that a box asks only its own neighbourhood (CSR layout). */

import type { Cuboid } from "../core/types";
import { toMatrix } from "./quaternion";

/** x y z after one another, in metres, in the ego frame at the capture's time. */
export type Positions = Float32Array | Float64Array;

export interface Grid {
  readonly cell_m: number;
  readonly origin_x_m: number;
  readonly origin_y_m: number;
  readonly nx: number;
  readonly ny: number;
  /** nx * ny + 1 offsets into `order`. */
  readonly start: Uint32Array;
  /** Indices of points, cell by cell. */
  readonly order: Uint32Array;
}

export const CELL_M = 0.5;
/** No more cells than this: points far out make the cells larger, not the memory. */
const MOST_CELLS = 4_000_000;

interface Extent {
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
}

function extentOf(positions: Positions, indices: Uint32Array): Extent {
  let [lowX, lowY, highX, highY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let n = 0; n < indices.length; n++) {
    const at = (indices[n] ?? 0) * 3;
    const x = positions[at] ?? 0;
    const y = positions[at + 1] ?? 0;
    if (x < lowX) lowX = x;
    if (x > highX) highX = x;
    if (y < lowY) lowY = y;
    if (y > highY) highY = y;
  }
  return indices.length > 0
    ? { low: [lowX, lowY], high: [highX, highY] }
    : { low: [0, 0], high: [0, 0] };
}

export function allIndices(count: number): Uint32Array {
  const indices = new Uint32Array(count);
  for (let n = 0; n < count; n++) indices[n] = n;
  return indices;
}

/** Counting sort into cells, O(n); `indices` limits it to some of the points. */
export function buildGrid(
  positions: Positions,
  indices: Uint32Array = allIndices(positions.length / 3),
  cell_m: number = CELL_M,
): Grid {
  const { low, high } = extentOf(positions, indices);
  const [spanX, spanY] = [high[0] - low[0], high[1] - low[1]];
  const wide = Math.max(cell_m, Math.sqrt((spanX * spanY) / MOST_CELLS), spanX / MOST_CELLS);
  const nx = Math.floor(spanX / wide) + 1;
  const ny = Math.floor(spanY / wide) + 1;
  const cellOf = new Uint32Array(indices.length);
  const start = new Uint32Array(nx * ny + 1);
  for (let n = 0; n < indices.length; n++) {
    const at = (indices[n] ?? 0) * 3;
    const cx = Math.min(Math.floor(((positions[at] ?? 0) - low[0]) / wide), nx - 1);
    const cy = Math.min(Math.floor(((positions[at + 1] ?? 0) - low[1]) / wide), ny - 1);
    const cell = cy * nx + cx;
    cellOf[n] = cell;
    start[cell + 1] = (start[cell + 1] ?? 0) + 1;
  }
  for (let cell = 0; cell < nx * ny; cell++) {
    start[cell + 1] = (start[cell + 1] ?? 0) + (start[cell] ?? 0);
  }
  const next = start.slice(0, nx * ny);
  const order = new Uint32Array(indices.length);
  for (let n = 0; n < indices.length; n++) {
    const cell = cellOf[n] ?? 0;
    const slot = next[cell] ?? 0;
    order[slot] = indices[n] ?? 0;
    next[cell] = slot + 1;
  }
  return { cell_m: wide, origin_x_m: low[0], origin_y_m: low[1], nx, ny, start, order };
}

/** Calls back with every point in the cells that a rectangle touches: a superset of those in it. */
export function visitRectangle(
  grid: Grid,
  low: readonly [number, number],
  high: readonly [number, number],
  visit: (index: number) => void,
): void {
  const x0 = Math.max(Math.floor((low[0] - grid.origin_x_m) / grid.cell_m), 0);
  const y0 = Math.max(Math.floor((low[1] - grid.origin_y_m) / grid.cell_m), 0);
  const x1 = Math.min(Math.floor((high[0] - grid.origin_x_m) / grid.cell_m), grid.nx - 1);
  const y1 = Math.min(Math.floor((high[1] - grid.origin_y_m) / grid.cell_m), grid.ny - 1);
  if (x1 < x0) return;
  for (let cy = y0; cy <= y1; cy++) {
    const from = grid.start[cy * grid.nx + x0] ?? 0;
    const to = grid.start[cy * grid.nx + x1 + 1] ?? 0;
    for (let slot = from; slot < to; slot++) visit(grid.order[slot] ?? 0);
  }
}

/** Calls back with each point in the cuboid grown by a margin, with its place in the cuboid's own axes. */
export function visitCuboid(
  grid: Grid,
  positions: Positions,
  cuboid: Cuboid,
  margin_m: number,
  visit: (index: number, x: number, y: number, z: number) => void,
): void {
  const grown: Cuboid = {
    ...cuboid,
    size_m: [
      cuboid.size_m[0] + 2 * margin_m,
      cuboid.size_m[1] + 2 * margin_m,
      cuboid.size_m[2] + 2 * margin_m,
    ],
  };
  const [low, high] = planBounds(grown);
  const r = toMatrix(cuboid.quaternion_xyzw);
  const [cx, cy, cz] = cuboid.center_m;
  const [hl, hw, hh] = [grown.size_m[0] / 2, grown.size_m[1] / 2, grown.size_m[2] / 2];
  visitRectangle(grid, low, high, (index) => {
    const dx = (positions[index * 3] ?? 0) - cx;
    const dy = (positions[index * 3 + 1] ?? 0) - cy;
    const dz = (positions[index * 3 + 2] ?? 0) - cz;
    const x = r[0] * dx + r[3] * dy + r[6] * dz;
    if (x < -hl || x > hl) return;
    const y = r[1] * dx + r[4] * dy + r[7] * dz;
    if (y < -hw || y > hw) return;
    const z = r[2] * dx + r[5] * dy + r[8] * dz;
    if (z < -hh || z > hh) return;
    visit(index, x, y, z);
  });
}

/** Bounds seen from above of a cuboid however it is tilted. */
function planBounds(
  cuboid: Cuboid,
): readonly [readonly [number, number], readonly [number, number]] {
  const r = toMatrix(cuboid.quaternion_xyzw);
  const [l, w, h] = cuboid.size_m;
  const reachX = (Math.abs(r[0]) * l + Math.abs(r[1]) * w + Math.abs(r[2]) * h) / 2;
  const reachY = (Math.abs(r[3]) * l + Math.abs(r[4]) * w + Math.abs(r[5]) * h) / 2;
  const [x, y] = cuboid.center_m;
  return [
    [x - reachX, y - reachY],
    [x + reachX, y + reachY],
  ];
}

export function countInside(grid: Grid, positions: Positions, cuboid: Cuboid): number {
  let count = 0;
  visitCuboid(grid, positions, cuboid, 0, () => {
    count += 1;
  });
  return count;
}

export function indicesInside(
  grid: Grid,
  positions: Positions,
  cuboid: Cuboid,
  margin_m = 0,
): Uint32Array {
  const found: number[] = [];
  visitCuboid(grid, positions, cuboid, margin_m, (index) => found.push(index));
  return Uint32Array.from(found);
}
