/** The range of sizes that the guideline gives a class. */

import type { LabelClass } from "../core/types";

const NAMES = ["length_m", "width_m", "height_m"] as const;

export function sizeRange(
  labelClass: LabelClass,
  axis: 0 | 1 | 2,
): readonly [number, number] | null {
  const range = labelClass.limits[NAMES[axis]];
  if (!Array.isArray(range)) return null;
  const [low, high] = range;
  return typeof low === "number" && typeof high === "number" ? [low, high] : null;
}
