/** How finely a lidar looks: needed to know how far apart neighbours on one surface lie. */

import type { Positions } from "../math/grid";
import { median } from "../math/stats";

/** For lidars whose points do not name their ring; that of a 64-beam lidar, coarse side. */
export const USUAL_PITCH_RAD = 0.0075;
const SAMPLES = 20_000;

/** Angle between neighbouring rings, from points in the sensor's frame with their ring. */
export function ringPitch(positions: Positions, ring: Uint8Array | null): number {
  if (!ring) return USUAL_PITCH_RAD;
  const count = ring.length;
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const elevations = new Map<number, number[]>();
  for (let n = 0; n < count; n += step) {
    const x = positions[3 * n] ?? 0;
    const y = positions[3 * n + 1] ?? 0;
    const z = positions[3 * n + 2] ?? 0;
    const flat = Math.hypot(x, y);
    if (flat < 2) continue;
    const key = ring[n] ?? 0;
    const known = elevations.get(key) ?? [];
    known.push(Math.atan2(z, flat));
    elevations.set(key, known);
  }
  const middles = [...elevations.values()].map(median).sort((a, b) => a - b);
  const gaps = middles.slice(1).map((middle, n) => middle - (middles[n] ?? middle));
  return gaps.length > 0 ? median(gaps) : USUAL_PITCH_RAD;
}
