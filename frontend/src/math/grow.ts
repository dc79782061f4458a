/** The points that hang together with a seed. */

import type { Vec3 } from "../core/types";
import { type Grid, type Positions, visitRectangle } from "./grid";

const SHORTEST_REACH_M = 0.25;
const LONGEST_REACH_M = 0.9;
const PITCHES = 3;

/** Distance at which neighbouring points of one surface still hang together: three times the spacing of rays there. */
export function growReach(range_m: number, pitch_rad: number): number {
  return Math.min(Math.max(PITCHES * range_m * pitch_rad, SHORTEST_REACH_M), LONGEST_REACH_M);
}

export interface GrowArgs {
  readonly reach_m: number;
  /** Give up when more points hang together than this. */
  readonly most?: number;
}

/** Indices of the points that a chain of steps of at most the reach joins to a seed, which need not be a point. */
export function grow(
  positions: Positions,
  grid: Grid,
  seed_m: Vec3,
  { reach_m, most = Number.POSITIVE_INFINITY }: GrowArgs,
): readonly number[] {
  const reached = new Set<number>();
  const front: number[] = [];
  const squared = reach_m * reach_m;
  const from = (x: number, y: number, z: number) => {
    visitRectangle(grid, [x - reach_m, y - reach_m], [x + reach_m, y + reach_m], (index) => {
      const dx = (positions[index * 3] ?? 0) - x;
      const dy = (positions[index * 3 + 1] ?? 0) - y;
      const dz = (positions[index * 3 + 2] ?? 0) - z;
      if (dx * dx + dy * dy + dz * dz > squared || reached.has(index)) return;
      reached.add(index);
      front.push(index);
    });
  };
  from(seed_m[0], seed_m[1], seed_m[2]);
  for (let next = front.pop(); next !== undefined; next = front.pop()) {
    if (reached.size > most) break;
    from(positions[next * 3] ?? 0, positions[next * 3 + 1] ?? 0, positions[next * 3 + 2] ?? 0);
  }
  return [...reached].sort((a, b) => a - b);
}
