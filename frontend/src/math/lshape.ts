/** Heading of a box-like object from the points of its visible sides. */

export type Flat = readonly (readonly [number, number])[];

/** Points nearer to an edge than the sensor's noise count alike. */
const FLOOR_M = 0.02;
const FINE_STEPS = 10;

export interface LShape {
  /** Direction of the first side, in [0, pi / 2). */
  readonly yaw_rad: number;
  /** Mean of 1 / distance to the nearest edge, the distance at least `FLOOR_M`. */
  readonly closeness: number;
}

/** Least and most of points along a yaw and across it (90 degrees to the left). */
export function sides(
  points: Flat,
  yaw_rad: number,
): { readonly low: readonly [number, number]; readonly high: readonly [number, number] } {
  const [c, s] = [Math.cos(yaw_rad), Math.sin(yaw_rad)];
  let [lowX, lowY, highX, highY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    const [along, across] = [x * c + y * s, -x * s + y * c];
    lowX = Math.min(lowX, along);
    highX = Math.max(highX, along);
    lowY = Math.min(lowY, across);
    highY = Math.max(highY, across);
  }
  return { low: [lowX, lowY], high: [highX, highY] };
}

function closenessAt(points: Flat, degrees: number): number {
  const yaw = (degrees * Math.PI) / 180;
  const { low, high } = sides(points, yaw);
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  let total = 0;
  for (const [x, y] of points) {
    const [along, across] = [x * c + y * s, -x * s + y * c];
    const nearest = Math.min(high[0] - along, along - low[0], high[1] - across, across - low[1]);
    // The floor is the same for all points, so their order does not matter.
    total += 1 / Math.max(nearest, FLOOR_M);
  }
  return total / points.length;
}

function best(points: Flat, angles: readonly number[]): { degrees: number; closeness: number } {
  let found = { degrees: 0, closeness: Number.NEGATIVE_INFINITY };
  for (const degrees of angles) {
    const closeness = closenessAt(points, degrees);
    if (closeness > found.closeness) found = { degrees, closeness };
  }
  return found;
}

/**
 * The yaw at which points lie closest to the edges of their bounding rectangle: every degree of a right angle, then
 * every tenth around the best (Zhang, Xu, Dong and Dolan, 2017). Throws RangeError for fewer than three points.
 */
export function lShape(points: Flat): LShape {
  if (points.length < 3) throw new RangeError("a heading needs at least three points");
  const mean = [0, 1].map((axis) => points.reduce((sum, p) => sum + (p[axis] ?? 0), 0));
  const [mx, my] = [(mean[0] ?? 0) / points.length, (mean[1] ?? 0) / points.length];
  const centred = points.map(([x, y]) => [x - mx, y - my] as const);
  const coarse = best(
    centred,
    Array.from({ length: 90 }, (_, n) => n),
  );
  const fine = best(
    centred,
    Array.from({ length: 2 * FINE_STEPS + 1 }, (_, n) => coarse.degrees + (n - FINE_STEPS) * 0.1),
  );
  const degrees = Math.round(fine.degrees * 10) / 10;
  const wrapped = ((degrees % 90) + 90) % 90;
  return { yaw_rad: (wrapped * Math.PI) / 180, closeness: fine.closeness };
}
