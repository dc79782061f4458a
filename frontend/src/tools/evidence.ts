/** Which faces of a cuboid rest on points, and which are only assumed. */

import type { Cuboid } from "../core/types";
import type { PointCloud } from "../data/points";
import { FACES, type FaceName } from "../math/cuboid";
import { visitCuboid } from "../math/grid";

/** Points this near to a face, in or out, count for it. */
const REACH_M = 0.12;
/** So many points hold a face. */
export const FEWEST_POINTS = 3;

/** Points near each face. The bottom is held by the road where one is known. */
export function pointsByFace(
  cloud: PointCloud,
  cuboid_ego: Cuboid,
): Readonly<Record<FaceName, number>> {
  const counts: Record<FaceName, number> = {
    front: 0,
    rear: 0,
    left: 0,
    right: 0,
    top: 0,
    bottom: 0,
  };
  visitCuboid(cloud.aboveGround, cloud.positions, cuboid_ego, REACH_M, (_, x, y, z) => {
    const place = [x, y, z];
    for (const { name, axis, side } of FACES) {
      const gap = cuboid_ego.size_m[axis] / 2 - (place[axis] ?? 0) * side;
      if (Math.abs(gap) <= REACH_M) counts[name] += 1;
    }
  });
  return counts;
}

export function assumedFaces(
  cloud: PointCloud | null,
  cuboid_ego: Cuboid | null,
): ReadonlySet<FaceName> {
  if (!cloud || !cuboid_ego) return new Set();
  const counts = pointsByFace(cloud, cuboid_ego);
  const bare = FACES.filter(({ name }) => counts[name] < FEWEST_POINTS).map(({ name }) => name);
  return new Set(cloud.ground ? bare.filter((name) => name !== "bottom") : bare);
}
