/** Where an object will be when its keys say nothing yet: on at the velocity of its nearest end. */

import { isCuboid, type Trajectory } from "../math/trajectory";
import { add, norm, scale } from "../math/vec";
import { trajectoryOf, worldKeys } from "./evaluate";
import type { AtNs, Cuboid, LabelledObject, Vec3 } from "./types";

/** Slower than this a thing may as well stand: its way says nothing about its heading. */
const SLOWEST_M_S = 0.7;
/** Shorter ways are noise. */
const SHORTEST_M = 0.5;

export interface Predicted {
  readonly cuboid: Cuboid;
  readonly velocity_m_s: Vec3;
  /** From its keys, or beyond their reach. */
  readonly beyond: boolean;
}

/** The object at any time: from its trajectory, else on at constant velocity from its nearest key. Null without keys. */
export function predict(object: LabelledObject, vehicle: boolean, at_ns: AtNs): Predicted | null {
  const trajectory = trajectoryOf(object, vehicle);
  const found = trajectory.at(at_ns);
  if (found) return { ...found, beyond: false };
  const nearest = worldKeys(object)
    .filter((key) => !key.absent && key.geometry !== null)
    .reduce<AtNs | null>(
      (best, key) =>
        best !== null && Math.abs(best - at_ns) <= Math.abs(key.at_ns - at_ns) ? best : key.at_ns,
      null,
    );
  return nearest === null ? null : extrapolated(trajectory, nearest, at_ns);
}

function extrapolated(trajectory: Trajectory, from_ns: AtNs, at_ns: AtNs): Predicted | null {
  const start = trajectory.at(from_ns);
  if (!start) return null;
  const moved = scale(start.velocity_m_s, (at_ns - from_ns) / 1e9);
  return {
    cuboid: { ...start.cuboid, center_m: add(start.cuboid.center_m, moved) },
    velocity_m_s: start.velocity_m_s,
    beyond: true,
  };
}

/** The heading that an object's way shows at a time, in the world; null when it hardly moves. */
export function headingFromMotion(
  object: LabelledObject,
  vehicle: boolean,
  at_ns: AtNs,
): number | null {
  const keys = worldKeys(object).flatMap((key) =>
    isCuboid(key.geometry) && !key.absent ? [{ at_ns: key.at_ns, at: key.geometry.center_m }] : [],
  );
  const before = keys.findLast((key) => key.at_ns < at_ns) ?? keys[0];
  const after = keys.find((key) => key.at_ns > at_ns) ?? keys.at(-1);
  if (!before || !after || after.at_ns <= before.at_ns) return null;
  const way: Vec3 = [after.at[0] - before.at[0], after.at[1] - before.at[1], 0];
  const speed_m_s = (norm(way) * 1e9) / (after.at_ns - before.at_ns);
  if (norm(way) < SHORTEST_M || speed_m_s < SLOWEST_M_S) return null;
  const velocity = predict(object, vehicle, at_ns)?.velocity_m_s ?? way;
  const direction = Math.hypot(velocity[0], velocity[1]) > SLOWEST_M_S ? velocity : way;
  return Math.atan2(direction[1], direction[0]);
}
