/** Does a cuboid stand on the ground: ground.gap. */

import type { ClassLimits } from "../core/limits";
import type { Cuboid, Severity } from "../core/types";
import { fromBody, moved } from "../math/cuboid";
import { type Draft, grade } from "./draft";

/** Height of the bottom face's centre over the ground; nothing is said where the ground is unknown. */
export function checkGround(
  cuboid: Cuboid,
  ground_m: number | null,
  limits: ClassLimits,
  was: Severity | null = null,
): Draft | null {
  if (ground_m === null) return null;
  const gap = fromBody(cuboid, [0, 0, -cuboid.size_m[2] / 2])[2] - ground_m;
  const thresholds = { warn: limits.ground_warn_m, error: limits.ground_error_m };
  const graded = grade(Math.abs(gap), thresholds, was);
  if (!graded) return null;
  return {
    check: "ground.gap",
    severity: graded.severity,
    measured: gap,
    threshold: graded.threshold,
    unit: "m",
    words: gap > 0 ? "ground.gap.floats" : "ground.gap.sunk",
    parts: { gap_m: Math.abs(gap) },
    fixes: [
      {
        kind: "set_cuboid",
        words: "fix.ground",
        parts: { by: -gap },
        cuboid: moved(cuboid, [0, 0, -gap]),
      },
    ],
  };
}
