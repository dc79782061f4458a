/** A made-up street of points for the specs and the benchmarks: ground and the seen sides of boxes. */

import type { Cuboid, Vec3 } from "../core/types";
import { fromBody } from "../math/cuboid";
import { buildGrid } from "../math/grid";
import type { GroundRaster } from "../math/ground";
import { fromYaw } from "../math/quaternion";
import type { Cloud } from "./cloud";

export const LIDAR_M: Vec3 = [0, 0, 1.8];

export interface StreetArgs {
  readonly cars: readonly Cuboid[];
  readonly random: () => number;
  readonly groundPoints: number;
  /** Points a square metre on a face at 10 m. */
  readonly density?: number;
}

export function car(x: number, y: number, yaw: number, size_m: Vec3 = [4.5, 1.85, 1.5]): Cuboid {
  return { center_m: [x, y, size_m[2] / 2], quaternion_xyzw: fromYaw(yaw), size_m };
}

/** Points on the sides that look at the lidar, with 2 cm of noise, clear of the wheels. */
function seenPoints(box: Cuboid, random: () => number, density: number): readonly Vec3[] {
  const noise = () => (random() - 0.5) * 0.04;
  const [l, w, h] = box.size_m;
  const points: Vec3[] = [];
  for (const [axis, side] of [
    [0, 1],
    [0, -1],
    [1, 1],
    [1, -1],
  ] as const) {
    const middle: Vec3 = axis === 0 ? [(side * l) / 2, 0, 0] : [0, (side * w) / 2, 0];
    const outward: Vec3 = axis === 0 ? [side, 0, 0] : [0, side, 0];
    const at = fromBody(box, middle);
    const way = fromBody({ ...box, center_m: [0, 0, 0] }, outward);
    const facing = way[0] * (LIDAR_M[0] - at[0]) + way[1] * (LIDAR_M[1] - at[1]);
    if (facing <= 0) continue;
    const range = Math.hypot(at[0], at[1]);
    const width = axis === 0 ? w : l;
    const count = Math.round((density * width * h * 100) / (range * range));
    for (let n = 0; n < count; n++) {
      const along = (random() - 0.5) * width;
      const up = (random() * 0.85 - 0.35) * h;
      const local: Vec3 = axis === 0 ? [middle[0], along, up] : [along, middle[1], up];
      const [x, y, z] = fromBody(box, local);
      points.push([x + noise(), y + noise(), z + noise()]);
    }
  }
  return points;
}

export const FLAT: GroundRaster = {
  nx: 320,
  ny: 320,
  cell_m: 0.5,
  origin_x_m: -80,
  origin_y_m: -80,
  height_mm: new Int16Array(320 * 320),
};

export function street({ cars, random, groundPoints, density = 220 }: StreetArgs): Cloud {
  const road = Array.from({ length: groundPoints }, (): Vec3 => {
    const range = 3 + 60 * random() ** 2;
    const angle = 2 * Math.PI * random();
    return [range * Math.cos(angle), range * Math.sin(angle), (random() - 0.5) * 0.04];
  });
  const points = [...road, ...cars.flatMap((box) => seenPoints(box, random, density))];
  const positions = new Float32Array(points.length * 3);
  points.forEach((point, n) => {
    positions.set(point, 3 * n);
  });
  const above = Uint32Array.from(points.flatMap((point, n) => (point[2] >= 0.2 ? [n] : [])));
  return {
    positions,
    grid: buildGrid(positions),
    aboveGround: buildGrid(positions, above),
    ground: FLAT,
  };
}
